/** What a step computes, counted in its graph: no gradient of what is frozen is among it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../backend";
import { customGradients } from "../custom-gradients";
import { shapesOf } from "../engine-types";
import { gradientsOf } from "../gradients";
import { Graph } from "../graph";
import { DataType } from "../native";
import { Recorder } from "../trace";
import { onNative } from "./native";
import { TINY, tinyBatch, tinyLoss, tinyWeights } from "./tiny";

const weights = tinyWeights(TINY);

/** How many products that give a weight's gradient, and sums that give a bias's, the graph of a step has. */
function gradientsIn(isTrained: (name: string) => boolean) {
  const graph = new Graph(),
    recorder = new Recorder(graph);
  recorder.record(() => {
    const tensors = (shapes: ReturnType<typeof shapesOf>) =>
      Object.fromEntries(
        Object.entries(shapes).map(([name, { shape, dtype }]) => [
          name,
          recorder.tensor(name, { shape, dtype: DataType[dtype] }),
        ]),
      );
    const [parameters, inputs] = [weights, tinyBatch(TINY, 3, 5)].map((arrays) => tensors(shapesOf(arrays)));
    gradientsOf(
      () => tinyLoss(TINY)({ parameters, inputs, dropout: (x) => x }),
      Object.entries(parameters).filter(([name]) => isTrained(name)),
    );
  });
  const turned = graph.nodes.filter(
    ({ op, attributes }) =>
      op === "MatMul" && attributes.some(({ name, value }) => name === "transpose_a" && value),
  );
  return { products: turned.length, sums: graph.nodes.filter(({ op }) => op === "BiasAddGrad").length };
}

// six maps of the layer and the head; two normalisations a layer and one of the embeddings have two sums each
const cases: readonly (readonly [what: string, isTrained: (name: string) => boolean, counted: object])[] = [
  ["everything", () => true, { products: 7, sums: 7 + 6 }],
  ["the biases", (name) => name.endsWith("bias"), { products: 0, sums: 7 + 3 }],
  ["one weight in the middle", (name) => name === "layer.0.up.weight", { products: 1, sums: 0 }],
  ["the head", (name) => name.startsWith("classifier."), { products: 1, sums: 1 }],
];
for (const [what, isTrained, counted] of cases)
  test(`with ${what} trained a step computes these gradients alone`, onNative, () =>
    assert.deepEqual(gradientsIn(isTrained), counted),
  );

test("a gradient that nothing asks for is not computed op by op either", () => {
  const asked: string[] = [];
  const product = customGradients(([a, b], save) => {
    save([a, b]);
    return {
      value: tf.mul(a, b),
      gradFunc: (dy, saved) => [
        () => (asked.push("a"), tf.mul(dy, saved[1])),
        () => (asked.push("b"), tf.mul(dy, saved[0])),
      ],
    };
  });
  const gradient = tf.grad((a) => tf.sum(product(a, tf.tensor1d([2, 3]))))(tf.tensor1d([5, 7]));
  assert.deepEqual([[...gradient.dataSync()], asked], [[2, 3], ["a"]]);
});
