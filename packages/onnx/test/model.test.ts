/** Models that are written as ONNX give onnxruntime the logits that they give TensorFlow. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sizeOf } from "../../../lib/support/host-array";
import { dense, firstToken, gather, tf } from "../../tfjs-graph";
import { onnxModel, type TextNetwork } from "..";
import {
  byOnnxruntime,
  byTensorFlow,
  CLASSES,
  CONFIGS,
  furthest,
  type Kind,
  modelOf,
  networkOf,
  randomTexts,
} from "./small";

const KINDS = Object.keys(CONFIGS) as Kind[];
const TEXTS = randomTexts([9, 30, 3]);

for (const kind of KINDS)
  for (const [pooling, head] of [
    ["cls", "linear"],
    ["mean", "3MLP"],
    ["max", "linear"],
    ["target-mean", "3MLP"],
    ["last4", "linear"],
    ["attention", "linear"],
  ] as const)
    test(`${kind}, pooling ${pooling}, head ${head}: the logits are TensorFlow's within 1e-5`, async () => {
      const model = modelOf(kind, head, pooling);
      const expected = await byTensorFlow(model, TEXTS);
      assert.equal(expected.length, TEXTS.length * CLASSES);
      const file = onnxModel(networkOf(model));
      assert.ok(furthest(await byOnnxruntime(file, TEXTS), expected) < 1e-5);
      // another batch and another length, from the same file
      const alone = await byOnnxruntime(file, TEXTS.slice(0, 1));
      assert.ok(furthest(alone, expected.slice(0, CLASSES)) < 1e-5);
    });

for (const kind of KINDS)
  test(`${kind}: half floats round the weights alone, int8 also what maps read`, async () => {
    const model = modelOf(kind, "linear");
    const expected = await byTensorFlow(model, TEXTS);
    const size = Math.max(...expected.map(Math.abs));
    const [halves, bytes] = await Promise.all(
      (["f16", "int8"] as const).map((precision) =>
        byOnnxruntime(onnxModel(networkOf(model), precision), TEXTS),
      ),
    );
    const [ofHalves, ofBytes] = [halves, bytes].map((logits) => furthest(logits, expected) / size);
    assert.ok(ofHalves > 0 && ofHalves < 2e-3, `${ofHalves}`);
    assert.ok(ofBytes > ofHalves && ofBytes < 0.05, `${ofBytes}`);
  });

/** A table's row for the first token of each text, times a map where there is one. */
const lookUp = (weights: TextNetwork["weights"]): TextNetwork => ({
  weights,
  outputs: ({ parameters: { table, map }, inputs }) => {
    const row = firstToken(gather(table, inputs.ids));
    return map ? dense(row, map) : row;
  },
});

test("f16 is half as large as f32, int8 a quarter and the scales", () => {
  const filled = (...shape: readonly number[]) => ({
    shape,
    data: new Float32Array(sizeOf(shape)).fill(0.5),
  });
  const network = lookUp({ table: filled(4000, 64), map: filled(300, 64) });
  const [whole, ...others] = (["f32", "f16", "int8"] as const).map(
    (precision) => Buffer.concat(onnxModel(network, precision)).length,
  );
  assert.deepEqual(
    others.map((size) => (size / whole).toFixed(2)),
    ["0.50", "0.27"], // 4 bytes for 64 numbers of one
  );
});

test("a table's row is rounded by its own largest number, whatever stands in others", async () => {
  const known = [0.001, -0.00051, 100, 50.3],
    data = Float32Array.from({ length: 600 }, (_, i) => known[i % 4]);
  const texts = [0, 1].map((id) => ({ ids: [id], segmentIds: [0] }));
  const rows = await byOnnxruntime(onnxModel(lookUp({ table: { shape: [300, 2], data } }), "int8"), texts);
  const steps = known.map((value, i) => Math.abs(rows[i] - value) / [0.001 / 127, 100 / 127][i >> 1]);
  assert.ok(Math.max(...steps) > 0.1 && Math.max(...steps) < 0.51, `${steps}`);
});

test("with one scale for the whole table a row of small numbers becomes zeros", async () => {
  const known = [0.001, -0.00051, 100, 50.3],
    data = Float32Array.from({ length: 600 }, (_, i) => known[i % 4]);
  const texts = [0, 1].map((id) => ({ ids: [id], segmentIds: [0] })),
    network = lookUp({ table: { shape: [300, 2], data } });
  const rows = await byOnnxruntime(onnxModel(network, "int8-table"), texts);
  assert.deepEqual(rows.slice(0, 2).map(Math.abs), [0, 0]);
  rows.slice(2).forEach((value, i) => assert.ok(Math.abs(value - known[i + 2]) < 0.51 * (100 / 127)));
});

test("a small table, as that of segments, stays as it is", async () => {
  const data = Float32Array.of(0.001, -0.00051, 100, 50.3);
  const texts = [0, 1].map((id) => ({ ids: [id], segmentIds: [0] }));
  const rows = await byOnnxruntime(onnxModel(lookUp({ table: { shape: [2, 2], data } }), "int8"), texts);
  assert.deepEqual(rows, [...data]);
});

for (const kind of KINDS)
  test(`${kind}: in int8 a text has the same logits alone and beside a longer one`, async () => {
    const file = onnxModel(networkOf(modelOf(kind, "linear")), "int8");
    const together = await byOnnxruntime(file, TEXTS),
      alone = await byOnnxruntime(file, TEXTS.slice(0, 1));
    assert.ok(furthest(alone, together.slice(0, CLASSES)) < 1e-5);
  });

test("an operation that has no counterpart is refused by its name", () =>
  assert.throws(
    () => onnxModel({ weights: {}, outputs: ({ inputs }) => tf.floor(inputs.mask) }),
    /no counterpart in ONNX for TensorFlow's op Floor: add one to packages\/onnx\/convert\.ts/,
  ));

test("the file is of IR version 8 and opset 17", () => {
  const bytes = Buffer.concat(onnxModel(networkOf(modelOf("distilbert", "linear"))));
  assert.deepEqual([...bytes.subarray(0, 2)], [8, 8]); // field 1, a whole number
  assert.deepEqual([...bytes.subarray(-4)], [8 * 8 + 2, 2, 2 * 8, 17]); // field 8, of it field 2
});
