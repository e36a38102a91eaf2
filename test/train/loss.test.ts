/** Losses and their gradients against formulas in float64: reference/make_losses.py. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { lossOf } from "../../lib/train/loss";
import type { TrainSettings } from "../../lib/train/settings";
import { filledUp, openEngine, ready, scaleByAdam, shapesOf, tf } from "../../packages/tfjs-graph";
import { onNative } from "../../packages/tfjs-graph/test/native";

interface Reference {
  readonly logits: number[][];
  readonly labels: number[];
  readonly weights: number[];
  readonly teacher: number[][];
  readonly cases: readonly {
    readonly settings: Pick<TrainSettings, "labelSmoothing" | "focal" | "softTargets" | "temperature">;
    readonly loss: number;
    readonly gradient: number[][];
  }[];
}
const { logits, labels, weights, teacher, cases } = JSON.parse(
  readFileSync(join(__dirname, "../reference/losses.json"), "utf8"),
) as Reference;

before(ready);
for (const { settings, loss, gradient } of cases) {
  const name = JSON.stringify(settings);
  test(`the loss ${name} and its gradient equal the formula's`, () => {
    const of = (x: tf.Tensor) =>
      lossOf(settings, x, {
        labels: tf.tensor1d(labels, "int32"),
        weights: tf.tensor1d(weights),
        ...(settings.softTargets && { taught: tf.tensor2d(teacher) }),
      }) as tf.Scalar;
    const found = tf.valueAndGrad(of)(tf.tensor2d(logits));
    assert.ok(Math.abs(found.value.dataSync()[0] - loss) < 1e-6);
    found.grad.dataSync().forEach((value, i) => assert.ok(Math.abs(value - gradient.flat()[i]) < 1e-6));
  });
  test(`the loss ${name} is the same in a traced step`, onNative, () => {
    const inputs = {
      labels: { shape: [4], data: Int32Array.from(labels) },
      weights: { shape: [4], data: Float32Array.from(weights) },
      ...(settings.softTargets && { taught: filledUp(teacher, 4) }),
    };
    const engine = openEngine({
      weights: { logits: { shape: [4, 3], data: Float32Array.from(logits.flat()) } },
      trainable: ["logits"],
      optimizer: [scaleByAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, biasCorrection: true })],
      trainShapes: [shapesOf(inputs)],
      loss: ({ parameters, inputs: { labels: truth, weights: counts, taught } }) =>
        lossOf(settings, parameters.logits, { labels: truth, weights: counts, taught }),
    });
    const step = engine.step(inputs, { learningRate: 0, seed: 1 });
    engine.dispose();
    assert.equal(engine.mode, "traced");
    assert.ok(Math.abs(step.loss - loss) < 1e-6);
    assert.ok(Math.abs(step.gradientNorm - Math.hypot(...gradient.flat())) < 1e-6);
  });
}
