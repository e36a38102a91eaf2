/** An adapter that PEFT saved gives PEFT's logits, and one saved here has its layout: test/reference/make_adapters.py. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { classifier } from "../../../lib/models/heads";
import { applyLayers } from "../../../lib/models/model";
import { fill, loadPretrained, withAdapter } from "../../../lib/models/pretrained";
import { projectRoot } from "../../../lib/support/files";
import type { Weights } from "../../../lib/support/host-array";
import { Random } from "../../../lib/support/random";
import { readSafetensors, writeSafetensors } from "../../hf-files";
import { ready, tf } from "../../tfjs-graph/backend";
import { mergeAdapter, readAdapter, writeAdapter } from "../adapter";

const made = join(projectRoot, "test/reference/adapter"),
  base = join(projectRoot, "test/reference/bert/classifier");
const root = mkdtempSync(join(tmpdir(), "komalab-peft-"));
after(() => rmSync(root, { recursive: true }));
let count = 0;
const newFolder = () => join(root, String(++count));
const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));

/** Of the inputs in bert/classifier/expected.safetensors. */
function logitsOf(weights: Weights): Float32Array {
  const { encoder } = loadPretrained(base);
  const network = classifier(encoder, { head: "linear", classes: 3 }, new Random(1));
  const { model } = fill(network, { ...loadPretrained(base), weights });
  const { ids, mask, types } = readSafetensors(join(base, "expected.safetensors"));
  const ints = ({ shape, data }: typeof ids) => tf.tensor(data, [...shape], "int32");
  const parameters = Object.entries(model.weights).map(
    ([name, { shape, data }]) => [name, tf.tensor(data, [...shape])] as const,
  );
  return applyLayers(model.layers, null, {
    parameters: Object.fromEntries(parameters),
    inputs: { ids: ints(ids), segmentIds: ints(types), mask: tf.cast(ints(mask), "float32") },
    dropout: (x) => x,
  }).dataSync() as Float32Array;
}

test("merged, an adapter that PEFT saved gives PEFT's logits within 1e-5", async () => {
  await ready();
  const { weights } = withAdapter(loadPretrained(base), made);
  const actual = logitsOf(weights);
  json(join(made, "expected.json"))
    .logits.flat()
    .forEach((value: number, i: number) => assert.ok(Math.abs(actual[i] - value) <= 1e-5));
});

test("an adapter written here is PEFT's own again: names, numbers, and what its configuration decides", () => {
  const { weights } = readAdapter(made),
    folder = newFolder();
  const { r, lora_alpha, target_modules } = json(join(made, "adapter_config.json"));
  writeAdapter(folder, { rank: r, alpha: lora_alpha, targets: target_modules, weights, base });
  assert.deepEqual(
    readSafetensors(join(folder, "adapter_model.safetensors")),
    readSafetensors(join(made, "adapter_model.safetensors")),
  );
  const { modules_to_save, base_model_name_or_path, ...config } = json(join(folder, "adapter_config.json"));
  const theirs = json(join(made, "adapter_config.json"));
  for (const [field, value] of Object.entries(config)) assert.deepEqual(value, theirs[field], field);
  assert.deepEqual([modules_to_save, base_model_name_or_path], [["classifier"], base]);
  assert.deepEqual(readAdapter(folder), readAdapter(made));
});

test("a module that is part of another is saved whole by its own name", () => {
  const folder = newFolder(),
    bias = { shape: [1], data: Float32Array.of(1) };
  writeAdapter(folder, { rank: 1, alpha: 1, targets: ["q"], weights: { "a.pooler.dense.bias": bias }, base });
  assert.deepEqual(json(join(folder, "adapter_config.json")).modules_to_save, ["a.pooler.dense"]);
  assert.deepEqual(Object.keys(readAdapter(folder).weights), ["a.pooler.dense.bias"]);
});

/** PEFT's adapter with other fields in its configuration. */
function changed(fields: object): string {
  const folder = newFolder();
  cpSync(made, folder, { recursive: true });
  const path = join(folder, "adapter_config.json");
  writeFileSync(path, JSON.stringify({ ...json(path), ...fields }));
  return folder;
}

test("rank-stabilised adapters are scaled by the root of their rank", () =>
  assert.equal(readAdapter(changed({ use_rslora: true })).scaling, 6 / 2));

for (const [fields, words] of [
  [
    { peft_type: "IA3" },
    /adapter_config\.json: peft_type is "IA3", but readable is "LORA": merge it in Python/,
  ],
  [{ use_dora: true }, /use_dora is true/],
  [{ rank_pattern: { query: 2 } }, /rank_pattern is \{"query":2\}/],
  [{ init_lora_weights: "pissa" }, /init_lora_weights is "pissa"/],
  [{ r: "8" }, /r or lora_alpha is no number/],
  [
    { modules_to_save: null },
    /tensor base_model\.model\.classifier\.bias is neither an adapter of a map nor/,
  ],
] as const)
  test(`an adapter that would compute something else is refused: ${Object.keys(fields)}`, () => {
    assert.throws(() => readAdapter(changed(fields)), words);
  });

test("an adapter without its tensors names the file", () => {
  const folder = changed({});
  rmSync(join(folder, "adapter_model.safetensors"));
  assert.throws(
    () => readAdapter(folder),
    /adapter_model\.safetensors is missing, which belongs to adapter_/,
  );
});

test("an adapter of another model is refused with the map and the sizes", () => {
  const adapter = readAdapter(made),
    weights = readSafetensors(join(base, "model.safetensors"));
  const name = "bert.encoder.layer.0.attention.self.query";
  const { [`${name}.weight`]: _, ...without } = weights;
  const of = new RegExp(`^Error: the adapter of ${name} is of another model: its A is \\[4,12\\]`);
  assert.throws(() => mergeAdapter(without, adapter), of);
  const wide = { ...weights, [`${name}.weight`]: { shape: [12, 6], data: new Float32Array(72) } };
  assert.throws(() => mergeAdapter(wide, adapter), of);
  const { [`${name}.lora_B.weight`]: __, ...half } = adapter.weights;
  assert.throws(() => mergeAdapter(weights, { ...adapter, weights: half }), /its B \[missing\]/);
});

test("an adapter of an encoder alone, whose names lack the model's prefix, is merged as well", () => {
  const folder = changed({ modules_to_save: null });
  const stored = readSafetensors(join(made, "adapter_model.safetensors"));
  const bare = Object.entries(stored)
    .filter(([name]) => name.includes("lora_"))
    .map(([name, tensor]) => [name.replace("model.bert.", "model."), tensor]);
  writeSafetensors(join(folder, "adapter_model.safetensors"), Object.fromEntries(bare));
  const name = "bert.encoder.layer.1.output.dense.weight";
  assert.deepEqual(
    withAdapter(loadPretrained(base), folder).weights[name],
    withAdapter(loadPretrained(base), made).weights[name],
  );
});
