/** What a page says in two languages, and the buttons that choose one. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../../../test/browser";
import { type Output, VEGALITE_MIME } from "../../notebook";
import { code, markdown, notebook } from "../../notebook/test/sample";
import { Html, notebookPart, partIn, renderMarkdown, renderPage, translated } from "..";
import { PIXEL } from "./sample";

const shown = (source: string) => renderMarkdown(source, {}, ".").text.replace(/\n/g, "");
const en = (tag: string, words: string) => `<${tag} lang="en" data-in="en">${words}</${tag}>`;
const ja = (tag: string, words: string) => `<${tag} lang="ja" data-in="ja">${words}</${tag}>`;

test("blocks of a cell in English and in Japanese are marked, code in them stays", () => {
  assert.equal(
    shown("It is `x`.\n\n- one\n\nそれは `x` である。"),
    en("p", "It is <code>x</code>.") + en("ul", "<li>one</li>") + ja("p", "それは <code>x</code> である。"),
  );
});

test("what is said in one language alone is shown in both", () => {
  assert.equal(shown("It is 「ミナミ：先輩、…」 alone."), "<p>It is 「ミナミ：先輩、…」 alone.</p>");
});

test("a heading has a name in each language", () => {
  assert.equal(shown("## Data / データ"), `<h2>${en("span", "Data")}${ja("span", "データ")}</h2>`);
  assert.equal(shown("## input / output"), "<h2>input / output</h2>");
});

test("sections are in both languages each by itself", () => {
  assert.match(
    shown("Alone.\n\n### B / か\n\nBoth.\n\n両方である。"),
    /^<p>Alone\.<\/p>.*<p lang="en" data-in="en">Both/,
  );
});

test("an English sentence and a Japanese one in one paragraph are two", () => {
  assert.equal(
    shown("> **Practice** data, as it says in 1.5. これは練習用である。"),
    en("blockquote", "<p><strong>Practice</strong> data, as it says in 1.5.</p>") +
      ja("blockquote", "<p>これは練習用である。</p>"),
  );
});

const known: Readonly<Record<string, string>> = { "test set": "テスト集合", "a & b": "甲と乙" };
const translate = (text: string) => known[text];

test("a text that is known stands in both languages; code, scripts and what is in one language stay", () => {
  const said = translated(
    new Html(
      '<th>test set</th><td>a &amp; b</td><code>test set</code><script>test set</script><p lang="en" data-in="en"><b>test set</b></p>',
    ),
    translate,
  ).text;
  assert.equal(
    said,
    `<th>${en("span", "test set")}${ja("span", "テスト集合")}</th><td>${en("span", "a &amp; b")}${ja("span", "甲と乙")}</td><code>test set</code><script>test set</script><p lang="en" data-in="en"><b>test set</b></p>`,
  );
});

test("a line of the data stays as it is, its marked words too", () => {
  const html = '<td translate="no">a <mark>test set</mark></td>';
  assert.equal(translated(new Html(html), translate).text, html);
});

test("of several lines each is translated by itself", () => {
  const { text } = translated(new Html("<pre>test set\nunknown\na &amp; b</pre>"), translate);
  assert.match(text, /data-in="ja">テスト集合\nunknown\n甲と乙<\/span><\/pre>/);
});

const SPEC = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  description: "One bar.",
  title: { text: ["Share of", "right answers"] },
  data: { values: [{ text: "Share of right answers", n: 1 }] },
  mark: "bar",
  encoding: { x: { field: "n", type: "quantitative", title: "right answers" } },
};
const output = (data: Output["data"]): Output => ({ output_type: "display_data", data, metadata: {} });
const sample: ReturnType<typeof notebook> = {
  ...notebook([
    markdown("# One / 一"),
    markdown("## Data / データ\n\nEnglish words.\n\n日本語の文である。"),
    {
      ...code("show();"),
      outputs: [
        output({ [VEGALITE_MIME]: SPEC, "image/png": PIXEL }),
        output({
          "text/html": "<table><caption>right answers</caption><tr><th>right answers</th></tr></table>",
        }),
      ],
    },
  ]),
  metadata: {
    komalab: {
      japanese: { "Share of right answers": "正答の割合", "right answers": "正答", "One bar.": "棒が一本。" },
    },
  },
};
const part = notebookPart(sample, { name: "01", folder: ".", settings: [], failure: undefined, facts: "" });

test("on paper a part is in one language, its charts too", () => {
  const [english, japanese] = (["en", "ja"] as const).map((language) => partIn(part, language).body.text);
  assert.ok(english.includes("English words.") && !english.includes("日本語の文"));
  assert.ok(!japanese.includes("English words.") && japanese.includes("日本語の文である。"));
  assert.match(
    japanese,
    /"title":\{"text":\["正答の割合"\]\}.*"data":\{"values":\[\{"text":"Share of right answers"/,
  );
  assert.ok(!english.includes("正答") && !`${english}${japanese}`.includes("data-in"));
});

let folder = "";
let browser: Browser | string = "";
let page: Page;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "komalab-languages-"));
  const file = join(folder, "page.html");
  writeFileSync(file, renderPage(part));
  browser = await openBrowser();
  if (typeof browser === "string") return;
  page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector("figure.chart svg");
});
after(async () => {
  if (typeof browser !== "string") await browser.close();
  rmSync(folder, { recursive: true });
});
const inBrowser = (name: string, work: () => Promise<void>) =>
  test(name, async (context) => (typeof browser === "string" ? context.skip(browser) : work()));

inBrowser(
  "a page opens in Japanese, and a button turns all of it into English, charts and tables too",
  async () => {
    const words = () => page.locator("main").innerText();
    const drawn = () => page.locator("figure.chart svg").innerHTML();
    assert.match(await words(), /日本語の文である。/);
    assert.doesNotMatch(await words(), /English words/);
    assert.match(await drawn(), /正答の割合/);
    await page.getByRole("button", { name: "English" }).click();
    await page.waitForFunction("document.querySelector('figure.chart svg')?.innerHTML.includes('Share of')");
    assert.match(await words(), /English words/);
    assert.doesNotMatch(await words(), /日本語の文/);
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.equal(await page.locator(".copies").count(), 2, "the chart's buttons are there once");
  },
);

inBrowser("the next page opens in the language that was chosen", async () => {
  await page.getByRole("button", { name: "English" }).click();
  await page.reload();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.getByRole("button", { name: "日本語" }).click();
});
