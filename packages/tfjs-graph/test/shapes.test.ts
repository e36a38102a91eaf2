/** Every shape rule against TensorFlow itself: what an op gives when traced is what it gives when it runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Tensor, tf } from "../backend";
import { openEngine } from "../engine";
import { type HostInputs, shapesOf } from "../engine-types";
import { gather, range } from "../ops";
import { broadcast } from "../shapes";
import { onNative } from "./native";

const numbers = (...shape: number[]) => ({
  shape,
  data: Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(i + 1)),
});
const inputs: HostInputs = {
  x: numbers(2, 3, 4),
  y: numbers(2, 1, 4),
  z: numbers(2, 4, 5),
  ids: { shape: [3], data: Int32Array.of(2, 0, 1) },
};
type In = Readonly<Record<string, Tensor>>;

const cases: Readonly<Record<string, (i: In) => Tensor>> = {
  matMul: ({ x, z }) => tf.matMul(x, z),
  "matMul, both transposed": ({ x, z }) => tf.matMul(z, x, true, true),
  reshape: ({ x }) => tf.reshape(x, [4, -1]),
  transpose: ({ x }) => tf.transpose(x, [2, 0, 1]),
  expandDims: ({ x }) => tf.expandDims(x, -1),
  cumsum: ({ x }) => tf.cumsum(x, 2),
  gather: ({ x, ids }) => gather(tf.reshape(x, [4, 6]), ids),
  slice: ({ x }) => tf.slice(x, [0, 1, 1], [2, -1, 2]),
  pad: ({ x }) =>
    tf.pad(x, [
      [0, 1],
      [2, 0],
      [1, 1],
    ]),
  tile: ({ x }) => tf.tile(x, [1, 2, 3]),
  concat: ({ x, y }) => tf.concat([x, y], 1),
  oneHot: ({ ids }) => tf.oneHot(ids as tf.Tensor1D, 5),
  unsortedSegmentSum: ({ x, ids }) =>
    tf.unsortedSegmentSum(tf.transpose(x, [1, 0, 2]), ids as tf.Tensor1D, 4),
  fill: () => tf.fill([2, 2], 3),
  range: () => range(5),
  where: ({ x, y }) => tf.where(tf.greater(x, y), x, tf.zerosLike(x)),
  sum: ({ x }) => tf.sum(x, [0, -1]),
  mean: ({ x }) => tf.mean(x, -1, true),
  max: ({ x }) => tf.max(x, 1),
  min: ({ x }) => tf.min(x),
  prod: ({ x }) => tf.prod(x, 2),
  "gradient of relu": ({ x }) => tf.grad((at) => tf.relu(at))(x),
  "gradient of tanh": ({ x }) => tf.grad((at) => tf.tanh(at))(x),
  "gradient of a broadcast product": ({ x, y }) => tf.grads((a, b) => tf.mul(a, b))([x, y])[1],
};
const binary = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  divNoNan: tf.divNoNan,
};
const compared = {
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  equal: tf.equal,
  notEqual: tf.notEqual,
};
const unary = {
  square: tf.square,
  neg: tf.neg,
  exp: tf.exp,
  erf: tf.erf,
  tanh: tf.tanh,
  softmax: tf.softmax,
  logSoftmax: tf.logSoftmax,
  relu: tf.relu,
  sigmoid: tf.sigmoid,
  sign: tf.sign,
  abs: tf.abs,
  sin: tf.sin,
  cos: tf.cos,
  floor: tf.floor,
  softplus: tf.softplus,
  onesLike: tf.onesLike,
  reciprocal: tf.reciprocal,
};
const positive = { sqrt: tf.sqrt, rsqrt: tf.rsqrt, log: tf.log, log1p: tf.log1p };

const all = {
  ...cases,
  ...Object.fromEntries(Object.entries(binary).map(([name, op]) => [name, ({ x, y }: In) => op(x, y)])),
  ...Object.fromEntries(
    Object.entries(compared).map(([name, op]) => [
      name,
      ({ x, y }: In) => tf.cast(tf.logicalNot(op(x, y)), "float32"),
    ]),
  ),
  ...Object.fromEntries(Object.entries(unary).map(([name, op]) => [name, ({ x }: In) => op(x)])),
  ...Object.fromEntries(
    Object.entries(positive).map(([name, op]) => [name, ({ x }: In) => op(tf.square(x))]),
  ),
  pow: ({ x, y }: In) => tf.pow(tf.abs(x), y),
  logicalAnd: ({ x, y }: In) => tf.cast(tf.logicalAnd(tf.greater(x, 0), tf.less(y, 0)), "int32"),
};

/**
 * Runs all cases in one engine: their results laid end to end, with their sizes and shapes as the trace saw
 * them.
 */
function runAll(mode: "traced" | "eager") {
  const shapes: number[][] = [];
  const outputs = ({ inputs: given }: { inputs: In }) =>
    tf.concat(
      Object.values(all).map((op) => {
        const result = op(given);
        shapes.push(result.shape);
        return tf.reshape(tf.cast(result, "float32"), [-1]);
      }),
    );
  const engine = openEngine({ weights: {}, outputs, outputShapes: [shapesOf(inputs)], mode });
  const { data } = engine.outputs(inputs);
  const { reason } = engine;
  engine.dispose();
  return { reason, shapes: shapes.slice(-Object.keys(all).length), data };
}

test("every op gives the same shape and values traced and eagerly", onNative, () => {
  const [traced, eager] = [runAll("traced"), runAll("eager")];
  assert.equal(traced.reason, "");
  assert.deepEqual(
    Object.keys(all).map((name, i) => [name, traced.shapes[i]]),
    Object.keys(all).map((name, i) => [name, eager.shapes[i]]),
  );
  traced.data.forEach((value, i) =>
    assert.ok(Math.abs(value - eager.data[i]) <= 1e-6 * Math.max(1, Math.abs(eager.data[i])), `element ${i}`),
  );
});

test("shapes that cannot be broadcast are refused", () =>
  assert.throws(() => broadcast([2, 3], [4]), /\[2,3\] and \[4\] do not fit/));
