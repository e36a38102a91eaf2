/** The tips that are no setting of one training, with a file of texts without labels. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { loadDataset } from "../../../lib/experiment/dataset";
import { chooseModel } from "../../../lib/experiment/trials";
import { run } from "../../../lib/study/experiment";
import type { Item, Task } from "../../../lib/study/task";
import { BUILTIN_MODEL } from "../../../test/builtin";
import { EXAMPLES, indices, runsFolder } from "../../../test/experiment/tiny-trials";
import { openTokenizer } from "../../tokenizer";
import { type Combined, combined, inPairs, PSEUDO, tipsInWords } from "..";

const folder = runsFolder("komalab-combined-"),
  unlabelled = join(folder, "texts.csv");
const NEW = ["本当に良い", "とても悪い", "ひどく悪いです", "とても良いです"];
const split = { name: "test", train: indices(0, 24), validation: indices(24, 32), test: indices(32, 40) };
const reference = "reference";
const common = {
  ...{ name: "toy", seeds: 1, processes: 1 },
  settings: { freeze: "fixed", pooling: "mean", epochs: 8, learningRate: 1e-2, batchSize: 4 },
} as const;
let results: Awaited<ReturnType<typeof run<Item>>>, made: Combined;

before(async () => {
  writeFileSync(unlabelled, ["吹き出し", ...NEW, EXAMPLES[0].text, ""].join("\n"));
  const model = await chooseModel(BUILTIN_MODEL);
  const task: Task<Item> = {
    ...{ items: EXAMPLES, labels: EXAMPLES.map(({ label }) => label), classes: ["悪い", "良い"] },
    ...{ splits: [split], model, tokenizer: await openTokenizer(model.folder), maxLength: 40, tooLong: 0 },
  };
  results = await run(task, { ...common, systems: { [reference]: {} } });
  made = await combined(results, {
    ...common,
    reference,
    folds: 2,
    confidence: 0.51,
    unlabelled,
    columns: { text: "吹き出し" },
  });
});

test("with a file of texts pseudo-labels are a tip of their own, judged against the reference", () => {
  assert.deepEqual(made.pair, [PSEUDO, reference]);
  const all = { ...results, answers: [...results.answers, ...made.answers] };
  const { tips } = tipsInWords(all, {
    ...{ metric: "macroF1", called: { en: "macro F1", ja: "マクロ F1" }, reference },
    apart: [...made.apart, ...inPairs],
  });
  assert.deepEqual(
    tips.map(({ system }) => system),
    ["seeds averaged", "mean with TF-IDF", "2 folds averaged", "stacking", PSEUDO],
  );
});

test("every row is of the test texts alone", () => {
  const tested = split.test.map((item) => EXAMPLES[item].id);
  for (const { items } of made.answers) assert.deepEqual(items, tested);
});

test("the second training learns from the texts of the file that are new", () => {
  const { trial } = made.runs.find((one) => one.trial.system === PSEUDO)!;
  const items = loadDataset(trial.dataset);
  const learnt = trial.split.train.map((item) => items[item]).filter(({ id }) => id.startsWith("unlabelled"));
  assert.deepEqual(
    learnt.map(({ text }) => text),
    NEW,
  );
});
