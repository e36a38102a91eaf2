/** The page of a demo, opened in Chromium from the disk: what it answers, and how it can be read. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { runTrial } from "../../../lib/experiment/classification";
import type { TrialRun } from "../../../lib/experiment/spec";
import { openBrowser } from "../../../test/browser";
import { runsFolder, tinyTrials } from "../../../test/experiment/tiny-trials";
import { trainedModel } from "../../export";
import { byTensorFlow, furthest } from "../../onnx/test/small";
import { threadCount } from "../../tfjs-graph";
import { openTokenizer } from "../../tokenizer";
import { bundle } from "../bundle";
import { type Demo, demoOf } from "../demo";

const folder = runsFolder(),
  file = join(folder, "02 デモ.html");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
/** Of a tiny network in 8 bits: the worst case. */
const NEAR = 0.02;

let run: TrialRun, demo: Demo;
before(async () => {
  const [trial] = await tinyTrials(folder, 1, {
    ...{ epochs: 10, learningRate: 0.03, freeze: "all" },
    threads: threadCount,
  });
  run = await runTrial(trial);
  demo = await demoOf(run, {
    title: "02 Reviews / レビュー",
    remark: "Practice data, written for komalab. 練習用のデータ。",
  });
  writeFileSync(file, demo.html);
});

interface Screen {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
  /** For programs of a test's own; the page's policy otherwise holds. */
  readonly bypassCSP?: boolean;
}

/** A test on the page, in a browser of its own, once it has answered its first example. */
const opened = (
  name: string,
  screen: Screen,
  work: (page: Page, elsewhere: readonly string[]) => Promise<void>,
) =>
  test(name, async (context) => {
    const browser = await openBrowser({ japaneseFont: true });
    if (typeof browser === "string") return context.skip(browser);
    try {
      const { width = 1280, ...others } = screen;
      const page = await browser.newPage({ viewport: { width, height: 800 }, ...others });
      const asked: string[] = [];
      page.on("request", (request) => {
        if (!/^(data|blob):/.test(request.url())) asked.push(request.url());
      });
      await page.goto(pathToFileURL(file).href);
      await page.waitForSelector('#demo-result[data-state="marked"]', { timeout: 30_000 });
      await work(page, asked);
    } finally {
      await browser.close();
    }
  });

/** Types a text and gives back what stands in an attribute of the answer, as numbers. */
async function ask(page: Page, text: string, attribute = "logits"): Promise<number[]> {
  await page.fill("#demo-text", text);
  await page.press("#demo-text", "Enter");
  await page.waitForSelector('#demo-result[data-state="marked"]');
  return JSON.parse((await page.getAttribute("#demo-result", `data-${attribute}`))!) as number[];
}

opened("its logits are TensorFlow's within what int8 costs, of lines and of others", {}, async (page) => {
  const model = await trainedModel(run),
    { encode } = await openTokenizer(run.trial.model.folder);
  for (const text of ["とても良い", "ひどく悪い", "良いとても", "悪い良い悪い"]) {
    const expected = await byTensorFlow(model, [encode(text)]);
    const far = furthest(await ask(page, text), expected);
    assert.ok(far < NEAR, `${text}: ${far}`);
  }
});

opened(
  "the distance over all test lines is measured by the page's engine, and said in it",
  {},
  async (page) => {
    const { largest, mean, same, lines } = demo.distance;
    assert.deepEqual([same, lines], [8, 8]);
    assert.ok(largest > 0 && largest < NEAR && mean > 0 && mean <= largest);
    const words = await page.locator("main").innerText();
    const [told, most] = [mean, largest].map((one) => Number(one.toPrecision(2)));
    assert.ok(words.includes(`平均 ${told}、最大 ${most}`), words);
    assert.match(words, /テスト 8 件/);
  },
);

opened(
  "opened from the disk it asks for nothing besides itself, under its own policy",
  {},
  async (page, asked) => {
    await ask(page, "とても良い");
    assert.deepEqual(asked, [pathToFileURL(file).href]);
  },
);

opened(
  "it says class and probability, and marks each word by what leaving it out changes",
  {},
  async (page) => {
    const drops = await ask(page, "とても 良い", "drops");
    const words = await page
      .locator("#demo-result .word")
      .evaluateAll((all) =>
        all.map((one) => [one.textContent, one.className, one.getAttribute("style")] as const),
      );
    assert.deepEqual(
      words.map(([word]) => word),
      ["とても", "良い"],
    );
    const strongest = Math.max(0.2, ...drops.map(Math.abs));
    for (const [i, [, kind, style]] of words.entries()) {
      const weight = Math.abs(drops[i]) / strongest;
      assert.equal(kind, `word ${weight < 0.1 ? "none" : drops[i] > 0 ? "for" : "against"}`);
      assert.equal(style, `--weight: ${weight.toFixed(3)}`);
    }
    assert.match(await page.locator("#demo-result .short").innerText(), /^予測：良い（\d+\.\d %）$/);
    assert.equal(await page.locator("#demo-result .marked").innerText(), "とても 良い");
  },
);

opened("a button asks one of its example lines", {}, async (page) => {
  assert.match(await page.locator("#demo-examples").innerText(), /学習に使っていないテストの文/);
  const examples = page.locator(".examples button");
  const texts = await examples.allInnerTexts();
  assert.deepEqual(texts.toSorted(), ["とても良い", "ひどく悪い"].toSorted());
  await examples.nth(1).click();
  await page.waitForSelector('#demo-result[data-state="marked"]');
  assert.equal(await page.inputValue("#demo-text"), texts[1]);
  assert.equal((await page.locator("#demo-result .marked").innerText()).trim(), texts[1]);
});

opened("it says which words of a typed text its dictionary and its vocabulary lack", {}, async (page) => {
  await ask(page, "ベホマズンが良い");
  const limits = await page.locator(".limit").allInnerTexts();
  assert.equal(limits.length, 2);
  assert.match(limits[0], /^「ベホマズン」「が」は語彙にない文字を含む/);
  assert.match(limits[1], /^「ベホマズン」は辞書にない語/);
  await ask(page, "とても良い");
  assert.equal(await page.locator(".limit").count(), 0);
});

opened("a text that is too long is read to the model's end, and the page says so", {}, async (page) => {
  await ask(page, "とても良い".repeat(20));
  assert.match((await page.locator(".limit").allInnerTexts()).join(), /末尾の 62 トークンは読んでいない/);
});

opened("without a text it asks for one", {}, async (page) => {
  await page.fill("#demo-text", " ");
  await page.press("#demo-text", "Enter");
  assert.match(await page.locator("#demo-status").innerText(), /先に文を入力/);
});

opened("two buttons turn all of it into English and back", {}, async (page) => {
  await ask(page, "ベホマズンが良い");
  await page.click('[data-language="en"]');
  const words = await page.locator("main").innerText();
  assert.match(words, /Prediction: (良い|悪い) \(\d+\.\d %\)/);
  assert.match(words, /「ベホマズン」: no word of the dictionary;/);
  assert.doesNotMatch(
    words.replace(/「[^」]*」|ベホマズンが|良い|悪い|とても|ひどく|[、。]/g, ""),
    /[ぁ-ん]/,
  );
});

for (const [where, screen] of Object.entries({
  "on a desk": {},
  "on a phone": { width: 390 },
  "in the dark": { colorScheme: "dark" },
} as const))
  opened(`axe-core finds nothing of any level ${where}`, { ...screen, bypassCSP: true }, async (page) => {
    await ask(page, "ベホマズンがとても良い");
    await page.evaluate(axe);
    const found = await page.evaluate(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))",
    );
    assert.deepEqual(found, []);
  });

opened("on a phone nothing is wider than the screen", { width: 390 }, async (page) => {
  await ask(page, "とても良いとても良いとても良いとても良い");
  assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
});

test("a private page has komalab's own examples, whole dictionary and vocabulary, and says so", async () => {
  const { html } = await demoOf(run, { title: "02 Reviews / レビュー", isPrivate: true });
  const [body] = html.slice(html.indexOf("<main>")).split("</main>");
  for (const line of ["とても良い", "ひどく悪い"]) assert.ok(!body.includes(line), line);
  assert.match(body, /辞書の全 325,871 語と、語彙の全 \d+ 件が入っている。<\/span>/);
  assert.match(body, /データの文ではなく/);
});

test("a program for a page that needs a module of Node is refused by its name", async () => {
  const entry = join(folder, "entry.js");
  writeFileSync(entry, 'import { readFileSync } from "node:fs";\nconsole.log(readFileSync("x"));\n');
  await assert.rejects(bundle(entry), /would need of Node:node:fs/);
});
