import assert from "node:assert/strict";
import { test } from "node:test";
import { rotaryAngles, windowBias } from "../attention";
import { type Tensor, tf } from "../backend";
import { openEngine } from "../engine";
import { ANY, type GraphShapes, type HostInputs, type StepContext, shapesOf } from "../engine-types";
import { onNative } from "./native";
import { ADAMW, TINY, tinyBatch, tinyLogits, tinyLoss, tinyWeights } from "./tiny";

const weights = tinyWeights(TINY);
const trainable = Object.keys(weights);
const lengths = [1, 5, 7, 9];
const batches = lengths.map((tokens, i) => tinyBatch(TINY, 3, tokens, i));
const anyLength: GraphShapes = Object.fromEntries(
  Object.entries(shapesOf(batches[1])).map(([name, { shape, dtype }]) => [
    name,
    { dtype, shape: shape.length === 2 ? [shape[0], ANY] : shape },
  ]),
);

function results(shapes: readonly GraphShapes[]) {
  const engine = openEngine({
    weights,
    trainable,
    loss: tinyLoss(TINY, 0.1),
    outputs: (context) => tinyLogits(TINY, context),
    trainShapes: shapes,
    outputShapes: shapes,
    optimizer: ADAMW,
  });
  const steps = batches.map((batch, seed) => engine.step(batch, { learningRate: 1e-3, seed }));
  const logits = batches.flatMap((batch) => [...engine.outputs(batch).data]);
  engine.dispose();
  return [...steps.flatMap(({ loss, gradientNorm }) => [loss, gradientNorm]), ...logits];
}

test("one graph for any length gives the losses, norms and logits of a graph for each", onNative, () => {
  const each = results(batches.map(shapesOf));
  results([anyLength]).forEach((value, i) =>
    assert.ok(Math.abs(value - each[i]) <= 1e-6 * Math.abs(each[i]), `${i}: ${value}, ${each[i]}`),
  );
});

const mask = (tokens: number): HostInputs => ({
  mask: { shape: [2, tokens], data: new Float32Array(2 * tokens).fill(1) },
});

function opened(outputs: (mask: Tensor) => Tensor) {
  const shapes: GraphShapes = { mask: { shape: [2, ANY], dtype: "float32" } };
  return openEngine({
    weights: {},
    outputs: ({ inputs }: StepContext) => outputs(inputs.mask),
    outputShapes: [shapes],
  });
}

const length = (x: Tensor) => x.shape[1] ?? 0;
const refused: readonly (readonly [string, (mask: Tensor) => Tensor, RegExp])[] = [
  ["more operations on longer texts", (x) => (length(x) > 4 ? tf.neg(x) : x), /has more operations/],
  [
    "other operations on longer texts",
    (x) => (length(x) > 4 ? tf.neg(x) : tf.square(x)),
    /the operation \w+ is another one/,
  ],
  ["a size that is not on a line", (x) => tf.tile(x, [1, length(x) ** 2]), /do not lie on a line/],
  [
    "a number that depends on the length",
    (x) => tf.mul(x, 1 / length(x)),
    /a constant \[\] depends on the length/,
  ],
];
for (const [what, outputs, reason] of refused) {
  test(`${what}: refused by name, and run op by op`, onNative, () => {
    const engine = opened(outputs);
    assert.match(engine.reason, reason);
    assert.deepEqual([...engine.outputs(mask(6)).data], [...outputs(tf.ones([2, 6])).dataSync()]);
    engine.dispose();
  });
}

test("positions and windows are as long as the texts, traced once", onNative, () => {
  const engine = opened((x) => {
    const [cosine] = rotaryAngles(length(x), 4, 100);
    return tf.add(tf.sum(cosine, 1), tf.sum(windowBias(length(x), length(x), 2), 1));
  });
  assert.equal(engine.mode, "traced");
  for (const tokens of [3, 10]) {
    const { data } = engine.outputs(mask(tokens));
    data.forEach((value, t) => {
      const hidden = tokens - Math.min(tokens, t + 3) + Math.max(0, t - 2);
      const expected = Math.cos(t) + Math.cos(t / 10) - 1e9 * hidden;
      assert.ok(Math.abs(value - expected) <= 1e-5 * Math.max(1, Math.abs(expected)), `${tokens}: ${t}`);
    });
    assert.equal(data.length, tokens);
  }
  engine.dispose();
});

test("a size that falls as texts grow is computed too", onNative, () => {
  const engine = opened((x) =>
    tf.pad(x, [
      [0, 0],
      [0, 20 - length(x)],
    ]),
  );
  assert.equal(engine.mode, "traced");
  assert.deepEqual(
    [3, 16, 20].map((tokens) => engine.outputs(mask(tokens)).shape),
    [
      [2, 20],
      [2, 20],
      [2, 20],
    ],
  );
  engine.dispose();
});

test("inputs that disagree about the length are refused", onNative, () => {
  const engine = openEngine({
    weights,
    outputs: (context) => tinyLogits(TINY, context),
    outputShapes: [anyLength],
  });
  assert.throws(
    () => engine.outputs({ ...batches[1], mask: batches[2].mask }),
    /no graph of outputs for .*mask float32\[3,7\]/,
  );
  engine.dispose();
});

test("a number repeated may be large in a graph, other numbers may not", onNative, () => {
  const size = 1 << 19;
  const [repeated, other] = [
    opened(() => tf.sum(tf.ones([size]))),
    opened(() => tf.sum(tf.tensor1d(Float32Array.from({ length: size }, (_, i) => i)))),
  ];
  assert.deepEqual([repeated.mode, ...repeated.outputs(mask(6)).data], ["traced", size]);
  assert.match(other.reason, /makes a constant of 2097152 bytes/);
  [repeated, other].forEach((engine) => engine.dispose());
});
