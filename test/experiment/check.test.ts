/** Settings of trials are looked at in range as in type, by name, wherever they come from. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { checkTrial } from "../../lib/experiment/check";
import { runTrial } from "../../lib/experiment/classification";
import { storeDataset } from "../../lib/experiment/dataset";
import { doc2vecModel } from "../../lib/experiment/doc2vec";
import type { ClassificationSettings, Trial } from "../../lib/experiment/spec";
import { planTrials, runTrials, type TrialPlan } from "../../lib/experiment/trials";
import { resolveTrainSettings } from "../../lib/train/settings";
import { readPlan, writePlan } from "../../packages/cluster/plan";
import { PRETRAIN_DEFAULTS, pretrain } from "../../packages/pre-training/pretraining";
import { EXAMPLES, runsFolder, tinyTrials } from "./tiny-trials";

const root = runsFolder();
let trial: Trial;
before(async () => {
  [trial] = await tinyTrials(root, 1);
});

const planned = (more: Partial<TrialPlan> = {}, settings: object = {}) => {
  const { experiment, classes, dataset, model, split } = trial;
  const systems = [{ system: "BERT", settings: settings as Partial<ClassificationSettings> }];
  const common = { experiment, classes, dataset, model, splits: [split], seeds: 1, systems };
  return planTrials({ ...common, settings: { maxLength: 40 }, ...more });
};

const wrong: readonly (readonly [settings: object, words: string])[] = [
  [{ epochs: 0 }, "epochs = 0 is not a whole number of at least 1"],
  [{ epochs: 2.5 }, "epochs = 2.5 is not a whole number"],
  [{ batchSize: 0 }, "batchSize = 0 is not a whole number of at least 1"],
  [{ learningRate: -1e-4 }, "learningRate = -0.0001 is not a number above 0"],
  [{ learningRate: NaN }, "learningRate = NaN is not a number above 0"],
  [{ learningRate: "5e-4" }, 'learningRate = "5e-4" is not a number above 0: leave out the quotation marks'],
  [{ learningRate: undefined }, "learningRate is missing: a number above 0"],
  [{ rate: 1e-3 }, "there is no setting rate: did you mean learningRate?"],
  [{ epoch: 3 }, "there is no setting epoch: did you mean epochs?"],
  [{ momentum: 0.5 }, "there is no setting momentum: there are head, freeze, loraRank"],
  [{ pooling: "last4" }, 'pooling = "last4" needs 4 layers, but the model has 2: take "mean"'],
  [{ pooling: "first" }, 'pooling = "first" is not "cls" or "mean" or "max" or "target-mean" or "last4" or'],
  [{ layerDecay: 0 }, "layerDecay = 0 is not a number above 0, at most 1"],
  [{ layerDecay: 2.6 }, "layerDecay = 2.6 is not a number above 0, at most 1"],
  [{ beginningShare: 128 }, "beginningShare = 128 is not a number from 0 to 1"],
  [{ unfreezing: true }, 'unfreezing = true is not "gradual"'],
  [
    { unfreezing: "gradual", emaDecay: 0.99 },
    "unfreezing and emaDecay: what is trained later has no averages yet: leave out one",
  ],
  [{ emaDecay: 1 }, "emaDecay = 1 is not a number between 0 and 1"],
  [{ swaEpochs: 0 }, "swaEpochs = 0 is not a whole number of at least 1"],
  [{ swaEpochs: 4, epochs: 3 }, "swaEpochs = 4, but there are 3 epochs: take at most as many"],
  [{ swaEpochs: 2, emaDecay: 0.99 }, "emaDecay and swaEpochs are two averages of the weights: leave out one"],
  [{ headLearningRate: 0 }, "headLearningRate = 0 is not a number above 0"],
  [{ warmupRatio: 1.5 }, "warmupRatio = 1.5 is not a number from 0 to 1"],
  [{ head: "5MLP" }, 'head = "5MLP" is not "linear" or "3MLP"'],
  [
    { freeze: "first" },
    'freeze = "first" is not "all", "last", "last 2" and so on, "fixed", "bias" or "lora"',
  ],
  [{ loraRank: 0 }, "loraRank = 0 is not a whole number of at least 1"],
  [{ loraAlpha: 0 }, "loraAlpha = 0 is not a number above 0"],
  [{ loraTargets: "query" }, 'loraTargets = "query" is not a list of different values'],
  [{ freeze: "lora", loraRank: undefined }, "loraRank is missing: a whole number of at least 1"],
  [
    { freeze: "lora", loraTargets: ["query", "vlaue"] },
    "loraTargets: BERT has no map vlaue; there are query, key, value, attention.output.dense, intermediate.dense, output.dense",
  ],
  [{ optimizer: "sgd" }, 'optimizer = "sgd" is not "adamw" or "adam"'],
  [{ pretrained: "false" }, 'pretrained = "false" is not true or false: leave out the quotation marks'],
  [{ groupByLength: true }, "groupByLength = true is not false: leave it out for that"],
  [{ checkpointing: false }, "checkpointing = false is not true: leave it out for that"],
  [{ maxLength: 41 }, "maxLength = 41, but the model reads at most 40 tokens"],
  [
    { epochs: 0, clipNorm: -1 },
    "epochs = 0 is not a whole number of at least 1; clipNorm = -1 is not a number",
  ],
];
for (const [settings, words] of wrong)
  test(`settings that are planned: ${words}`, () => {
    assert.throws(
      () => planned({}, settings),
      ({ message }: Error) => message.startsWith(`BERT: ${words}`),
    );
  });

for (const seeds of [0, 2.5, -1])
  test(`${seeds} seeds are refused by name`, () => {
    assert.throws(
      () => planned({ seeds }),
      new RegExp(`seeds = ${seeds} is not a whole number of at least 1`),
    );
  });

test("data of one class are refused with the split and the class", () => {
  const dataset = storeDataset(EXAMPLES.map((example) => ({ ...example, label: 1 })));
  assert.throws(
    () => planned({ dataset }),
    /BERT: the split "fixed": all 24 items to train on are of the class "良い", so that nothing can be learnt/,
  );
});

test("a label beyond the classes is refused", () => {
  const dataset = storeDataset(EXAMPLES.map((example, i) => ({ ...example, label: i % 3 })));
  assert.throws(() => planned({ dataset }), /item 2 has the label 2, but there are 2 classes, from 0/);
});

test("a trial that was planned before there were adapters is none the worse", () => {
  const { loraRank, loraAlpha, loraTargets, ...settings } = trial.settings;
  checkTrial({ ...trial, settings: settings as ClassificationSettings });
});

test("one class is no classification", () => {
  assert.throws(
    () => planned({ classes: ["良い"] }),
    /classes = .* is not a list of at least two different names/,
  );
});

test("an item that is tested may not be learnt from", () => {
  const split = { ...trial.split, test: [0, 39] };
  assert.throws(
    () => planned({ splits: [split] }),
    /the split "fixed" tests 1 items that are trained on or valid/,
  );
});

const byHand: readonly (readonly [from: string, to: string, words: string])[] = [
  ['"optimizer":"adamw"', '"optimizer":"sgd"', 'optimizer = "sgd" is not "adamw" or "adam"'],
  ['"epochs":3', '"epoch":3', "there is no setting epoch: did you mean epochs?; epochs is missing"],
  ['"learningRate":0.01', '"learningRate":"1e-2"', 'learningRate = "1e-2" is not a number above 0'],
  ['"testSet":"test"', '"testSet":"test","seed":3', "there is no setting seed"],
  ['"train":[0,', '"train":[40,', 'the split "fixed" names item 40, but the data set has 40'],
  ['"train":[0,', '"train":["0",', "split: train = "],
];
for (const [from, to, words] of byHand)
  test(`a plan changed by hand to ${to} is refused with its line`, () => {
    const path = writePlan([trial, trial], join(root, "plan", "by-hand.jsonl")),
      [first, second] = readFileSync(path, "utf8").split("\n");
    assert.ok(second.includes(from));
    writeFileSync(path, [first, second.replace(from, to)].join("\n"));
    assert.throws(
      () => readPlan(path),
      ({ message }: Error) => message.startsWith(`${path}, line 2: ${words}`),
    );
  });

test("an empty line of a plan is named as an editor counts it", () => {
  const path = writePlan([trial, trial], join(root, "plan", "gap.jsonl"));
  writeFileSync(path, readFileSync(path, "utf8").replace("\n", "\n\n"));
  assert.throws(() => readPlan(path), /gap\.jsonl, line 2: .*write the plan again/);
});

test("a trial that nobody planned is looked at where it is run", async () => {
  const settings = { ...trial.settings, epochs: 0 };
  await assert.rejects(runTrial({ ...trial, settings }), /epochs = 0 is not a whole number/);
});

test("no runs at all and no processes are refused", async () => {
  await assert.rejects(runTrials([]), /there is nothing to run/);
  await assert.rejects(
    runTrials([trial], { processes: 0 }),
    /processes = 0 is not a whole number of at least 1/,
  );
});

test("training, doc2vec and pre-training look at their own settings", async () => {
  assert.throws(() => resolveTrainSettings({ epochs: 0 }), /epochs = 0 is not a whole number of at least 1/);
  await assert.rejects(doc2vecModel(["a"], { epochs: 0 }), /doc2vec: epochs = 0 is not a whole number/);
  const settings = { ...PRETRAIN_DEFAULTS, batchTokens: 64 };
  await assert.rejects(
    pretrain({ settings, steps: 10, corpus: null as never, folder: root, saveTo: root }),
    /batchTokens = 64 is not a whole number of at least 128/,
  );
});
