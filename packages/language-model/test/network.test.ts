import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import type { HostArray, Weights } from "../../../lib/support/host-array";
import {
  type Engine,
  openEngine,
  ready,
  type StepContext,
  scaleByAdam,
  shapesOf,
  tf,
} from "../../tfjs-graph";
import { logitsOf, lossesOf, readsOf, unrolled } from "../network";

interface Numbers {
  readonly shape: number[];
  readonly data: number[];
}
// numbers of PyTorch: make_unrolled.py beside it; rows are pieces, columns steps
const reference = JSON.parse(readFileSync(join(__dirname, "reference", "unrolled.json"), "utf8")) as {
  readonly [table in "gold" | "next" | "kept" | "chance" | "read" | "losses"]: readonly (readonly number[])[];
} & {
  readonly loss: number;
  readonly weights: Readonly<Record<string, Numbers>>;
  readonly gradients: Readonly<Record<string, Numbers>>;
};
const weights: Weights = Object.fromEntries(
  Object.entries(reference.weights).map(([name, { shape, data }]) => [
    name,
    { shape, data: Float32Array.from(data) },
  ]),
);
const [STEPS, PIECES, CHARACTERS] = [6, 3, 7];

/** A table as [T, B]. */
const inTime = (rows: readonly (readonly number[])[]) =>
  Array.from({ length: STEPS }, (_, t) => rows.map((row) => row[t])).flat();
const whole = (rows: readonly (readonly number[])[]): HostArray => ({
  shape: [STEPS, PIECES],
  data: Int32Array.from(inTime(rows)),
});
const real = (rows: readonly (readonly number[])[]): HostArray => ({
  shape: [STEPS, PIECES],
  data: Float32Array.from(inTime(rows)),
});
const known = { read: whole(reference.read), next: whole(reference.next) };
const toDraw = { gold: whole(reference.gold), kept: real(reference.kept), chance: real(reference.chance) };

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, name = ""): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++)
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= tolerance,
      `${name} ${i}: ${actual[i]} is not ${expected[i]}`,
    );
}

function withEngine(outputs: (context: StepContext) => tf.Tensor, use: (engine: Engine) => void): void {
  const engine = openEngine({
    weights,
    trainable: Object.keys(weights),
    loss: (context) => tf.mean(lossesOf(context)),
    outputs,
    trainShapes: [shapesOf(known)],
    outputShapes: [shapesOf(known), shapesOf(toDraw)],
    optimizer: [scaleByAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, biasCorrection: true })],
  });
  try {
    use(engine);
  } finally {
    engine.dispose();
  }
}
const outputs = (context: StepContext) => ("next" in context.inputs ? lossesOf(context) : readsOf(context));

before(ready);

test("the characters drawn step by step are PyTorch's", () =>
  withEngine(outputs, (engine) =>
    assert.deepEqual([...engine.outputs(toDraw).data], inTime(reference.read)),
  ));

test("the loss over what was drawn and its gradients are those of PyTorch's unrolled loop", () =>
  withEngine(outputs, (engine) => {
    near(engine.outputs(known).data, inTime(reference.losses), 1e-5, "loss");
    near([engine.step(known, { learningRate: 0, seed: 1 }).loss], [reference.loss], 1e-5, "mean loss");
    // after one step Adam's first moment is a tenth of the gradient
    for (const [name, { data }] of Object.entries(engine.optimizerState().firstMoments))
      near(
        Array.from(data, (value) => 10 * value),
        reference.gradients[name].data,
        1e-5,
        name,
      );
  }));

test("step by step over gold characters the logits are those of the one op, and so are those over drawn ones", () => {
  const parameters = Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );
  const tensorOf = ({ shape, data }: HostArray) =>
    tf.tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32");
  for (const kept of [reference.kept.map((row) => row.map(() => 1)), reference.kept]) {
    const steps = unrolled({
      parameters,
      inputs: { gold: tensorOf(toDraw.gold), kept: tensorOf(real(kept)), chance: tensorOf(toDraw.chance) },
    });
    const stepwise = tf.stack(steps.map(({ logits }) => logits)),
      atOnce = logitsOf(tf.stack(steps.map(({ read }) => read)), parameters);
    assert.deepEqual(stepwise.shape, [STEPS, PIECES, CHARACTERS]);
    near(stepwise.dataSync(), atOnce.dataSync(), 1e-5, "logit");
  }
});
