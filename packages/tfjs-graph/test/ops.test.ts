import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Random } from "../../../lib/support/random";
import { attention, cutHeads, maskBias, mergeHeads, rotary, rotaryAngles, windowBias } from "../attention";
import { ready, type Tensor, tf } from "../backend";
import { dropout } from "../dropout";
import { nativeOp, typeAttribute } from "../native";
import {
  crossEntropies,
  crossEntropy,
  dense,
  firstToken,
  gather,
  geglu,
  gelu,
  geluTanh,
  layerNorm,
  meanOfTokens,
} from "../ops";
import { bitsFrom } from "../philox";
import { onNative } from "./native";

before(ready);

const random = new Random(11);
const normal = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
    shape,
  );
const ints = (values: number[], shape = [values.length]) => tf.tensor(values, shape, "int32");

/**
 * The gradient of sum(f · fixed weights) against finite differences, each at most 2e-3 of the largest away
 * (float32).
 */
function checkGradient(f: (...xs: Tensor[]) => Tensor, ...xs: Tensor[]): void {
  const out = f(...xs);
  const weights = normal(...out.shape);
  const objective = (...at: Tensor[]) => tf.sum(tf.mul(f(...at), weights));
  const gradients = tf.grads(objective)(xs);
  const step = 1e-2;
  xs.forEach((x, which) => {
    const values = x.dataSync();
    const found = gradients[which].dataSync();
    const expected = Array.from(values, (_, i) => {
      const moved = (by: number) => {
        const copy = Float32Array.from(values);
        copy[i] += by;
        const at = xs.map((other, j) => (j === which ? tf.tensor(copy, x.shape) : other));
        return objective(...at).dataSync()[0];
      };
      return (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12 * step);
    });
    const largest = Math.max(...expected.map(Math.abs));
    expected.forEach((value, i) => {
      assert.ok(
        Math.abs(value - found[i]) <= 2e-3 * largest,
        `argument ${which}, element ${i}: ${found[i]}, by differences ${value}`,
      );
    });
  });
}

const near = (tensor: Tensor, expected: readonly number[], tolerance = 1e-6) =>
  tensor
    .dataSync()
    .forEach((value, i) =>
      assert.ok(Math.abs(value - expected[i]) <= tolerance, `[${i}]: ${value}, expected ${expected[i]}`),
    );

test("dense keeps the weight as [O, I] and multiplies by its transpose", () => {
  near(
    dense(
      tf.tensor2d([[1, 2]]),
      tf.tensor2d([
        [3, 4],
        [5, 6],
        [7, 8],
      ]),
      tf.tensor1d([0.5, 0, 0]),
    ),
    [11.5, 17, 23],
  );
  assert.deepEqual(dense(normal(2, 3, 4), normal(5, 4), normal(5)).shape, [2, 3, 5]);
});
test("dense has the right gradients", () => checkGradient(dense, normal(3, 4), normal(2, 4), normal(2)));

// Values of torch.nn.functional.gelu, both approximations, in float64.
test("gelu is x times the exact normal distribution", () =>
  near(gelu(tf.tensor1d([-1, 0.5, 2])), [-0.15865525, 0.34573123, 1.95449974]));
test("geluTanh approximates it", () =>
  near(geluTanh(tf.tensor1d([-1, 0.5, 2])), [-0.15880801, 0.34571401, 1.95459769]));
test("both GELUs have the right gradient", () =>
  [gelu, geluTanh].forEach((f) => checkGradient(f, normal(7))));
test("geglu is GELU times the gate, with the gradients of both", () => {
  const [x, gate] = [normal(7), normal(7)];
  near(geglu(x, gate), [...tf.mul(gelu(x), gate).dataSync()]);
  checkGradient(geglu, x, gate);
});

test("layerNorm gives mean 0 and variance 1 before scale and shift", () => {
  near(
    layerNorm(tf.tensor2d([[1, 3, 5]]), tf.tensor1d([1, 2, 1]), tf.tensor1d([0, 0, 10])),
    [-1.2247449, 0, 11.2247449],
  );
});
test("layerNorm without a shift is the same, with a shift of 0", () => {
  const [x, scale] = [normal(3, 5), normal(5)];
  near(layerNorm(x, scale, undefined, 1e-5), [...layerNorm(x, scale, tf.zeros([5]), 1e-5).dataSync()]);
  checkGradient((input, g) => layerNorm(input, g, undefined, 1e-5), x, scale);
});
test("layerNorm has the right gradients", () =>
  checkGradient((x, g, b) => layerNorm(x, g, b, 1e-5), normal(3, 5), normal(5), normal(5)));

test("gather picks rows, and the gradients of a row that is picked twice add up", () => {
  const ids = ints([2, 0, 2, 1], [2, 2]);
  near(gather(tf.tensor2d([[1], [2], [3]]), ids), [3, 1, 3, 2]);
  checkGradient((table) => gather(table, ids), normal(4, 3));
});

test("mergeHeads puts together again what cutHeads cuts", () => {
  const x = normal(2, 3, 8),
    heads = cutHeads(x, 4);
  assert.deepEqual(heads.shape, [2, 4, 3, 2]);
  near(mergeHeads(heads), Array.from(x.dataSync()));
});

test("attention gives nothing to padding", () => {
  const [query, key, value] = [normal(1, 2, 3, 4), normal(1, 2, 3, 4), normal(1, 2, 3, 4)];
  const bias = maskBias(tf.tensor2d([[1, 1, 0]]));
  const changed = tf.concat([tf.slice(value, [0, 0, 0, 0], [1, 2, 2, 4]), normal(1, 2, 1, 4)], 2);
  near(
    attention({ query, key, value, bias }),
    Array.from(attention({ query, key, value: changed, bias }).dataSync()),
  );
});
test("attention has the right gradients", () => {
  const bias = maskBias(tf.tensor2d([[1, 1, 0]]));
  checkGradient(
    (query, key, value) => attention({ query, key, value, bias }),
    normal(1, 2, 3, 2),
    normal(1, 2, 3, 2),
    normal(1, 2, 3, 2),
  );
});

test("rotary positions turn each pair of elements, so that a product tells how far apart two tokens are", () => {
  const angles = rotaryAngles(9, 4, 100);
  const turned = rotary(tf.tile(tf.tensor4d([1, 0, 0, 2], [1, 1, 1, 4]), [1, 1, 9, 1]), angles).dataSync();
  const at = (token: number) => [...turned.slice(4 * token, 4 * token + 4)];
  // pairs (1, 0) and (0, 2): the first turns by t, the second by t / √100
  near(tf.tensor1d(at(3)), [Math.cos(3), -2 * Math.sin(0.3), Math.sin(3), 2 * Math.cos(0.3)]);
  const product = (a: number, b: number) => at(a).reduce((sum, x, i) => sum + x * at(b)[i], 0);
  near(tf.scalar(product(0, 2)), [product(5, 7)]);
});
test("rotary positions have the right gradients", () => {
  checkGradient((x) => rotary(x, rotaryAngles(5, 4, 50)), normal(1, 2, 5, 4));
});

test("through a window a token sees those at most so far away, before and after it", () => {
  const seen = windowBias(2, 5, 1).arraySync() as number[][];
  assert.deepEqual(
    seen.map((row) => row.map((bias) => (bias < 0 ? "-" : "x")).join("")),
    ["xx---", "xxx--"],
  );
});

test("firstToken and meanOfTokens leave padding out", () => {
  const x = tf.tensor3d([
    [
      [1, 2],
      [3, 4],
      [50, 60],
    ],
  ]);
  near(firstToken(x), [1, 2]);
  near(meanOfTokens(x, tf.tensor2d([[1, 1, 0]])), [2, 3]);
});

test("crossEntropies are the negative log probabilities of the labels", () => {
  const logits = normal(3, 4);
  const labels = [3, 0, 2];
  const expected = labels.map((label, row) => -Math.log(tf.softmax(logits).dataSync()[4 * row + label]));
  near(crossEntropies(logits, ints(labels)), expected);
});
test("crossEntropy is a weighted mean: a row of weight 0 counts for nothing", () => {
  const logits = normal(3, 4);
  const [a, b] = crossEntropies(logits, ints([1, 2, 3])).dataSync();
  near(crossEntropy(logits, ints([1, 2, 3]), tf.tensor1d([1, 3, 0])), [(a + 3 * b) / 4]);
  checkGradient((x) => crossEntropy(x, ints([1, 2, 3]), tf.tensor1d([1, 3, 0])), logits);
});

test("dropout repeats with a seed, differs between seeds and keeps the mean", () => {
  const x = tf.ones([100, 100]);
  const [first, again, other] = [
    [5, 0],
    [5, 0],
    [5, 1],
  ].map((seed) => dropout(x, 0.25, ints(seed)).dataSync());
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
  assert.deepEqual([...new Set(first)].sort(), [0, Math.fround(4 / 3)]);
  const mean = tf.mean(dropout(x, 0.25, ints([5, 0]))).dataSync()[0];
  assert.ok(Math.abs(mean - 1) < 0.03, `mean ${mean}`);
  const odd = tf.ones([7, 9]);
  assert.deepEqual(dropout(odd, 0.5, ints([5, 0])).shape, [7, 9]);
});

test("the wasm backend's random numbers are TensorFlow's, bit for bit", onNative, () => {
  for (const seed of [
    [0, 0],
    [12345, -7],
    [-2147483648, 2147483647],
  ]) {
    const attributes = [
      typeAttribute("dtype", "int32"),
      typeAttribute("T", "int32"),
      typeAttribute("Tseed", "int32"),
    ];
    const [native] = nativeOp("StatelessRandomUniformFullInt", attributes, [ints([4097]), ints(seed)]);
    assert.deepEqual(bitsFrom(seed, 4097), native.dataSync());
  }
});
