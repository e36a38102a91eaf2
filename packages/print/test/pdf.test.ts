/** What a PDF of a report holds besides its look. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { scoreBars } from "../../../lib/show/charts";
import { openBrowser } from "../../../test/browser";
import { VEGALITE_MIME } from "../../notebook";
import { html, renderFigure } from "../../page";
import { printPdf } from "..";
import { textOfPdf } from "./text";

/** Of the Kyoiku kanji of the first grades, those that some fonts give back as radicals among them. */
const KANJI =
  "一右雨円王音下火花貝学気九休玉金空月犬見五口校左三山子四糸字耳七車手十出女小上森人水正生青夕石赤千川先早草足村大男竹中虫町天田土二日入年白八百文木本名目立力林六引羽雲園遠何科夏家歌画回会海絵外角楽活間丸岩顔汽記帰弓牛魚京強教近兄形計元言原戸古午後語工公広交光考行高黄合谷国黒今才細作算止市矢姉思紙寺自時室社弱首秋週春書少場色食心新親図数西声星晴切雪船線前組走多太体台地池知茶昼長鳥朝直通弟店点電刀冬当東答頭同道読内南肉馬売買麦半番父風分聞米歩母方北毎妹万明鳴毛門夜野友用曜来里理話";

const chart = scoreBars([{ testSet: "ギャグ", system: "last", value: 0.5, low: 0.4, high: 0.6 }], {
  title: "棒グラフ",
});
const figure = renderFigure(
  { output_type: "display_data", data: { [VEGALITE_MIME]: chart }, metadata: {} },
  { chart: true },
);
const parts = [
  {
    name: "01",
    title: "一",
    body: html`<h1>最初の節</h1><nav>案内</nav><p>${KANJI}</p>
<details class="code"><summary>Code</summary><pre>const hidden = 1;</pre></details>
<details><summary>全部の数</summary><table><tr><th>畳まれた表</th></tr></table></details>${figure}`,
  },
  { name: "02", title: "二", body: html`<h1>次の節</h1><h2>その結果</h2><a href="01.html">前</a>` },
];

let browser: Browser | string = "";
let pdf: Buffer, text: string, letters: string;
before(async () => {
  browser = await openBrowser({ japaneseFont: "own name" });
  if (typeof browser === "string") return;
  pdf = await printPdf(browser, "進捗報告", parts);
  text = pdf.toString("latin1");
  letters = textOfPdf(pdf);
});
after(async () => {
  if (typeof browser !== "string") await browser.close();
});
const inBrowser = (name: string, work: () => void) =>
  test(name, (context) => (typeof browser === "string" ? context.skip(browser) : work()));
const utf16 = (words: string) =>
  `FEFF${[...words].map((letter) => letter.charCodeAt(0).toString(16).padStart(4, "0")).join("")}`.toUpperCase();

inBrowser("what is copied of more than 200 common kanji is what was written", () => {
  assert.ok([...KANJI].length >= 200);
  assert.ok(letters.includes(KANJI), letters.slice(0, 400));
});

inBrowser("folded tables are written out, code and navigation are left out", () => {
  assert.ok(letters.includes("全部の数畳まれた表"));
  assert.doesNotMatch(letters, /hidden|案内/);
});

inBrowser("each part begins on a page of its own, A4, with its number", () => {
  assert.equal(text.match(/\/Type \/Page\n/g)?.length, 2);
  assert.match(text, /\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
  assert.ok(letters.includes("進捗報告1/2") && letters.includes("進捗報告2/2"), letters);
});

inBrowser("it is tagged, with a title and bookmarks of the headings", () => {
  assert.match(text, /\/MarkInfo <<\/Type \/MarkInfo\n\/Marked true/);
  assert.match(text, /\/Outlines \d+ 0 R/);
  const upper = text.toUpperCase();
  for (const heading of ["最初の節", "その結果", "進捗報告"])
    assert.ok(upper.includes(utf16(heading)), heading);
});

inBrowser("a chart is told in words to those who cannot see it, and its own words are text", () => {
  assert.match(text, /\/Alt/);
  assert.ok(letters.includes("棒グラフ"));
});
