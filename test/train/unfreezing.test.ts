/** Gradual unfreezing: which layers have gradients in which epoch, and the steps of trainings one after another. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Model } from "../../lib/models/model";
import { STAGE_NORM, train } from "../../lib/train/fit";
import { depthOf, type Freeze, type FreezeMode, freezeMode } from "../../lib/train/freeze";
import type { TrainSettings } from "../../lib/train/settings";
import { onNative } from "../../packages/tfjs-graph/test/native";
import { smallExamples, smallModel } from "./small";

const data = { train: smallExamples(24, 1), validation: smallExamples(12, 2) };
const common = { batchSize: 8, learningRate: 0.05, schedule: "constant", warmupRatio: 0 } as const;
const modeOf = (freeze: FreezeMode) => freezeMode(freeze, smallModel(), { newPooler: false });

const run = (settings: Partial<TrainSettings>, freeze: Freeze, model: Model = smallModel()) =>
  train({ model, data, freeze, cache: "memory", settings: { ...common, ...settings } });

/** Of each epoch the parts whose gradients are computed. */
async function stages(freeze: FreezeMode, epochs: number): Promise<string[][]> {
  const seen = new Map<number, Set<string>>();
  await train({
    ...{ model: smallModel(), data, freeze: modeOf(freeze), cache: "memory" },
    settings: { ...common, epochs, unfreezing: "gradual", gradientNorms: true },
    onMetrics: ({ epoch, values }) => {
      const own = seen.get(epoch) ?? new Set();
      for (const name of Object.keys(values))
        if (name.startsWith(STAGE_NORM)) own.add(name.slice(STAGE_NORM.length));
      seen.set(epoch, own);
    },
  });
  return [...seen.values()].map((own) => [...own].sort());
}

test(
  "the head and the pooler come first, then a layer an epoch from the top, the embeddings last",
  onNative,
  async () => {
    assert.deepEqual(await stages("all", 5), [
      ["head", "pooler"],
      ["head", "layer.1", "pooler"],
      ["head", "layer.0", "layer.1", "pooler"],
      ["embeddings", "head", "layer.0", "layer.1", "pooler"],
      ["embeddings", "head", "layer.0", "layer.1", "pooler"],
    ]);
  },
);

test("it goes no further than the freeze mode", onNative, async () =>
  assert.deepEqual(await stages("last", 3), [
    ["head", "pooler"],
    ["head", "layer.1", "pooler"],
    ["head", "layer.1", "pooler"],
  ]),
);

test(
  "its epochs are those of trainings one after another, each from where the one before was",
  onNative,
  async () => {
    const still = smallModel({ dropout: 0 }),
      whole = { batchSize: 24 }; // a step an epoch
    const { history } = await run({ ...whole, epochs: 4, unfreezing: "gradual" }, modeOf("all"), still);
    let model = still;
    for (const [depth, { trainLoss, validationLoss }] of history.entries()) {
      const one = await run({ ...whole, epochs: 1 }, (name) => depthOf(still, name) <= depth, model);
      assert.ok(Math.abs(one.history[0].trainLoss - trainLoss) < 1e-5, `${depth}: ${trainLoss}`);
      assert.ok(
        Math.abs(one.history[0].validationLoss - validationLoss) < 1e-5,
        `${depth}: ${validationLoss}`,
      );
      model = one.model;
    }
  },
);

test("what is not yet trained stays as it was, also where the best epoch came before", onNative, async () => {
  const { model, bestEpoch } = await run({ epochs: 3, unfreezing: "gradual" }, modeOf("all"));
  const start = smallModel();
  for (const [name, { data: values }] of Object.entries(model.weights)) {
    const same = values.every((value, i) => value === start.weights[name].data[i]);
    assert.equal(same, depthOf(start, name) >= bestEpoch, name);
  }
});
