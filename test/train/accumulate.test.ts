import assert from "node:assert/strict";
import { test } from "node:test";
import { train } from "../../lib/train/loop";
import type { TrainSettings } from "../../lib/train/settings";
import { onNative } from "../../packages/tfjs-graph/test/native";
import { smallExamples, smallModel } from "./small";

const data = { train: smallExamples(50, 1), validation: smallExamples(21, 2) };

const run = (more: Partial<TrainSettings>) =>
  train({
    model: smallModel({ rate: 0 }),
    freeze: () => true,
    data,
    settings: { epochs: 3, batchSize: 8, learningRate: 0.02, cache: "memory", ...more },
  });

for (const classWeights of [undefined, [1, 3]]) {
  test(
    `batches computed in parts train as whole ones do${classWeights ? ", with class weights" : ""}`,
    onNative,
    async () => {
      const [whole, parts] = [await run({ classWeights }), await run({ classWeights, accumulate: 4 })];
      whole.history.forEach((record, i) => {
        for (const key of ["trainLoss", "validationLoss", "gradientNorm"] as const) {
          assert.ok(
            Math.abs(parts.history[i][key] / record[key] - 1) < 1e-4,
            `epoch ${i + 1}, ${key}: ${parts.history[i][key]}, whole ${record[key]}`,
          );
        }
        assert.equal(parts.history[i].trainAccuracy, record.trainAccuracy);
      });
    },
  );
}

test("parts that a batch cannot be cut into are refused with both numbers", async () => {
  await assert.rejects(run({ accumulate: 3 }), /a batch of 8 texts cannot be cut into 3 equal parts/);
});

test("with products in bfloat16 the loss after 200 steps is within 1 % of float32's", onNative, async () => {
  const long = { epochs: 29, learningRate: 0.005 };
  const [exact, low] = [await run(long), await run({ ...long, precision: "bfloat16" })];
  const last = (history: readonly { readonly trainLoss: number }[]) => history[28].trainLoss;
  assert.notEqual(last(low.history), last(exact.history));
  assert.ok(
    Math.abs(last(low.history) / last(exact.history) - 1) < 0.01,
    `${last(low.history)}, float32 ${last(exact.history)}`,
  );
});
