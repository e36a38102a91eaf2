import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import type { HostArray, Weights } from "../../../lib/support/host-array";
import { Random } from "../../../lib/support/random";
import {
  ANY,
  crossEntropy,
  type Engine,
  type Optimizer,
  openEngine,
  ready,
  type StepContext,
  scaleByAdam,
} from "../../tfjs-graph";
import { recurrentModel } from "../network";
import { type RecurrentOptions, resolveRecurrent } from "../options";

// numbers of PyTorch: make_lstm.py beside it
const reference = JSON.parse(readFileSync(join(__dirname, "reference", "lstm.json"), "utf8")) as {
  readonly ids: readonly (readonly number[])[];
  readonly lengths: readonly number[];
  readonly labels: readonly number[];
  readonly weights: Readonly<Record<string, { readonly shape: number[]; readonly data: number[] }>>;
  readonly gradients: Readonly<Record<string, { readonly shape: number[]; readonly data: number[] }>>;
  readonly logits: { readonly data: readonly number[] };
  readonly loss: number;
};
const weights: Weights = Object.fromEntries(
  Object.entries(reference.weights).map(([name, { shape, data }]) => [
    name,
    { shape, data: Float32Array.from(data) },
  ]),
);
const vectors = weights["embeddings.fixed"];
const sized = { words: 12, classes: 3, vectors };
const small = { embedding: 4, hidden: 5, weightDrop: 0 };
const adam: Optimizer = [scaleByAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, biasCorrection: true })];

/** The texts of the reference, or others, padded to `tokens`. */
function batch(tokens = 6, ids = reference.ids, lengths = reference.lengths) {
  const cells = (cell: (row: number, t: number) => number) =>
    ids.flatMap((_, row) => Array.from({ length: tokens }, (_, t) => cell(row, t)));
  const shape = [ids.length, tokens];
  return {
    ids: { shape, data: Int32Array.from(cells((row, t) => (t < lengths[row] ? ids[row][t] : 0))) },
    mask: { shape, data: Float32Array.from(cells((row, t) => (t < lengths[row] ? 1 : 0))) },
  };
}

function opened(options: Partial<RecurrentOptions> = {}, mode?: "eager", own: Weights = weights): Engine {
  const model = recurrentModel(resolveRecurrent({ ...small, ...options }), sized, new Random(1));
  const values = Object.fromEntries(
    Object.keys(model.weights).map((name) => [name, own[name] ?? model.weights[name]]),
  );
  const apply = (context: StepContext) =>
    model.layers.reduce<ReturnType<StepContext["dropout"]> | null>(
      (x, layer) => layer.apply(x, context),
      null,
    )!;
  const labels = { shape: [4], dtype: "int32" } as const;
  const ids = {
    ids: { shape: [4, ANY], dtype: "int32" },
    mask: { shape: [4, ANY], dtype: "float32" },
  } as const;
  return openEngine({
    weights: values,
    trainable: Object.keys(values),
    outputs: apply,
    loss: (context) => crossEntropy(apply(context), context.inputs.labels, context.inputs.ones),
    outputShapes: [ids],
    trainShapes: [{ ...ids, labels, ones: { shape: [4], dtype: "float32" } }],
    optimizer: adam,
    mode,
  });
}

const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, name = "") => {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++)
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= tolerance,
      `${name} ${i}: ${actual[i]} is not ${expected[i]}`,
    );
};
const withLabels = (inputs: Readonly<Record<string, HostArray>>) => ({
  ...inputs,
  labels: { shape: [4], data: Int32Array.from(reference.labels) },
  ones: { shape: [4], data: new Float32Array(4).fill(1) },
});

before(ready);

for (const mode of [undefined, "eager"] as const) {
  test(`logits and gradients are PyTorch's, ${mode ?? "traced"}`, () => {
    const engine = opened({}, mode);
    if (mode === undefined) assert.equal(engine.mode, "traced", engine.reason);
    near(engine.outputs(batch()).data, reference.logits.data, 1e-5, "logit");
    const { loss } = engine.step(withLabels(batch()), { learningRate: 0, seed: 1 });
    near([loss], [reference.loss], 1e-5, "loss");
    // after one step Adam's first moment is a tenth of the gradient
    for (const [name, { data }] of Object.entries(engine.optimizerState().firstMoments))
      near(
        Array.from(data, (value) => 10 * value),
        reference.gradients[name].data,
        1e-4,
        name,
      );
    engine.dispose();
  });
}

test("texts of one word are a step like others, traced as eager", () => {
  const words = batch(1, reference.ids, [1, 1, 1, 1]);
  const [traced, eager] = ([undefined, "eager"] as const).map((mode) => {
    const engine = opened({}, mode);
    engine.step(withLabels(words), { learningRate: 0, seed: 1 });
    const { firstMoments } = engine.optimizerState();
    engine.dispose();
    return firstMoments;
  });
  for (const [name, { data }] of Object.entries(eager)) near(traced[name].data, data, 1e-6, name);
});

test("a masked text's logits do not depend on how far it is padded", () => {
  const engine = opened();
  near(engine.outputs(batch(12)).data, engine.outputs(batch()).data, 1e-6);
  engine.dispose();
});

test("without the mask they do, as in the post", () => {
  const engine = opened({ masked: false });
  const [short, long] = [batch(), batch(12)].map((inputs) => engine.outputs(inputs).data);
  assert.ok(short.some((value, i) => Math.abs(value - long[i]) > 1e-3));
  engine.dispose();
});

test("each pooling reads what its name says", () => {
  const own = (pooling: "first" | "last" | "max" | "mean") => {
    const engine = opened({ pooling: [pooling] }, undefined, {
      ...weights,
      // what is pooled comes out as it is
      "classifier.weight": {
        shape: [10, 10],
        data: Float32Array.from({ length: 100 }, (_, i) => (i % 11 === 0 ? 1 : 0)),
      },
      "classifier.bias": { shape: [10], data: new Float32Array(10) },
    });
    const { data } = engine.outputs(batch());
    engine.dispose();
    return Array.from({ length: 4 }, (_, row) => Array.from(data.subarray(10 * row, 10 * row + 10)));
  };
  const [first, last, max, mean] = (["first", "last", "max", "mean"] as const).map(own);
  // the third text has one word: all are the same
  for (const pooled of [last, max, mean]) near(pooled[2], first[2], 1e-6);
  // the backward direction ends at the first word
  near(last[0].slice(5), first[0].slice(5), 1e-6);
  assert.ok(Math.abs(last[0][0] - first[0][0]) > 1e-3);
  max[0].forEach((value, i) => assert.ok(value >= mean[0][i]));
});

test("weight drop changes the loss of a step with its seed, and never a prediction", () => {
  const lossOf = (seed: number) => {
    const engine = opened({ weightDrop: 0.5 });
    near(engine.outputs(batch()).data, reference.logits.data, 1e-5);
    const { loss } = engine.step(withLabels(batch()), { learningRate: 0, seed });
    engine.dispose();
    return loss;
  };
  assert.equal(lossOf(1), lossOf(1));
  assert.notEqual(lossOf(1), lossOf(2));
});

test("a wrong option is refused by its name", () => {
  assert.throws(() => resolveRecurrent({ pooling: [] }), /recurrent: pooling/);
  assert.throws(() => resolveRecurrent({ hidden: 0 }), /recurrent: hidden/);
});
