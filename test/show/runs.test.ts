import assert from "node:assert/strict";
import { test } from "node:test";
import { storeDataset } from "../../lib/experiment/dataset";
import type { ClassificationResult, TrialRun } from "../../lib/experiment/spec";
import { planTrials, predictionsOf } from "../../lib/experiment/trials";
import { endingsInWords } from "../../lib/show/endings";
import { curvesOf, runsTable } from "../../lib/show/runs";
import { BUILTIN_MODEL } from "../builtin";
import { EXAMPLES, runsFolder } from "../experiment/tiny-trials";

runsFolder();
const split = (name: string) => ({ name, train: [0, 1], validation: [2], test: [3, 4] });
const trials = planTrials({
  experiment: "test",
  classes: ["0", "1"],
  dataset: storeDataset(EXAMPLES),
  model: { folder: BUILTIN_MODEL, sha256: "" },
  seeds: 2,
  systems: [
    { system: "fixed", settings: { freeze: "fixed", epochs: 9 } },
    { system: "all", settings: { epochs: 3 } },
  ],
  splits: [split("ギャグ"), split("萌え系")],
  settings: { batchSize: 8, epochs: 5 },
});
const history = [{ epoch: 1, trainLoss: 1, trainAccuracy: 0.5, validationLoss: 1, validationAccuracy: 0.5 }];
const runs = trials.map((trial, i) => ({
  trial,
  result: {
    gold: [1, 0],
    predicted: [1, i % 2],
    items: ["c", "d"],
    failed: i === 0,
    ...(i === 2 && { diverged: "at step 1" }),
    history: i === 1 ? [] : history,
    bestEpoch: i,
    seconds: 30,
    parameters: { trained: 10, frozen: 5 },
  } as unknown as ClassificationResult,
})) as unknown as TrialRun[];

test("every system is trained on every split with every seed, its own settings over the common ones", () => {
  assert.deepEqual(
    trials
      .map(({ system, testSet, settings }) => [system, testSet, settings.initSeed, settings.orderSeed])
      .slice(0, 4),
    [
      ["fixed", "ギャグ", 1, 1],
      ["fixed", "ギャグ", 2, 2],
      ["fixed", "萌え系", 1, 1],
      ["fixed", "萌え系", 2, 2],
    ],
  );
  assert.deepEqual(
    [trials.length, trials[0].settings.epochs, trials[4].settings.epochs, trials[0].settings.batchSize],
    [8, 9, 3, 8],
  );
});

test("a run is a row with its items, its seed and what became of it", () => {
  assert.deepEqual(predictionsOf(runs)[1], {
    system: "fixed",
    testSet: "ギャグ",
    seed: 2,
    gold: [1, 0],
    predicted: [1, 1],
    items: ["c", "d"],
    endings: ["successful"],
  });
});

test("the probabilities of its items are with it where they are stored", () => {
  const probabilities = [
    [0.1, 0.9],
    [0.6, 0.4],
  ];
  const run = { ...runs[0], result: { ...runs[0].result, probabilities } };
  assert.deepEqual(predictionsOf([run])[0].probabilities, probabilities);
});

test("the table of runs counts failed ones and diverged ones, kept epochs and minutes", () => {
  assert.match(
    runsTable(runs)["text/plain"] as string,
    /\| fixed +\| +4 \| +1 \| +1 \| +0 to 3 \| +10 \| +5 \| +2 \|/,
  );
});

test("failed and diverged runs are counted apart in words, in both languages", () =>
  assert.deepEqual(endingsInWords(runs.map(({ result }) => result)), {
    en: "1 of 8 failed, 1 diverged",
    ja: "8 回中 失敗 1 回、発散 1 回",
  }));

test("a run without an epoch has no curve", () => assert.equal(curvesOf(runs).length, 7));
