import assert from "node:assert/strict";
import { test } from "node:test";
import { inputsOf, namedInputs, rowsOf } from "..";

/** What an onnxruntime makes a tensor of. */
class Tensor {
  constructor(
    readonly type: "int64",
    readonly data: BigInt64Array,
    readonly dims: readonly number[],
  ) {}
}
const texts = [
  { ids: [2, 7, 3], segmentIds: [0, 0, 0] },
  { ids: [2, 3], segmentIds: [0, 1] },
];
const numbers = ({ data }: Tensor) => [...data].map(Number);

test("the shorter text of a batch is padded with 0, and masked there", () => {
  const { input_ids, attention_mask, token_type_ids } = inputsOf(texts, Tensor);
  assert.deepEqual(numbers(input_ids), [2, 7, 3, 2, 3, 0]);
  assert.deepEqual(numbers(attention_mask), [1, 1, 1, 1, 1, 0]);
  assert.deepEqual(numbers(token_type_ids), [0, 0, 0, 0, 1, 0]);
  assert.deepEqual(input_ids.dims, [2, 3]);
});

test("a model is given the inputs that it has", () =>
  assert.deepEqual(Object.keys(namedInputs(inputsOf(texts, Tensor), ["attention_mask", "input_ids"])), [
    "input_ids",
    "attention_mask",
  ]));

test("each text has its own row of the logits", () =>
  assert.deepEqual(rowsOf({ dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) }), [
    Float32Array.of(1, 2),
    Float32Array.of(3, 4),
  ]));
