/**
 * DistilBERT, RoBERTa and ELECTRA, which compute as BERT does: folders, names and layers; their numbers are
 * compared in test/train/encoders.test.ts.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readEncoder } from "../../lib/models/encoders";
import { classifier } from "../../lib/models/heads";
import { fill, headOf, loadPretrained, withoutHead } from "../../lib/models/pretrained";
import { isDecayed } from "../../lib/models/registry";
import type { Weights } from "../../lib/support/host-array";
import { Random } from "../../lib/support/random";
import { type FreezeMode, freezeMode, parameterGroup } from "../../lib/train/freeze";
import { writeSafetensors } from "../../packages/hf-files";

const folder = mkdtempSync(join(tmpdir(), "family-"));
after(() => rmSync(folder, { recursive: true }));

const FAMILY = {
  vocab_size: 30,
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 12,
  max_position_embeddings: 20,
};
const CONFIGS = {
  distilbert: {
    vocab_size: 30,
    dim: 8,
    n_layers: 2,
    n_heads: 2,
    hidden_dim: 12,
    max_position_embeddings: 20,
  },
  roberta: { ...FAMILY, type_vocab_size: 1 },
  electra: { ...FAMILY, embedding_size: 4 },
} as const;
const KINDS = Object.keys(CONFIGS) as (keyof typeof CONFIGS)[];

function configFile(model_type: string, config: object): string {
  const path = join(folder, `${model_type}.json`);
  writeFileSync(path, JSON.stringify({ model_type, ...config }));
  return path;
}

const encoderOf = (kind: keyof typeof CONFIGS) => readEncoder(configFile(kind, CONFIGS[kind])).encoder;
const classifierOf = (kind: keyof typeof CONFIGS) =>
  classifier(encoderOf(kind), { head: "linear", classes: 2 }, new Random(1));

/** A folder with these tensors. */
function written(kind: keyof typeof CONFIGS, weights: Weights): string {
  const path = join(folder, kind);
  writeSafetensors(join(path, "model.safetensors"), weights);
  writeFileSync(join(path, "config.json"), encoderOf(kind).configJson());
  return path;
}

for (const kind of KINDS) {
  test(`${kind}: what is written of its configuration is read back`, () => {
    const { config, configJson } = encoderOf(kind);
    const path = join(folder, "again.json");
    writeFileSync(path, configJson());
    assert.deepEqual(readEncoder(path).encoder.config, config);
  });

  test(`${kind}: normalisations and biases do not decay, all else does`, () => {
    const spared = Object.keys(encoderOf(kind).shapes).filter((name) => !isDecayed(name));
    assert.deepEqual(
      spared.filter((name) => !/norm\.weight$|bias$/i.test(name)),
      [],
    );
    assert.equal(spared.filter((name) => name.endsWith("weight")).length, 1 + 2 * 2);
  });

  test(`${kind}: its classifier's dense map is the pooler, and the head the map after it`, () => {
    const model = classifierOf(kind),
      { names } = encoderOf(kind);
    assert.equal(parameterGroup(model, `${names.pooler}weight`), "pooler");
    const trainedBy = (mode: FreezeMode) =>
      Object.keys(model.weights).filter(freezeMode(mode, model, { newPooler: false }));
    assert.deepEqual(trainedBy("fixed"), [`${names.classifier}.weight`, `${names.classifier}.bias`]);
    assert.deepEqual(trainedBy("last").filter((name) => name.startsWith(names.pooler)).length, 2);
  });

  test(`${kind}: a folder of its classifier brings its head, and without it all but that`, () => {
    const pretrained = loadPretrained(written(kind, classifierOf(kind).weights));
    assert.deepEqual(headOf(pretrained)?.classes, 2);
    const { classifier: map } = pretrained.encoder.names;
    assert.deepEqual(fill(classifierOf(kind), withoutHead(pretrained)).missing, [
      `${map}.weight`,
      `${map}.bias`,
    ]);
  });

  test(`${kind}: a folder of the bare encoder, without prefix, fills all but its classifier`, () => {
    const { names, network } = encoderOf(kind);
    const bare = Object.entries(network(new Random(2)).weights)
      .filter(([name]) => name.startsWith(names.prefix))
      .map(([name, tensor]) => [name.slice(names.prefix.length), tensor] as const);
    const { missing, leftOver } = fill(
      classifierOf(kind),
      loadPretrained(written(kind, Object.fromEntries(bare))),
    );
    assert.ok(missing.every((name) => name.startsWith(names.pooler) || name.startsWith(names.classifier)));
    assert.equal(missing.length, 4);
    assert.deepEqual(leftOver, []);
  });
}

for (const kind of ["distilbert", "roberta"] as const)
  test(`${kind}: a folder with its masked-word head fills that too`, () => {
    const masked = encoderOf(kind).maskedWords(new Random(2));
    const pretrained = loadPretrained(written(kind, masked.weights));
    assert.deepEqual(fill(encoderOf(kind).maskedWords(new Random(3)), pretrained).missing, []);
  });

test("ELECTRA, whose discriminator fills in no words, is refused for it with encoders that do", () =>
  assert.throws(
    () => encoderOf("electra").maskedWords(new Random(1)),
    /ELECTRA is pre-trained without a head for masked words: .* DistilBERT, RoBERTa or ModernBERT/,
  ));

test("an ELECTRA with embeddings of its layers' width has no projection", () => {
  const { encoder } = readEncoder(configFile("electra", { ...FAMILY, embedding_size: 8 }));
  assert.ok(Object.keys(encoder.shapes).every((name) => !name.includes("project")));
  assert.ok(Object.keys(encoderOf("electra").shapes).some((name) => name.includes("project")));
});

test("RoBERTa has as many positions as it says but those up to padding's id, and one segment at least", () => {
  const { config, shapes } = encoderOf("roberta");
  assert.equal(config.maxPositions, 18);
  assert.deepEqual(shapes["roberta.embeddings.position_embeddings.weight"], [20, 8]);
  assert.deepEqual(shapes["roberta.embeddings.token_type_embeddings.weight"], [1, 8]);
});

test("RobertaModel's pooler is no part of its classifier, and left out", () => {
  const { weights } = classifierOf("roberta");
  const pooler = { "roberta.pooler.dense.bias": { shape: [8], data: new Float32Array(8) } };
  const { leftOver } = fill(
    classifierOf("roberta"),
    loadPretrained(written("roberta", { ...weights, ...pooler })),
  );
  assert.deepEqual(leftOver, []);
});
