/** One file with all pages of the built-in report, in a browser without a network. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { projectRoot } from "../../../lib/support/files";
import { openBrowser } from "../../../test/browser";
import { readNotebook } from "../../notebook";
import { html, mailPage, notebookPart } from "..";

const notebooks = join(projectRoot, "notebooks");
const names = readdirSync(notebooks)
  .filter((file) => /^\d\d-.*\.ipynb$/.test(file))
  .map((file) => file.slice(0, -6));
const parts = names.map((name) =>
  notebookPart(readNotebook(join(notebooks, `${name}.ipynb`)), {
    name,
    folder: notebooks,
    settings: [],
    failure: undefined,
    facts: "",
    pictures: false,
  }),
);
const index = {
  name: "index",
  title: "index",
  body: html`<h1>All</h1>${names.map((name) => html`<a href="${name}.html">${name}</a> <a href="${name}.ipynb">file</a> `)}`,
};

let folder = "",
  file = "";
let browser: Browser | string = "";
let page: Page;
const asked: string[] = [],
  faults: string[] = [];
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "komalab-mail-"));
  file = join(folder, "report-mail.html");
  writeFileSync(file, mailPage("All", [index, ...parts]));
  browser = await openBrowser();
  if (typeof browser === "string") return;
  const context = await browser.newContext({ offline: true, acceptDownloads: true });
  page = await context.newPage();
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) asked.push(request.url());
  });
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await page.goto(pathToFileURL(file).href);
});
after(async () => {
  if (typeof browser !== "string") await browser.close();
  rmSync(folder, { recursive: true });
});
const inBrowser = (name: string, work: () => Promise<void>) =>
  test(name, async (context) => (typeof browser === "string" ? context.skip(browser) : work()));

test("the built-in report is one file of at most 12 MB without a picture where a chart is drawn", () => {
  const { size } = statSync(file);
  assert.ok(size <= 12e6, `${size} bytes`);
  assert.doesNotMatch(readFileSync(file, "utf8"), /<figure class="chart"[^>]*>\s*<img/);
});

inBrowser(
  "it opens with the index; a link leads to a page within it, a link to a file is plain words",
  async () => {
    assert.equal(await page.locator("section:visible").getAttribute("data-page"), "index");
    const toFiles = ["ipynb", "html"].map((ending) => `a[href$=".${ending}"]:not([href^="https:"])`);
    assert.equal(await page.locator(toFiles.join(", ")).count(), 0);
    await page.locator('section:visible a[href="#02-review-sentiment"]').click();
    await page.waitForSelector('section[data-page="02-review-sentiment"]:visible');
    assert.equal(await page.locator("section:visible").count(), 1);
  },
);

inBrowser("its charts are drawn, and a choice of a bar lists the lines behind it", async () => {
  const shown = 'section[data-page="02-review-sentiment"]';
  await page.waitForSelector(`${shown} figure.chart svg.marks`);
  const choice = page.locator(`${shown} .behind select`).first();
  await choice.selectOption({ index: 1 });
  assert.ok((await page.locator(`${shown} .behind tbody tr`).count()) > 0);
});

inBrowser("nothing is asked of a network and nothing fails", async () => {
  assert.deepEqual([asked, faults], [[], []]);
});

inBrowser("a phone shows it without moving sideways", async () => {
  await page.setViewportSize({ width: 390, height: 800 });
  assert.ok(Number(await page.evaluate("document.documentElement.scrollWidth")) <= 390);
});
