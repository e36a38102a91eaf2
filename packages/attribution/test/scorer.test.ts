/** Gradient × input against numerical differences, for encoders whose embeddings go different ways. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readEncoder } from "../../../lib/models/encoders";
import { classifier } from "../../../lib/models/heads";
import type { Layer, Model } from "../../../lib/models/model";
import { Random } from "../../../lib/support/random";
import { writeTinyModel } from "../../../test/experiment/tiny-model";
import { tf } from "../../tfjs-graph";
import type { TokenIds } from "../../tokenizer";
import { openScorer } from "..";

const folder = mkdtempSync(join(tmpdir(), "komalab-scorer-"));
after(() => rmSync(folder, { recursive: true }));

const FAMILY = {
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 32,
  max_position_embeddings: 41,
  initializer_range: 0.3, // gradients that a difference in float32 can show
};
const CASES = [
  { config: { ...FAMILY, model_type: "bert" }, options: { head: "linear", pooling: "cls" } },
  { config: { ...FAMILY, model_type: "bert" }, options: { head: "3MLP", pooling: "mean" } },
  { config: { ...FAMILY, model_type: "modernbert" }, options: { head: "linear", pooling: "mean" } },
  {
    config: { ...FAMILY, model_type: "electra", embedding_size: 8 },
    options: { head: "linear", pooling: "cls" },
  },
  {
    config: { ...FAMILY, model_type: "roberta", type_vocab_size: 1, pad_token_id: 0 },
    options: { head: "linear", pooling: "cls" },
  },
] as const;

const textOf = (ids: readonly number[]): TokenIds => ({ ids, segmentIds: ids.map(() => 0) });
const TEXTS = [textOf([2, 7, 6, 7, 3]), textOf([2, 5, 3]), textOf([2, 8, 9, 10, 11, 6, 5, 3])];

/** The model with a second name for a token, whose embedding is `factor` times as long where it comes out. */
function scaled(model: Model, id: number, factor: number): Model {
  const { shape, data } = model.weights[model.lookup!],
    [rows, width] = shape,
    [first, ...rest] = model.layers;
  const longer = new Float32Array(data.length + width);
  longer.set(data as Float32Array);
  longer.set(data.subarray(id * width, (id + 1) * width) as Float32Array, data.length);
  const apply: Layer["apply"] = (x, context) => {
    const renamed = tf.cast(tf.equal(context.inputs.ids, tf.scalar(rows, "int32")), "float32"); // [B, T]
    return tf.mul(first.apply(x, context), tf.expandDims(tf.add(1, tf.mul(renamed, factor - 1)), 2));
  };
  const table = { shape: [rows + 1, width], data: longer };
  return {
    ...model,
    layers: [{ ...first, apply }, ...rest],
    weights: { ...model.weights, [model.lookup!]: table },
  };
}

for (const [i, { config, options }] of CASES.entries())
  test(`${config.model_type}, ${options.head}, ${options.pooling}: what a token adds is how the logit changes as its embedding grows`, async () => {
    const place = mkdtempSync(join(folder, `${i}-`));
    writeTinyModel(place, ["とても良い", "ひどく悪い"], { config });
    const { encoder } = readEncoder(join(place, "config.json"));
    const model = classifier(encoder, { ...options, classes: 3 }, new Random(5)),
      labels = [1, 2, 0];
    const scorer = await openScorer(model);
    const found = scorer.gradientTimesInput(TEXTS, labels);
    scorer.dispose();
    const last = model.weights[model.lookup!].shape[0],
      step = 0.01;
    for (const [t, { ids }] of TEXTS.entries())
      for (const at of [0, 1, ids.length - 2]) {
        const changed = textOf(ids.map((id, place) => (place === at ? last : id)));
        const [less, more] = await Promise.all(
          [1 - step, 1 + step].map(async (factor) => {
            const other = await openScorer(scaled(model, ids[at], factor));
            const [logits] = other.logits([changed]);
            other.dispose();
            return logits[labels[t]];
          }),
        );
        const slope = (more - less) / (2 * step);
        assert.ok(
          Math.abs(found[t][at] - slope) < 2e-3 + 0.01 * Math.abs(slope),
          `text ${t}, token ${at}: ${found[t][at]} for ${slope}`,
        );
        assert.ok(Math.abs(slope) > 1e-4, `text ${t}, token ${at} changes nothing`);
      }
  });

test("a model without word embeddings is refused", async () =>
  assert.rejects(openScorer({ layers: [], weights: {} }), /no word embeddings/));
