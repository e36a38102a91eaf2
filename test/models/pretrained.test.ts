import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { bertEncoder } from "../../lib/models/bert";
import { type BertConfig, parseConfig } from "../../lib/models/bert/config";
import { BERT_NAMES } from "../../lib/models/bert/names";
import { classifier as classifierOf } from "../../lib/models/heads";
import { fill, loadPretrained, savePretrained, withoutHead } from "../../lib/models/pretrained";
import { readConfig } from "../../lib/models/registry";
import { projectRoot } from "../../lib/support/files";
import { Random } from "../../lib/support/random";
import { readPyTorch } from "../../packages/hf-files/pytorch";
import { readSafetensors, writeSafetensors } from "../../packages/hf-files/safetensors";
import { shared } from "../shared";

// files of PyTorch and safetensors: test/reference/make_bert.py
const reference = join(projectRoot, "test/reference/bert");
const files = join(reference, "files");
const { path: sharedFiles, skip } = shared("reference");
const folder = mkdtempSync(join(tmpdir(), "pretrained-"));
after(() => rmSync(folder, { recursive: true }));

const values = [1.5, -2, 65504, 0, Math.fround(6.1e-5), Math.fround(-3e-8)];
const asHalf = [1.5, -2, 65504, 0, 6.097555160522461e-5, -5.9604644775390625e-8]; // Tensor.half() of them
const asBrain = [1.5, -2, 65536, 0, 6.103515625e-5, -3.003515303134918e-8]; // Tensor.bfloat16() of them

for (const [name, read] of [
  ["types.safetensors", readSafetensors],
  ["zip.bin", readPyTorch],
  ["old.bin", readPyTorch],
] as const) {
  test(`${name}: every number format is read`, () => {
    const tensors = read(join(files, name));
    assert.deepEqual([...tensors.f32.data], values);
    assert.deepEqual([...tensors.f64.data], values);
    assert.deepEqual([...tensors.f16.data], asHalf);
    assert.deepEqual([...tensors.bf16.data], asBrain);
    assert.deepEqual(tensors.i64, { shape: [2], data: Int32Array.of(3, -4) });
    assert.deepEqual(tensors.f16.shape, [2, 3]);
  });
}

for (const name of ["zip.bin", "old.bin"]) {
  test(`${name}: transposed tensors, parts of tensors and parameters are read`, () => {
    const { turned, part, parameter } = readPyTorch(join(files, name));
    assert.deepEqual(turned, { shape: [4, 3], data: Float32Array.of(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11) });
    assert.deepEqual(part, { shape: [2, 2], data: Float32Array.of(6, 7, 10, 11) });
    assert.deepEqual(parameter, { shape: [1], data: Float32Array.of(7) });
  });
}

for (const name of ["command.bin", "command-old.bin"]) {
  test(`${name}: a file that names a system command is refused by that name`, () => {
    assert.throws(
      () => readPyTorch(join(files, name)),
      /it names posix\.system, which is no part of a tensor.*nothing of it was run/,
    );
    assert.ok(!existsSync("was-run"));
  });
}

test("a whole pickled module is refused by its class", () => {
  assert.throws(() => readPyTorch(join(files, "module.bin")), /it names torch\.nn\.modules\.linear\.Linear/);
});

test("a file that is cut off is named", () => {
  for (const [name, read] of [
    ["types.safetensors", readSafetensors],
    ["zip.bin", readPyTorch],
    ["old.bin", readPyTorch],
  ] as const) {
    const path = join(folder, name);
    copyFileSync(join(files, name), path);
    truncateSync(path, readFileSync(path).length - 9);
    assert.throws(
      () => read(path),
      (error: Error) => error.message.startsWith(path) && /download (it|the file) again/.test(error.message),
      name,
    );
  }
});

test("f16 is written to the nearest half and read back", () => {
  const path = join(folder, "half.safetensors");
  const ties = [1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -25, 3 * 2 ** -25, 65519, 0.1]; // halfway between halves: ties go to even
  writeSafetensors(path, { x: { shape: [6], data: Float32Array.from(ties) } }, "f16");
  assert.deepEqual([...readSafetensors(path).x.data], [1, 1 + 2 ** -9, 0, 2 ** -23, 65504, 0.0999755859375]);
  assert.throws(
    () => writeSafetensors(path, { x: { shape: [1], data: Float32Array.of(1e6) } }, "f16"),
    /tensor x holds a number that f16 cannot/,
  );
});

test("old names become today's", () => {
  assert.equal(BERT_NAMES.parameter("embeddings.LayerNorm.gamma"), "bert.embeddings.LayerNorm.weight");
  assert.equal(
    BERT_NAMES.parameter("bert.encoder.layer.0.output.LayerNorm.beta"),
    "bert.encoder.layer.0.output.LayerNorm.bias",
  );
  assert.equal(BERT_NAMES.parameter("classifier.bias"), "classifier.bias");
  assert.equal(
    BERT_NAMES.parameter("cls.predictions.transform.LayerNorm.gamma"),
    "cls.predictions.transform.LayerNorm.weight",
  );
});

const opened = loadPretrained(join(reference, "masked"));
const classifier = (seed: number, encoder = opened.encoder) =>
  classifierOf(encoder, { head: "linear", classes: 2 }, new Random(seed));

test("what a pre-trained model lacks keeps its random values and is listed, and so is what is left over", () => {
  const model = classifier(1);
  const filled = fill(model, opened);
  assert.deepEqual(filled.missing, [
    "bert.pooler.dense.weight",
    "bert.pooler.dense.bias",
    "classifier.weight",
    "classifier.bias",
  ]);
  assert.equal(filled.leftOver.length, 5);
  assert.ok(filled.leftOver.every((name) => name.startsWith("cls.predictions.")));
  assert.equal(filled.model.weights["classifier.weight"], model.weights["classifier.weight"]);
  assert.equal(
    filled.model.weights["bert.embeddings.LayerNorm.bias"],
    opened.weights["bert.embeddings.LayerNorm.bias"],
  );
});

test("a wrong shape is refused with file, tensor and both shapes", () => {
  const wider = bertEncoder({ ...(opened.encoder.config as BertConfig), vocabularySize: 41 });
  assert.throws(
    () => fill(classifier(1, wider), opened),
    /masked\/model\.safetensors: tensor bert\.embeddings\.word_embeddings\.weight has shape \[40, 12\], the model needs \[41, 12\]/,
  );
});

/** The files of `masked` in a folder of its own, config.json with other values. */
function withConfig(name: string, change: Readonly<Record<string, unknown>>): string {
  const changed = join(folder, name);
  const json = JSON.parse(readFileSync(join(reference, "masked/config.json"), "utf8"));
  writeSafetensors(join(changed, "model.safetensors"), opened.weights);
  writeFileSync(join(changed, "config.json"), JSON.stringify({ ...json, ...change }));
  return changed;
}

test("a pre-trained model without a part of the encoder is refused by that part", () => {
  assert.throws(
    () => loadPretrained(withConfig("deeper", { num_hidden_layers: 3 })),
    /has no tensor bert\.encoder\.layer\.2\.attention\.self\.query\.weight/,
  );
});

test("a layer that config.json does not count is not left out in silence", () => {
  assert.throws(
    () => loadPretrained(withConfig("flatter", { num_hidden_layers: 1 })),
    /tensor bert\.encoder\.layer\.1\.\S+ is no part of the BERT that \S+flatter\/config\.json describes, of 1 layers/,
  );
});

test("sizes of config.json that are not those of the weights are refused by the tensor and both shapes", () => {
  for (const [change, message] of [
    [{ vocab_size: 41 }, /word_embeddings\.weight has shape \[40, 12\], but by config\.json \[41, 12\]/],
    [{ hidden_size: 24 }, /word_embeddings\.weight has shape \[40, 12\], but by config\.json \[40, 24\]/],
    [
      { max_position_embeddings: 12 },
      /position_embeddings\.weight has shape \[10, 12\], but by config\.json \[12, 12\]/,
    ],
    [{ intermediate_size: 24 }, /layer\.0\.intermediate\.dense\.weight has shape \[20, 12\]/],
  ] as const)
    assert.throws(() => loadPretrained(withConfig("other-size", change)), message);
});

/** `masked` with its tensors under other names. */
function renamed(name: string, rename: (tensor: string) => string): string {
  const other = withConfig(name, {});
  const entries = Object.entries(opened.weights).map(([tensor, value]) => [rename(tensor), value] as const);
  writeSafetensors(join(other, "model.safetensors"), Object.fromEntries(entries));
  return other;
}

test("prefixes of DataParallel and sentence-transformers are read as if they were not there", () => {
  for (const [name, prefix] of [
    ["parallel", (tensor: string) => `module.${tensor}`],
    ["sentences", (tensor: string) => tensor.replace(/^(bert\.)?/, "0.auto_model.")],
    ["both", (tensor: string) => tensor.replace(/^(bert\.)?/, "module.0.auto_model.")],
  ] as const)
    assert.deepEqual(loadPretrained(renamed(name, prefix)).weights, opened.weights);
});

/** `masked` in two parts; `lost` stands in the index alone. */
function inParts(name: string, { lost = "", index = "model.safetensors.index.json" } = {}): string {
  const parted = withConfig(name, {});
  rmSync(join(parted, "model.safetensors"));
  const names = Object.keys(opened.weights);
  const partOf = (tensor: string) => `model-0000${1 + (names.indexOf(tensor) % 2)}-of-00002.safetensors`;
  for (const part of new Set(names.map(partOf))) {
    const own = names.filter((tensor) => partOf(tensor) === part && tensor !== lost);
    writeSafetensors(
      join(parted, part),
      Object.fromEntries(own.map((tensor) => [tensor, opened.weights[tensor]])),
    );
  }
  const map = Object.fromEntries(names.map((tensor) => [tensor, partOf(tensor)]));
  writeFileSync(join(parted, index), JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }));
  return parted;
}

test("a model in parts is read as if it were whole", () => {
  const { weights, files, file } = loadPretrained(inParts("parts"));
  assert.deepEqual(weights, opened.weights);
  assert.deepEqual([files.length, file.endsWith("model.safetensors.index.json")], [2, true]);
});

test("parts that PyTorch wrote are read too", () => {
  const stored = join(projectRoot, "test/reference/checkpoints/BertModel-bfloat16");
  const parted = join(folder, "parts-of-pytorch");
  mkdirSync(parted);
  copyFileSync(join(stored, "config.json"), join(parted, "config.json"));
  copyFileSync(join(stored, "pytorch_model.bin"), join(parted, "pytorch_model-00001-of-00001.bin"));
  const names = Object.keys(readPyTorch(join(stored, "pytorch_model.bin")));
  const weight_map = Object.fromEntries(names.map((name) => [name, "pytorch_model-00001-of-00001.bin"]));
  writeFileSync(join(parted, "pytorch_model.bin.index.json"), JSON.stringify({ weight_map }));
  assert.deepEqual(loadPretrained(parted).weights, loadPretrained(stored).weights);
});

test("a missing part, a part without a tensor of its own, and a part elsewhere are named", () => {
  const missing = inParts("missing-part");
  rmSync(join(missing, "model-00002-of-00002.safetensors"));
  assert.throws(
    () => loadPretrained(missing),
    /model-00002-of-00002\.safetensors is missing, which \S+index\.json names/,
  );
  const lost = "bert.encoder.layer.0.output.dense.bias";
  assert.throws(
    () => loadPretrained(inParts("lost-tensor", { lost })),
    /of-00002\.safetensors has no tensor bert\.encoder\.layer\.0\.output\.dense\.bias, which \S+index\.json puts there/,
  );
  const elsewhere = inParts("elsewhere");
  writeFileSync(
    join(elsewhere, "model.safetensors.index.json"),
    JSON.stringify({ weight_map: { x: "../parts/model-00001-of-00002.safetensors" } }),
  );
  assert.throws(() => loadPretrained(elsewhere), /puts x into "\.\.\/parts\S+", which is no file beside it/);
});

test("without its head, a pre-trained model of another number of classes fills a model", () => {
  const three = loadPretrained(join(reference, "classifier"));
  assert.throws(
    () => fill(classifier(1, three.encoder), three),
    /classifier\.weight has shape \[3, 12\], the model needs \[2, 12\]/,
  );
  const { missing } = fill(classifier(1, three.encoder), withoutHead(three));
  assert.deepEqual(missing, ["classifier.weight", "classifier.bias"]);
});

test("a filled model keeps its configuration and length: features are stored under the one, and padded to the other", () => {
  const model = classifier(1),
    { configuration, maxTokens } = fill(model, opened).model;
  assert.deepEqual([configuration, maxTokens], [model.configuration, model.maxTokens]);
  assert.ok(configuration?.includes("pooling"));
});

test("a folder without weights is refused by both file names", () => {
  writeFileSync(join(folder, "config.json"), opened.encoder.configJson());
  assert.throws(() => loadPretrained(folder), /holds neither model\.safetensors nor pytorch_model\.bin/);
});

test("a pre-trained model is saved and opened again with the same bits", () => {
  const from = join(folder, "from");
  const to = join(folder, "to");
  const { model } = fill(classifier(1), opened);
  writeSafetensors(join(from, "model.safetensors"), {});
  writeFileSync(join(from, "vocab.txt"), "[PAD]\n");
  writeFileSync(join(from, "tokenizer_config.json"), JSON.stringify({ word_tokenizer_type: "mecab" }));
  savePretrained(to, {
    encoder: opened.encoder,
    weights: model.weights,
    tokenizerFrom: from,
    labels: ["不評", "好評"],
  });
  const again = loadPretrained(to);
  assert.deepEqual(again.encoder.config, opened.encoder.config);
  assert.deepEqual(again.weights, model.weights);
  assert.deepEqual(again.labels, ["不評", "好評"]);
  assert.equal(readFileSync(join(to, "vocab.txt"), "utf8"), "[PAD]\n");
  const json = JSON.parse(readFileSync(join(to, "config.json"), "utf8"));
  assert.deepEqual(
    [json.architectures, json.id2label],
    [["BertForSequenceClassification"], { 0: "不評", 1: "好評" }],
  );
});

test("configurations that are not an encoder with absolute positions are refused by field and value", () => {
  const json = JSON.parse(opened.encoder.configJson());
  assert.deepEqual(parseConfig(json, "config.json"), opened.encoder.config);
  assert.throws(
    () => parseConfig({ ...json, hidden_act: "silu" }, "config.json"),
    /hidden_act is "silu", but must be one of gelu/,
  );
  assert.throws(
    () => parseConfig({ ...json, type_vocab_size: 1 }, "config.json"),
    /type_vocab_size is 1, but must be at least 2/,
  );
  assert.throws(
    () => parseConfig({ ...json, num_attention_heads: 5 }, "config.json"),
    /num_attention_heads is 5, but must be a divisor of hidden_size 12/,
  );
  assert.throws(
    () => parseConfig({ ...json, position_embedding_type: "relative_key" }, "config.json"),
    /position_embedding_type/,
  );
  assert.throws(() => readConfig(join(folder, "none.json")), /none\.json is missing: copy the model/);
});

test("an encoder that is not in the registry is refused by its model_type, with those that are", () =>
  assert.throws(
    () => loadPretrained(withConfig("other-encoder", { model_type: "deberta-v2" })),
    /config\.json: model_type is "deberta-v2", but must be one of bert, modernbert, distilbert, roberta, electra: /,
  ));

test("the shared golden BERT is the same in both formats, and an old file without prefix fills a model", {
  skip,
}, () => {
  const golden = join(sharedFiles, "tiny-bert-golden");
  assert.deepEqual(
    readPyTorch(join(golden, "pytorch_model.bin")),
    readSafetensors(join(golden, "model.safetensors")),
  );
  const old = loadPretrained(join(sharedFiles, "allennlp-bert-xsmall-dummy"));
  const { missing, leftOver } = fill(classifier(1, old.encoder), old);
  assert.deepEqual([missing, leftOver], [["classifier.weight", "classifier.bias"], []]);
});
