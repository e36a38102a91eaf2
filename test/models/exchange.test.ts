/**
 * Checkpoints as transformers' classes store them, in every number format, give transformers' vectors. Files:
 * test/reference/make_checkpoints.py
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { classifier } from "../../lib/models/heads";
import { applyLayers } from "../../lib/models/model";
import { fill, loadPretrained } from "../../lib/models/pretrained";
import { projectRoot } from "../../lib/support/files";
import { Random } from "../../lib/support/random";
import { tokenInputs } from "../../lib/train/batches";
import { ready, tf } from "../../packages/tfjs-graph/backend";

type Rows = readonly (readonly number[])[];

interface Expected {
  readonly ids: Rows;
  readonly types: Rows;
  readonly lengths: readonly number[];
  readonly folders: Readonly<Record<string, { readonly pooled: Rows; readonly logits?: Rows }>>;
}

const root = join(projectRoot, "test/reference/checkpoints");
const { ids, types, lengths, folders } = JSON.parse(
  readFileSync(join(root, "expected.json"), "utf8"),
) as Expected;
const texts = lengths.map((length, i) => ({
  ids: ids[i].slice(0, length),
  segmentIds: types[i].slice(0, length),
}));

const MISSING = {
  BertModel: ["classifier.weight", "classifier.bias"],
  BertForPreTraining: ["classifier.weight", "classifier.bias"],
  BertForSequenceClassification: [],
};
const LEFT_OVER = { BertModel: 0, BertForPreTraining: 7, BertForSequenceClassification: 0 };

for (const [name, { pooled, logits }] of Object.entries(folders)) {
  test(`${name}: what is missing and left over is listed, vectors equal transformers'`, async () => {
    await ready();
    const pretrained = loadPretrained(join(root, name));
    const { model, missing, leftOver } = fill(
      classifier(pretrained.encoder, { head: "linear", classes: 3 }, new Random(1)),
      pretrained,
    );
    const kind = name.split("-")[0] as keyof typeof MISSING;
    assert.deepEqual(missing, MISSING[kind]);
    // pytorch_model.bin also holds the decoder that is tied to the embeddings
    assert.equal(
      leftOver.length - leftOver.filter((left) => left.startsWith("cls.predictions.decoder.")).length,
      LEFT_OVER[kind],
    );
    const host = tokenInputs(texts, texts.length, ids[0].length);
    const tensors = (arrays: typeof host) =>
      Object.fromEntries(
        Object.entries(arrays).map(([key, { shape, data }]) => [key, tf.tensor(data, [...shape])]),
      );
    const context = { parameters: tensors(model.weights), inputs: tensors(host), dropout: <T>(x: T) => x };
    const layers = logits ? model.layers : model.layers.slice(0, -1);
    const actual = applyLayers(layers, null, context).dataSync();
    (logits ?? pooled)
      .flat()
      .forEach((value, i) => assert.ok(Math.abs(actual[i] - value) <= 1e-6, `${actual[i]} is not ${value}`));
  });
}
