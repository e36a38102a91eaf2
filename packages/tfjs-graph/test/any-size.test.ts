import assert from "node:assert/strict";
import { test } from "node:test";
import { rotaryAngles, windowBias } from "../attention";
import { type Tensor, tf } from "../backend";
import { openEngine, openForBatches } from "../engine";
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

test("one graph for any rows and any length gives the logits of a graph for each", onNative, () => {
  const outputs = (context: StepContext) => tinyLogits(TINY, context);
  const given = lengths.map((tokens, i) => {
    const { ids, mask } = tinyBatch(TINY, 1 + 3 * i, tokens, i);
    return { ids, mask };
  });
  const each = openEngine({ weights, outputs, outputShapes: given.map(shapesOf) }),
    any = openForBatches({ weights, outputs }, given[0], []);
  for (const inputs of given) {
    const [own, one] = [each, any].map((engine) => engine.outputs(inputs));
    assert.deepEqual(one.shape, own.shape);
    one.data.forEach((value, i) =>
      assert.ok(Math.abs(value - own.data[i]) <= 1e-6, `${value}, ${own.data[i]}`),
    );
  }
  for (const engine of [each, any]) engine.dispose();
});

const mask = (tokens: number, rows = 2): HostInputs => ({
  mask: { shape: [rows, tokens], data: new Float32Array(rows * tokens).fill(1) },
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
  ["a size that is not on a line", (x) => tf.tile(x, [1, length(x) ** 2]), /are no sum of multiples/],
  [
    "a number that depends on the length",
    (x) => tf.mul(x, 1 / length(x)),
    /a constant \[\] depends on the size/,
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

const rows = (x: Tensor) => x.shape[0] ?? 0;
const ofRows: readonly (readonly [string, (mask: Tensor) => Tensor])[] = [
  ["a size that grows with the square of the rows", (x) => tf.tile(x, [rows(x) ** 2, 1])],
  ["a number that depends on rows", (x) => tf.mul(x, 1 / rows(x))],
];
for (const [what, outputs] of ofRows) {
  test(`${what} has a graph for each number of rows that is told, and for no other`, onNative, () => {
    const engine = openForBatches(
      { weights: {}, outputs: ({ inputs }) => outputs(inputs.mask) },
      mask(6),
      [2, 3],
    );
    assert.equal(engine.mode, "traced");
    const expected = outputs(tf.ones([3, 5])).dataSync();
    assert.deepEqual([...engine.outputs(mask(5, 3)).data], [...expected]);
    assert.throws(() => engine.outputs(mask(5, 4)), /no graph of outputs for mask float32\[4,5\]/);
    engine.dispose();
  });
}

test("a size of rows, of tokens and of both is a sum", onNative, () => {
  const sizes = (x: Tensor) => tf.pad(tf.reshape(x, [-1]), [[rows(x), 40 - 2 * length(x)]]);
  const engine = openForBatches({ weights: {}, outputs: ({ inputs }) => sizes(inputs.mask) }, mask(6), []);
  assert.deepEqual(
    [
      [3, 1],
      [7, 5],
    ].map(([tokens, rows]) => [...engine.outputs(mask(tokens, rows)).data]),
    [
      [1, 34, 3],
      [5, 26, 35],
    ].map(([before, after, ones]) => [
      ...new Array<number>(before).fill(0),
      ...new Array<number>(ones).fill(1),
      ...new Array<number>(after).fill(0),
    ]),
  );
  engine.dispose();
});

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
