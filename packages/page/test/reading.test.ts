/** A page read on a phone, in the dark, by keyboard and by a screen reader: axe-core, all levels. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { openBrowser } from "../../../test/browser";
import { ANSWER_MIME, LINES_MIME, type Output, VEGALITE_MIME } from "../../notebook";
import { code, markdown, notebook } from "../../notebook/test/sample";
import { notebookPart, renderPage } from "..";
import { PIXEL } from "./sample";

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const bars = {
  width: 320,
  mark: "bar",
  encoding: { x: { field: "F1", type: "quantitative" }, y: { field: "system", type: "nominal" } },
};
const SPEC = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  description: "Two panels of one bar each: 0.8.",
  data: { values: [{ system: "BERT last", F1: 0.8, testSet: "ギャグ" }] },
  hconcat: [bars, bars],
};
const LINES = {
  labels: ["other", "喜楽"],
  texts: ["やった！"],
  tests: [{ name: "ギャグ", items: [0], gold: "1" }],
  runs: [{ system: "BERT last", test: 0, seed: 1, predicted: "1" }],
};
const cells = ["a long heading of a column", ...Array.from({ length: 12 }, (_, i) => `column ${i}`)].map(
  (name) => `<th scope="col">${name}</th>`,
);
const WIDE = `<table><caption>A caption that is longer than a phone is wide, so that it has to wrap there</caption>
<thead><tr>${cells.join("")}</tr></thead>
<tbody><tr><th scope="row">BERT last + 3MLP</th>${"<td style='text-align: right'>0.725</td>".repeat(12)}</tr></tbody></table>`;

const display = (data: Output["data"], metadata = {}): Output => ({
  output_type: "display_data",
  data,
  metadata,
});
const outputs = [
  display({ [LINES_MIME]: LINES, "text/plain": "lines" }),
  display(
    { [VEGALITE_MIME]: SPEC, "image/png": PIXEL, "text/plain": "bars" },
    { komalab: { caption: { en: "F1 of each system.", ja: "各条件の F1。" } } },
  ),
  display({ "text/html": WIDE, "text/plain": "table" }),
  display({ [ANSWER_MIME]: { en: "It is.", ja: "そうです。", short: ".80" }, "text/plain": "It is." }),
];
const folder = mkdtempSync(join(tmpdir(), "komalab-reading-")),
  file = join(folder, "page.html");
writeFileSync(
  file,
  renderPage(
    notebookPart(
      notebook([
        markdown("# 凍結方法の比較\n\n**Question.** Does it?\n\n**問い。** どうか。"),
        ...["Settings / 設定", "Data / データ", "Results / 結果"].map((name) => markdown(`## ${name}`)),
        { ...code("show(1);"), outputs },
      ]),
      { name: "01-test", folder, settings: [], failure: undefined, facts: "today" },
    ),
  ),
);

after(() => rmSync(folder, { recursive: true, force: true }));

interface Screen {
  readonly width: number;
  readonly colorScheme?: "light" | "dark";
}

/** A test on the page as a screen shows it, in a browser of its own: this one ends with its last page. */
const onScreen = (name: string, { width, colorScheme }: Screen, work: (page: Page) => Promise<void>) =>
  test(name, async (context) => {
    const browser = await openBrowser();
    if (typeof browser === "string") return context.skip(browser);
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, bypassCSP: true });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector("figure.chart svg");
    await work(page).finally(() => browser.close());
  });

for (const [where, screen] of Object.entries({
  "on a desk": { width: 1280 },
  "on a phone": { width: 390 },
  "in the dark": { width: 1280, colorScheme: "dark" },
} as const))
  onScreen(`axe-core finds nothing of any level ${where}`, screen, async (page) => {
    await page.evaluate(axe);
    const found = await page.evaluate(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))",
    );
    assert.deepEqual(found, []);
  });

onScreen("on a phone panels stand below each other, none moved sideways", { width: 390 }, async (page) => {
  const [left, right] = await Promise.all(
    [0, 1].map((i) => page.locator("figure.chart svg .mark-rect.role-mark").nth(i).boundingBox()),
  );
  assert.ok(right!.y > left!.y + left!.height, JSON.stringify([left, right]));
  const wider = await page.locator("figure.chart").evaluate((one) => one.scrollWidth - one.clientWidth);
  assert.ok(wider <= 0, String(wider));
});

onScreen("on a phone the caption of a wide table is as wide as the screen", { width: 390 }, async (page) => {
  const { width } = (await page.locator("caption").boundingBox())!;
  assert.ok(width <= 390 && width > 300, String(width));
});

onScreen("the contents lead to the sections", { width: 1280 }, async (page) => {
  await page.locator(".contents a").nth(2).click();
  assert.match(page.url(), /#section-3$/);
  assert.equal(await page.locator("h2#section-3").innerText(), "結果");
});
