/** The lines behind bars and cells, in a browser that opens the page from the disk. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { confusionMatrix, scoreBars } from "../../../lib/show/charts";
import { clickable, confusionCells, linesBehind, scorePanels } from "../../../lib/show/lines";
import type { Bundle, Chart } from "../../../lib/show/style";
import { openBrowser } from "../../../test/browser";
import { type Cell, VEGALITE_MIME } from "../../notebook";
import { code, notebook } from "../../notebook/test/sample";
import { notebookPart, renderPage } from "..";
import { PIXEL } from "./sample";

const texts = ["なんでやねん！", "雨か…</script>", "やった！", "眠い。"].map((text, i) => ({
  id: `l${i}`,
  text,
}));
const run = { system: "last", testSet: "ギャグ", items: ["l0", "l1", "l2"], gold: [0, 0, 1] };
const judged = [
  { ...run, seed: 1, predicted: [0, 1, 0] },
  { ...run, seed: 2, predicted: [0, 1, 1] },
  { ...run, seed: 3, predicted: [1, 0, 1] },
  { ...run, system: "TF-IDF", seed: null, predicted: [0, 0, 0] },
  { system: "last", testSet: "萌え系", seed: 1, items: ["l3"], gold: [0], predicted: [0] },
];
const score = { system: "last", value: 0.5, low: 0.4, high: 0.6 };
const cells = confusionMatrix(
  [
    {
      name: "last",
      counts: [
        [2, 1],
        [1, 0],
      ],
    },
  ],
  { title: "t", labels: ["not 喜楽", "喜楽"] },
);
const bars = scoreBars(
  [
    { testSet: "ギャグ", ...score, system: "TF-IDF" },
    { testSet: "ギャグ", ...score },
    { testSet: "萌え系", ...score },
    { testSet: "未知", ...score },
  ],
  { title: "t" },
);

const cell = (data: Bundle): Cell => ({
  ...code("show();"),
  outputs: [{ output_type: "display_data", data, metadata: {} }],
});
const drawn = (chart: Chart) => cell({ [VEGALITE_MIME]: chart, "image/png": PIXEL });
const sample = notebook([
  cell(linesBehind(judged, { texts, labels: ["not 喜楽", "喜楽"] })),
  drawn(clickable(cells, { ...confusionCells, seed: 1 })),
  drawn(clickable(bars, scorePanels)),
]);

let folder = "";
let browser: Browser | string = "";
let page: Page;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "komalab-lines-"));
  browser = await openBrowser();
  if (typeof browser === "string") return;
  page = await browser.newPage();
  const file = join(folder, "page.html");
  const part = notebookPart(sample, { name: "01", folder, settings: [], failure: undefined, facts: "" });
  writeFileSync(file, renderPage({ ...part, language: "en" }));
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector("figure:nth-of-type(2) .behind select");
});
after(async () => {
  if (typeof browser !== "string") await browser.close();
  rmSync(folder, { recursive: true });
});

const inBrowser = (name: string, work: () => Promise<void>) =>
  test(name, async (context) => (typeof browser === "string" ? context.skip(browser) : work()));
const figure = (number: number) => page.locator("figure.chart").nth(number);
/**
 * A click near the corner of a mark, where nothing is written; the box is 10 px larger on each side than a
 * stroked rectangle.
 */
async function click(marks: string, number: number, inset = 15): Promise<void> {
  await page.locator(marks).nth(number).scrollIntoViewIfNeeded();
  const box = (await page.locator(marks).nth(number).boundingBox())!;
  await page.mouse.click(box.x + inset, box.y + inset);
}
const rows = async (number: number) =>
  (await figure(number).locator(".list tbody tr").allInnerTexts()).map((row) => row.split("\t"));

inBrowser("a click on a cell lists its lines, those of the seed that the chart counts", async () => {
  await click("figure:nth-of-type(1) .mark-rect path", 0); // gold not 喜楽, predicted not 喜楽
  assert.deepEqual(
    (await rows(0)).sort(),
    [
      ["なんでやねん！", "ギャグ", "not 喜楽", "not 喜楽", "2 of 3"],
      ["眠い。", "萌え系", "not 喜楽", "not 喜楽", "1 of 1"],
    ].sort(),
  );
  assert.match(
    await figure(0).locator(".list p").innerText(),
    /last · gold not 喜楽 · predicted not 喜楽 · 2 lines, 0 wrong, as predicted with seed 1/,
  );
});

inBrowser("a click on the number in a cell chooses the cell, an empty cell has no list", async () => {
  await click("figure:nth-of-type(1) .mark-text.child_layer_1_marks text", 1, 3);
  assert.deepEqual(await rows(0), [["雨か…</script>", "ギャグ", "not 喜楽", "喜楽", "2 of 3"]]);
  await click("figure:nth-of-type(1) .mark-rect path", 3);
  assert.deepEqual(await rows(0), []);
});

inBrowser("a click on a bar lists its test set as most seeds predict, wrong lines first", async () => {
  await click("figure:nth-of-type(2) .mark-rect path", 1, 5);
  assert.deepEqual(await rows(1), [
    ["雨か…</script>", "not 喜楽", "喜楽", "2 of 3"],
    ["なんでやねん！", "not 喜楽", "not 喜楽", "2 of 3"],
    ["やった！", "喜楽", "喜楽", "2 of 3"],
  ]);
});

inBrowser(
  "keys reach every bar that has lines: it is chosen below the chart, marked in it, and left with Escape",
  async () => {
    const choice = figure(1).locator("select");
    await page.keyboard.press("Escape");
    await choice.focus();
    await choice.selectOption({ label: "萌え系 · last (1)" });
    assert.deepEqual(await rows(1), [["眠い。", "not 喜楽", "not 喜楽", "1 of 1"]]);
    const marked = () => figure(1).locator('.mark-rect path[stroke="#000000"]').count();
    assert.equal(await marked(), 1);
    assert.equal(await choice.locator("option").count(), 4); // none for a panel without lines
    await page.keyboard.press("Escape");
    assert.deepEqual([await rows(1), await marked()], [[], 0]);
  },
);

inBrowser("a system without seeds has none to agree", async () => {
  await figure(1).locator("select").selectOption({ label: "ギャグ · TF-IDF (3)" });
  assert.deepEqual(await rows(1), [
    ["やった！", "喜楽", "not 喜楽"],
    ["なんでやねん！", "not 喜楽", "not 喜楽"],
    ["雨か…</script>", "not 喜楽", "not 喜楽"],
  ]);
  assert.match(await figure(1).locator(".list p").innerText(), /3 lines, 1 wrong$/);
});

inBrowser("an open list fits a phone", async () => {
  await figure(0).locator("select").selectOption({ index: 1 });
  await page.setViewportSize({ width: 380, height: 700 });
  assert.ok(Number(await page.evaluate("document.documentElement.scrollWidth")) <= 380);
});
