/** ModernBERT's folders, names and layers; its numbers are compared in test/train/encoders.test.ts. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { classifier } from "../../lib/models/heads";
import { modernBertEncoder } from "../../lib/models/modernbert";
import { parseModernBertConfig } from "../../lib/models/modernbert/config";
import { fill, loadPretrained } from "../../lib/models/pretrained";
import { isDecayed } from "../../lib/models/registry";
import { Random } from "../../lib/support/random";
import { type FreezeMode, freezeMode, parameterGroup } from "../../lib/train/freeze";
import { writeSafetensors } from "../../packages/hf-files";

const folder = mkdtempSync(join(tmpdir(), "modernbert-"));
after(() => rmSync(folder, { recursive: true }));

const JSON_OF_4 = {
  model_type: "modernbert",
  vocab_size: 30,
  hidden_size: 8,
  num_hidden_layers: 4,
  num_attention_heads: 2,
  intermediate_size: 12,
  max_position_embeddings: 64,
  pad_token_id: 3,
  global_attn_every_n_layers: 3,
  global_rope_theta: 160000.0,
  local_rope_theta: 20000.0,
  classifier_pooling: "mean",
};
const parse = (more: object = {}) => parseModernBertConfig({ ...JSON_OF_4, ...more }, "config.json");
const encoder = modernBertEncoder(parse());
const classifierOf = (seed: number) => classifier(encoder, { head: "linear", classes: 2 }, new Random(seed));

test("both spellings of layers and rotary positions are read alike, and what is written is read back", () => {
  const { global_attn_every_n_layers, global_rope_theta, local_rope_theta, ...others } = JSON_OF_4;
  const [full, sliding] = ["full_attention", "sliding_attention"];
  const of5 = parseModernBertConfig(
    {
      ...others,
      layer_types: [full, sliding, sliding, full],
      rope_parameters: {
        [full]: { rope_type: "default", rope_theta: 160000 },
        [sliding]: { rope_type: "default", rope_theta: 20000 },
      },
    },
    "config.json",
  );
  assert.deepEqual(of5, encoder.config);
  assert.deepEqual(parseModernBertConfig(JSON.parse(encoder.configJson()), "config.json"), encoder.config);
});

test("a config.json of layers and positions that are not built is refused by field and value", () => {
  for (const [change, message] of [
    [{ layer_types: ["sliding_attention"] }, /layer_types is \["sliding_attention"\], but must be/],
    [{ rope_parameters: { full_attention: { rope_type: "yarn" } } }, /rope_parameters is .*"yarn"/],
    [{ classifier_pooling: "max" }, /classifier_pooling is "max", but must be cls or mean/],
    [{ hidden_activation: "silu" }, /hidden_activation is "silu", but must be one of gelu/],
    [{ norm_bias: "no" }, /norm_bias is "no", but must be true or false/],
  ] as const)
    assert.throws(() => parse(change), message);
});

test("without local_rope_theta local layers have transformers' base, with null the global one", () => {
  const { local_rope_theta, ...others } = JSON_OF_4;
  assert.equal(parseModernBertConfig(others, "config.json").base.local, 10000);
  assert.equal(parse({ local_rope_theta: null }).base.local, 160000);
});

test("no bias is there unless config.json says so, and no normalisation before attention in layer 0", () => {
  const names = Object.keys(encoder.shapes);
  assert.deepEqual(
    names.filter((name) => /bias|layers\.0\.attn_norm/.test(name)),
    [],
  );
  const all = { norm_bias: true, attention_bias: true, mlp_bias: true, classifier_bias: true };
  const withBiases = Object.keys(modernBertEncoder(parse(all)).shapes);
  // every weight but the word embeddings' has one
  assert.equal(withBiases.length, 2 * names.length - 1);
});

test("normalisations do not decay, maps and embeddings do", () => {
  const spared = Object.keys(encoder.shapes).filter((name) => !isDecayed(name));
  assert.deepEqual(
    spared.filter((name) => !/norm\.weight$/.test(name)),
    [],
  );
  assert.equal(spared.length, 2 * 4 - 1 + 3);
});

const model = classifierOf(1);
const trainedBy = (mode: FreezeMode) =>
  Object.keys(model.weights).filter(freezeMode(mode, model, { newPooler: false }));

test("the last layer has the final normalisation, and the dense part of the classifier is the pooler", () => {
  const groups = Object.fromEntries(
    Object.keys(model.weights).map((name) => [name, parameterGroup(model, name)]),
  );
  assert.equal(groups["model.final_norm.weight"], "layer.3");
  assert.deepEqual([groups["head.dense.weight"], groups["head.norm.weight"]], ["pooler", "pooler"]);
  assert.deepEqual(trainedBy("fixed"), ["classifier.weight", "classifier.bias"]);
  assert.ok(trainedBy("last").includes("model.final_norm.weight"));
  assert.ok(trainedBy("last").every((name) => !name.startsWith("model.layers.2")));
});

test("its classifier pools as config.json says, and as asked where it is asked", () => {
  const pooled = (pooling?: "cls" | "mean") =>
    classifier(encoder, { head: "linear", classes: 2, pooling }, new Random(1)).layers.map(
      ({ name }) => name,
    );
  assert.deepEqual(pooled(), pooled("mean"));
  assert.ok(!pooled("cls").includes("mean pooling"));
});

/** A folder with these tensors. */
function written(name: string, weights: typeof model.weights): string {
  const path = join(folder, name);
  writeSafetensors(join(path, "model.safetensors"), weights);
  writeFileSync(join(path, "config.json"), encoder.configJson());
  return path;
}

test("a folder of ModernBertModel, without prefix and head, fills all but the head", () => {
  const bare = Object.entries(encoder.network(new Random(2)).weights)
    .filter(([name]) => name.startsWith("model."))
    .map(([name, tensor]) => [name.slice("model.".length), tensor] as const);
  const { missing, leftOver } = fill(
    classifierOf(1),
    loadPretrained(written("bare", Object.fromEntries(bare))),
  );
  assert.deepEqual(missing, [
    "head.dense.weight",
    "head.norm.weight",
    "classifier.weight",
    "classifier.bias",
  ]);
  assert.deepEqual(leftOver, []);
});

test("a folder of ModernBertForMaskedLM fills the pooler too, and words are filled in by its head", () => {
  const masked = encoder.maskedWords(new Random(2));
  const pretrained = loadPretrained(written("masked", masked.weights));
  assert.deepEqual(fill(classifierOf(1), pretrained).missing, ["classifier.weight", "classifier.bias"]);
  assert.deepEqual(fill(classifierOf(1), pretrained).leftOver, ["decoder.bias"]);
  assert.deepEqual(fill(encoder.maskedWords(new Random(3)), pretrained).missing, []);
});

test("a tensor that does not fit is refused by file, tensor and shapes", () => {
  const weights = { ...model.weights, "model.layers.1.attn.Wqkv.weight": model.weights["head.dense.weight"] };
  assert.throws(
    () => loadPretrained(written("misfit", weights)),
    /misfit\/model\.safetensors: tensor model\.layers\.1\.attn\.Wqkv\.weight has shape \[8, 8\], but by config\.json \[24, 8\]/,
  );
  const { "model.layers.2.mlp.Wo.weight": _, ...fewer } = model.weights;
  assert.throws(
    () => loadPretrained(written("fewer", fewer)),
    /has no tensor model\.layers\.2\.mlp\.Wo\.weight: it is not the ModernBERT/,
  );
});
