/** Averages of weights over steps and over epochs, against runs that show the weights themselves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Weights } from "../../lib/support/host-array";
import { train } from "../../lib/train/fit";
import { type FreezeMode, freezeMode } from "../../lib/train/freeze";
import { predict } from "../../lib/train/predict";
import type { TrainSettings } from "../../lib/train/settings";
import { onNative } from "../../packages/tfjs-graph/test/native";
import { smallExamples, smallModel } from "./small";

const data = { train: smallExamples(24, 1), validation: smallExamples(21, 2) };

/** At a constant rate the first epochs are the same, however many follow. */
const run = (settings: Partial<TrainSettings>, freeze: FreezeMode = "all") =>
  train({
    ...{ model: smallModel(), data, cache: "memory" },
    freeze: freezeMode(freeze, smallModel(), { newPooler: false }),
    settings: { batchSize: 24, learningRate: 0.05, schedule: "constant", warmupRatio: 0, ...settings },
  });
/** The weights after so many epochs. */
const after = async (epochs: number, freeze?: FreezeMode, settings: Partial<TrainSettings> = {}) =>
  (await run({ ...settings, epochs, swaEpochs: 1 }, freeze)).model.weights;

/** A sum of weights, each times its share. */
function near(actual: Weights, shares: readonly (readonly [share: number, weights: Weights])[]): void {
  for (const [name, { data: values }] of Object.entries(actual))
    values.forEach((value, i) => {
      const expected = shares.reduce((sum, [share, weights]) => sum + share * weights[name].data[i], 0);
      assert.ok(Math.abs(value - expected) < 1e-6, `${name} ${i}: ${value}, expected ${expected}`);
    });
}

for (const freeze of ["all", "last"] as const)
  test(`swaEpochs keeps the mean of the last epochs' weights: ${freeze}`, onNative, async () => {
    const batchSize = 8; // three steps an epoch
    const { model, bestEpoch } = await run({ epochs: 4, swaEpochs: 3, batchSize }, freeze);
    const weights = [];
    for (const epochs of [2, 3, 4])
      weights.push([1 / 3, await after(epochs, freeze, { batchSize })] as const);
    near(model.weights, weights);
    assert.equal(bestEpoch, 4);
  });

test("emaDecay keeps averages that begin after the first step", onNative, async () => {
  const { model, bestEpoch } = await run({ epochs: 5, emaDecay: 0.8 }); // one step an epoch
  const weights = [];
  for (let epoch = 1; epoch <= bestEpoch; epoch++)
    weights.push([(epoch === 1 ? 1 : 0.2) * 0.8 ** (bestEpoch - epoch), await after(epoch)] as const);
  near(model.weights, weights);
});

test("what is validated is what is kept", onNative, async () => {
  for (const settings of [{ emaDecay: 0.7 }, { swaEpochs: 2 }]) {
    const { model, history, bestEpoch } = await run({ epochs: 6, batchSize: 8, ...settings });
    const found = await predict(model, data.validation.texts, { cache: "memory" });
    const right = found.filter(({ label }, i) => label === data.validation.labels[i]).length;
    assert.equal(history[bestEpoch - 1].validationAccuracy, right / data.validation.labels.length);
  }
});

test("averages leave the steps as they are", onNative, async () => {
  const losses = async (settings: Partial<TrainSettings>) =>
    (await run({ epochs: 3, batchSize: 8, ...settings })).history.map(({ trainLoss }) => trainLoss);
  const plain = await losses({});
  assert.deepEqual(await losses({ emaDecay: 0.9 }), plain);
  assert.deepEqual(await losses({ swaEpochs: 2 }), plain);
});
