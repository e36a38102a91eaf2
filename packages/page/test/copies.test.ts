/** Tables copied, charts saved, from a page on the disk. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { scoreBars } from "../../../lib/show/charts";
import { tableHtml } from "../../../lib/show/tables";
import { openBrowser } from "../../../test/browser";
import { VEGALITE_MIME } from "../../notebook";
import { textOfPdf } from "../../print/test/text";
import { Html, html, renderFigure, renderPage } from "..";

const rows = [
  { "system\nname": 'A & "B", 50 %', F1: "−0.10\n−0.2 to 0.1", n: -3 },
  { "system\nname": "C_1 | 画風", F1: "+0.20\n0.1 to 0.3", n: 4 },
];
const chart = scoreBars([{ testSet: "ギャグ", system: "last", value: 0.5, low: 0.4, high: 0.6 }], {
  title: "正解率の棒グラフ",
});

let folder = "";
let browser: Browser | string = "";
let page: Page;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "komalab-copies-"));
  browser = await openBrowser();
  if (typeof browser === "string") return;
  const file = join(folder, "page.html");
  const figure = renderFigure(
    { output_type: "display_data", data: { [VEGALITE_MIME]: chart }, metadata: {} },
    { chart: true, picture: false },
  );
  const body = html`<div class="table">${new Html(tableHtml(rows, { caption: "50 % & more" }))}</div>${figure}`;
  writeFileSync(file, renderPage({ title: "t", body }));
  page = await (await browser.newContext({ acceptDownloads: true })).newPage();
  await page.goto(pathToFileURL(file).href);
  // what a page from the disk may write to the clipboard, no test may read everywhere
  await page.evaluate(`navigator.clipboard.writeText = async (text) => { window.copied = text; }`);
});
after(async () => {
  if (typeof browser !== "string") await browser.close();
  rmSync(folder, { recursive: true });
});
const inBrowser = (name: string, work: () => Promise<void>) =>
  test(name, async (context) => (typeof browser === "string" ? context.skip(browser) : work()));
const copied = async (form: string): Promise<string> => {
  await page.locator(".table .copies button", { hasText: form }).click();
  await page.locator(".table .copies button", { hasText: "✓" }).first().waitFor();
  return (await page.evaluate("window.copied")) as string;
};
const saved = async (form: string): Promise<Buffer> => {
  const waits = page.waitForEvent("download");
  await page.locator("figure .copies button", { hasText: form }).click();
  const download = await waits;
  assert.match(download.suggestedFilename(), new RegExp(`^正解率の棒グラフ\\.${form.toLowerCase()}$`));
  return readFileSync(await download.path());
};

inBrowser(
  "a table is copied as CSV with quotes where they must be, numbers below zero as programs read them",
  async () =>
    assert.equal(
      await copied("CSV"),
      'system name,F1,n\r\n"A & ""B"", 50 %",−0.10 −0.2 to 0.1,-3\r\nC_1 | 画風,+0.20 0.1 to 0.3,4',
    ),
);

inBrowser("a table is copied as Markdown", async () =>
  assert.equal(
    await copied("Markdown"),
    '| system name | F1 | n |\n| --- | ---: | ---: |\n| A & "B", 50 % | −0.10 −0.2 to 0.1 | −3 |\n| C_1 \\| 画風 | +0.20 0.1 to 0.3 | 4 |',
  ),
);

inBrowser("a table is copied as LaTeX with booktabs, TeX's own characters escaped", async () => {
  const text = await copied("LaTeX");
  assert.match(
    text,
    /\\caption\{50 \\% \\& more\}\n\\begin\{tabular\}\{lrr\}\n\\toprule\nsystem name & F1 & n \\\\/,
  );
  assert.match(text, /A \\& "B", 50 \\% & \$-\$0\.10 \$-\$0\.2 to 0\.1 & \$-\$3 \\\\\nC\\_1 \| 画風 &/);
});

inBrowser(
  "a text that looks like a formula is copied as a text, a number with its interval as it is",
  async () => {
    await page.evaluate(`document.querySelectorAll("tbody th")[0].textContent = "=HYPERLINK(1)";
    document.querySelectorAll("tbody th")[1].textContent = "-2+cmd|' /C calc'!A0"`);
    assert.equal(
      await copied("CSV"),
      "system name,F1,n\r\n'=HYPERLINK(1),−0.10 −0.2 to 0.1,-3\r\n'-2+cmd|' /C calc'!A0,+0.20 0.1 to 0.3,4",
    );
  },
);

inBrowser("a chart is saved as SVG and as PNG", async () => {
  assert.match((await saved("SVG")).toString(), /^<svg.*ギャグ/s);
  assert.equal((await saved("PNG")).subarray(1, 4).toString(), "PNG");
});

inBrowser("a chart is printed alone, on one page of its size, with words that can be searched", async () => {
  await page.evaluate(`window.print = () => { window.printed = document.title; }`);
  await page.locator("figure .copies button", { hasText: "PDF" }).click();
  await page.locator("figure .copies button", { hasText: "PDF ✓" }).waitFor();
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const size = (await page.evaluate(
    `(({ width, height }) => [width, height].map(Math.ceil))(document.querySelector("figure svg.marks").getBoundingClientRect())`,
  )) as [number, number];
  const text = pdf.toString("latin1"),
    boxes = [...text.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
  assert.equal(boxes.length, 1);
  for (const [i, points] of boxes[0]!.slice(1).entries())
    assert.ok(Math.abs(Number(points) / 0.75 - size[i]!) <= 1, `${boxes[0]![0]} of ${size}`);
  const words = textOfPdf(pdf);
  assert.ok(words.includes("正解率の棒グラフ") && words.includes("ギャグ"), words);
  assert.doesNotMatch(words, /画風|CSV/);
  assert.doesNotMatch(text, /\/Subtype \/Image/);
  assert.equal(await page.evaluate("window.printed"), "正解率の棒グラフ");
});

inBrowser("after printing the page is what it was", async () => {
  await page.evaluate(`window.dispatchEvent(new Event("afterprint"))`);
  assert.deepEqual(
    await page.evaluate(
      `[document.title, document.querySelectorAll(".sheet").length, document.documentElement.className]`,
    ),
    ["t", 0, ""],
  );
});
