/** The demo of the built-in BERT, its head trained on some built-in reviews. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { readReviews } from "../../../lib/data/reviews";
import { runTrial } from "../../../lib/experiment/classification";
import { storeDataset } from "../../../lib/experiment/dataset";
import type { TrialRun } from "../../../lib/experiment/spec";
import { chooseModel, planTrials } from "../../../lib/experiment/trials";
import { openBrowser } from "../../../test/browser";
import { BUILTIN_MODEL, BUILTIN_REVIEWS } from "../../../test/builtin";
import { indices, runsFolder } from "../../../test/experiment/tiny-trials";
import { trainedModel } from "../../export";
import { byTensorFlow } from "../../onnx/test/small";
import { threadCount } from "../../tfjs-graph";
import { openTokenizer } from "../../tokenizer";
import { type Demo, demoOf } from "..";

const folder = runsFolder(),
  file = join(folder, "demo.html");
const reviews = readReviews(BUILTIN_REVIEWS).reviews.slice(0, 150);

let run: TrialRun, demo: Demo;
before(async () => {
  const [trial] = planTrials({
    experiment: "test",
    systems: [{ system: "BERT fixed + linear", settings: { freeze: "fixed", pooling: "mean" } }],
    splits: [{ name: "test", train: indices(0, 90), validation: indices(90, 110), test: indices(110, 150) }],
    seeds: 1,
    classes: ["不評", "好評"],
    dataset: storeDataset(reviews),
    model: await chooseModel(BUILTIN_MODEL),
    settings: { epochs: 10, learningRate: 5e-3, batchSize: 16, threads: threadCount },
  });
  run = await runTrial(trial);
  demo = await demoOf(run, { title: "02 Reviews / レビュー" });
  writeFileSync(file, demo.html);
});

test("it has at most 30 MB", () => {
  const size = Buffer.byteLength(demo.html);
  assert.ok(size < 30e6, `${size}`);
});

test("what 8 bits cost is small beside what tells the classes apart", () => {
  const { largest, mean, same, lines } = demo.distance;
  assert.equal(lines, 40);
  assert.ok(same >= 38 && mean < 0.1 && largest < 0.5 && mean > 0, JSON.stringify(demo.distance));
});

test("opened in Chromium the file gives the logits that its distance is measured of", async (context) => {
  const browser = await openBrowser({ japaneseFont: true });
  if (typeof browser === "string") return context.skip(browser);
  try {
    const page = await browser.newPage(),
      model = await trainedModel(run),
      { encode } = await openTokenizer(BUILTIN_MODEL),
      { largest } = demo.distance;
    await page.goto(pathToFileURL(file).href);
    for (const { text } of reviews.slice(110, 118)) {
      await page.waitForSelector('#demo-result[data-state="marked"]');
      await page.fill("#demo-text", text);
      await page.press("#demo-text", "Enter");
      await page.waitForSelector('#demo-result[data-state="marked"]');
      const logits = JSON.parse((await page.getAttribute("#demo-result", "data-logits"))!) as number[],
        expected = await byTensorFlow(model, [encode(text)]);
      for (const [c, logit] of logits.entries())
        assert.ok(Math.abs(logit - expected[c]) <= largest + 1e-3, `${text}: ${logits} for ${expected}`);
    }
  } finally {
    await browser.close();
  }
});
