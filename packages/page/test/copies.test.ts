/** Tables copied, charts saved, from a page on the disk. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inflateSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { scoreBars } from "../../../lib/show/charts";
import { tableHtml } from "../../../lib/show/tables";
import { openBrowser } from "../../../test/browser";
import { VEGALITE_MIME } from "../../notebook";
import { Html, html, partPage, renderFigure } from "..";

const rows = [
  { "system\nname": 'A & "B", 50 %', F1: "−0.10\n−0.2 to 0.1" },
  { "system\nname": "C_1 | 画風", F1: "+0.20\n0.1 to 0.3" },
];
const chart = scoreBars([{ testSet: "ギャグ", system: "last", value: 0.5, low: 0.4, high: 0.6 }], {
  title: "Bars",
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
  writeFileSync(file, partPage({ name: "a", title: "t", body }));
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
  assert.match(download.suggestedFilename(), new RegExp(`^Bars\\.${form.toLowerCase()}$`));
  return readFileSync(await download.path());
};

inBrowser("a table is copied as CSV with quotes where they must be", async () =>
  assert.equal(
    await copied("CSV"),
    'system name,F1\r\n"A & ""B"", 50 %",−0.10 −0.2 to 0.1\r\nC_1 | 画風,+0.20 0.1 to 0.3',
  ),
);

inBrowser("a table is copied as Markdown", async () =>
  assert.equal(
    await copied("Markdown"),
    '| system name | F1 |\n| --- | ---: |\n| A & "B", 50 % | −0.10 −0.2 to 0.1 |\n| C_1 \\| 画風 | +0.20 0.1 to 0.3 |',
  ),
);

inBrowser("a table is copied as LaTeX with booktabs, TeX's own characters escaped", async () => {
  const text = await copied("LaTeX");
  assert.match(
    text,
    /\\caption\{50 \\% \\& more\}\n\\begin\{tabular\}\{lr\}\n\\toprule\nsystem name & F1 \\\\/,
  );
  assert.match(text, /A \\& "B", 50 \\% & \$-\$0\.10 \$-\$0\.2 to 0\.1 \\\\\nC\\_1 \| 画風 &/);
});

inBrowser(
  "a text that looks like a formula is copied as a text, a number with its interval as it is",
  async () => {
    await page.evaluate(`document.querySelectorAll("tbody th")[0].textContent = "=HYPERLINK(1)";
    document.querySelectorAll("tbody th")[1].textContent = "-2+cmd|' /C calc'!A0"`);
    assert.equal(
      await copied("CSV"),
      "system name,F1\r\n'=HYPERLINK(1),−0.10 −0.2 to 0.1\r\n'-2+cmd|' /C calc'!A0,+0.20 0.1 to 0.3",
    );
  },
);

inBrowser("a chart is saved as SVG and as PNG", async () => {
  assert.match((await saved("SVG")).toString(), /^<svg.*ギャグ/s);
  assert.equal((await saved("PNG")).subarray(1, 4).toString(), "PNG");
});

inBrowser("a chart is saved as a PDF whose picture has as many bytes as its size says", async () => {
  const pdf = await saved("PDF");
  const text = pdf.toString("latin1");
  const [, width, height, length] = /\/Width (\d+)\/Height (\d+).*?\/Length (\d+)>>stream\n/.exec(text)!;
  const from = text.indexOf("stream\n", text.indexOf("/Width")) + 7;
  const pixels = inflateSync(pdf.subarray(from, from + Number(length)));
  assert.equal(pixels.length, Number(width) * Number(height) * 3);
  const at = Number(/startxref\n(\d+)/.exec(text)![1]);
  assert.equal(text.slice(at, at + 4), "xref");
  assert.equal(text.slice(Number(/\n(\d{10}) 00000 n/.exec(text)![1])).slice(0, 7), "1 0 obj");
});
