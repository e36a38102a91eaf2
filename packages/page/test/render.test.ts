import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../../../test/browser";
import { ANSWER_MIME, type Cell, type Output, VEGALITE_MIME } from "../../notebook";
import { code, markdown, notebook } from "../../notebook/test/sample";
import { html, notebookPart, renderPage } from "..";
import { fontFaces } from "../fonts";
import { PIXEL } from "./sample";

const SPEC = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  description: "Two bars: ギャグ 0.8, 萌え系 0.6.",
  width: 300,
  data: {
    values: [
      { touch: "ギャグ", accuracy: 0.8 },
      { touch: "萌え系", accuracy: 0.6 },
    ],
  },
  mark: "bar",
  encoding: { x: { field: "touch", type: "nominal" }, y: { field: "accuracy", type: "quantitative" } },
};

const display = (data: Output["data"], metadata = {}): Output => ({
  output_type: "display_data",
  data,
  metadata,
});
const chart = display(
  { [VEGALITE_MIME]: SPEC, "image/png": PIXEL, "text/plain": "two bars" },
  { komalab: { caption: { en: "Accuracy of each touch.", ja: "画風ごとの正解率。" } } },
);
const answer = display({
  [ANSWER_MIME]: { en: "It is.", ja: "そうです。", short: ".80" },
  "text/plain": "It is.",
});
const executed = (...outputs: readonly Output[]): Cell => ({
  ...code("const total = 3;\nshow(total);"),
  outputs,
});
const render = (...cells: readonly Cell[]) =>
  renderPage(
    notebookPart(notebook(cells), {
      name: "01-test",
      folder,
      settings: [],
      failure: undefined,
      facts: "today",
    }),
  );

let folder = "";
before(() => void (folder = mkdtempSync(join(tmpdir(), "komalab-render-"))));
after(() => rmSync(folder, { recursive: true, force: true }));

test("what a template is given is escaped, HTML is not escaped twice", () => {
  assert.equal(
    html`<p>${`<a href="x">&'`}${html`<b>${1}</b>`}${false}</p>`.text,
    "<p>&lt;a href=&quot;x&quot;&gt;&amp;&#39;<b>1</b></p>",
  );
});

test("code is folded and its HTML is text; the code of a failing cell is open", () => {
  assert.match(
    render(code("const a = 1 < 2;")),
    /<details class="code"><summary>.*Code · 1 line<\/span>.*<\/summary><pre><code>const a = 1 &lt; 2;/,
  );
  assert.match(
    render(
      executed({
        output_type: "error",
        ename: "RangeError",
        evalue: "x",
        traceback: ["\u001b[31mRangeError: x"],
      }),
    ),
    /<details class="code" open>[\s\S]*<pre>RangeError: x<\/pre>/,
  );
});

test("HTML in markdown is shown as text, a link to a notebook leads to its page", () => {
  const page = render(markdown("<script>alert(1)</script> [next](02-next.ipynb)"));
  assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt; <a href="02-next\.html">next<\/a>/);
});

test("pictures beside the notebook and attached ones are inside the page, one in a network is a link", () => {
  writeFileSync(join(folder, "dot.png"), Buffer.from(PIXEL, "base64"));
  const attached: Cell = {
    ...markdown("![a](attachment:a.png) ![b](dot.png) ![c](https://example.org/c.png)"),
    attachments: { "a.png": { "image/png": PIXEL } },
  };
  const images = [...render(attached).matchAll(/<img src="([^"]*)" alt="([abc])">/g)].map(
    ([, source, alt]) => `${alt} ${source}`,
  );
  assert.deepEqual(images, [`a data:image/png;base64,${PIXEL}`, `b data:image/png;base64,${PIXEL}`]);
});

test("the fonts of a page hold its letters and no more pieces than they need", () => {
  const faces = fontFaces("凍結").match(/@font-face/g)?.length ?? 0;
  assert.ok(faces >= 1 && faces <= 2, `${faces} pieces for two letters`);
  assert.equal(fontFaces(""), "");
});

/** In a browser, opened from the disk. */
let browser: Browser | string = "";
let page: Page;
let file = "";
let asked = 0;
const server = createServer((_, response) => void response.end(String((asked += 1)))).unref();
before(async () => {
  browser = await openBrowser();
  if (typeof browser === "string") return;
  page = await browser.newPage();
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.png`;
  const table = display({
    "text/html": `<table><tr>${"<td style='text-align: right'>0.725 ± 0.034</td>".repeat(9)}<td>ギャグ</td></tr></table><script>document.title = "broken in"</script><img src="${address}">`,
  });
  const names = display({
    "text/html": `<table><tbody><tr><th scope="row">3 epochs, no warm-up, no bias correction, 3e-4</th>${"<td style='text-align: right'>0.725 ± 0.034</td>".repeat(6)}</tr></tbody></table>`,
    "text/plain": "",
  });
  file = join(folder, "page.html");
  writeFileSync(
    file,
    render(markdown("# 凍結方法の比較"), executed(chart), executed(table), executed(names), executed(answer)),
  );
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector("figure.chart svg");
});
after(async () => {
  if (typeof browser !== "string") await browser.close();
  server.close();
});

const inBrowser = (name: string, work: () => Promise<void>) =>
  test(name, async (context) => (typeof browser === "string" ? context.skip(browser) : work()));

inBrowser("the page asks no network for anything, even where an output names an address", async () => {
  assert.equal(asked, 0);
});

inBrowser("a script in an output does not run", async () =>
  assert.equal(await page.title(), "凍結方法の比較"),
);

inBrowser(
  "the chart is drawn in the place of its picture, with its Japanese labels and its words",
  async () => {
    assert.equal(await page.locator("figure.chart svg .mark-rect path").count(), 2);
    assert.match(await page.locator("figure.chart svg.marks").innerHTML(), /ギャグ/);
    assert.equal(await page.locator("figure.chart > img").count(), 0);
    assert.equal(
      await page.locator("figure.chart [role=img]").first().getAttribute("aria-label"),
      SPEC.description,
    );
  },
);

inBrowser("code cannot be seen until it is unfolded", async () => {
  const text = page.locator("details.code code").first();
  assert.equal(await text.isVisible(), false);
  await page.locator("details.code summary").first().click();
  assert.equal(await text.isVisible(), true);
});

/** The fonts in which the letters of all elements of a kind are drawn, those of the computer by name. */
async function fontsOf(selector: string, on: Page): Promise<string[]> {
  const session = await on.context().newCDPSession(on);
  await session.send("DOM.enable");
  await session.send("CSS.enable");
  const { root } = await session.send("DOM.getDocument");
  const { nodeIds } = await session.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector });
  const nodes = await Promise.all(
    nodeIds.map((nodeId) => session.send("CSS.getPlatformFontsForNode", { nodeId })),
  );
  const names = nodes.flatMap(({ fonts }) =>
    fonts.map(({ familyName, isCustomFont }) => (isCustomFont ? "the page's" : familyName)),
  );
  return [...new Set(names)];
}

for (const japaneseFont of [true, false]) {
  const name = `words are drawn in the page's own font on a computer ${japaneseFont ? "with" : "without"} a Japanese one`;
  inBrowser(name, async () => {
    const own = await openBrowser({ japaneseFont });
    assert.ok(typeof own !== "string", String(own));
    try {
      const opened = await own.newPage();
      await opened.goto(pathToFileURL(file).href);
      await opened.waitForSelector("figure.chart svg");
      for (const selector of ["h1", "td", "figcaption span", "figure.chart svg text", ".answer p"])
        assert.deepEqual(await fontsOf(selector, opened), ["the page's"], selector);
    } finally {
      await own.close();
    }
  });
}

inBrowser("a row's long name beside many numbers takes three lines at most on a wide screen", async () => {
  const lines =
    "(name => name.clientHeight / parseFloat(getComputedStyle(name).lineHeight))(document.querySelector('th.long'))";
  await page.setViewportSize({ width: 1280, height: 700 });
  assert.ok(Number(await page.evaluate(lines)) < 4);
});

inBrowser("the page fits a phone", async () => {
  await page.setViewportSize({ width: 380, height: 700 });
  assert.ok(Number(await page.evaluate("document.documentElement.scrollWidth")) <= 380);
});
