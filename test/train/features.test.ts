import assert from "node:assert/strict";
import { test } from "node:test";
import { bertEncoder } from "../../lib/models/bert";
import { parseConfig } from "../../lib/models/bert/config";
import { classifier } from "../../lib/models/heads";
import type { Layer } from "../../lib/models/model";
import { Random } from "../../lib/support/random";
import { forgetFeatures, trainableLayers } from "../../lib/train/features";
import { freezeMode } from "../../lib/train/freeze";
import { ready } from "../../packages/tfjs-graph";
import { tf } from "../../packages/tfjs-graph/backend";
import type { TokenIds } from "../../packages/tokenizer";
import { smallModel } from "./small";

/** Another text for every number below 8 to the power of `tokens`. */
const text = (tokens: number, n: number): TokenIds => ({
  ids: Array.from({ length: tokens }, (_, i) => Math.floor(n / 8 ** i) % 8),
  segmentIds: new Array<number>(tokens).fill(0),
});
const one = text(13, 400);
const others = Array.from({ length: 300 }, (_, i) => text(i % 2 ? 16 : 1 + (i % 40), i));

/** Of `one`, computed with all of `texts`, by a model whose layers see how many rows a batch has, or do not. */
async function featuresAmong(texts: readonly TokenIds[], seeRows: boolean): Promise<Float32Array> {
  await ready();
  forgetFeatures();
  const { layers, ...rest } = smallModel();
  const seeing = layers.map((layer): Layer => {
    const apply: Layer["apply"] = (x, context) => {
      const y = layer.apply(x, context);
      return tf.add(y, tf.scalar(y.shape[0] / 1000)); // as if products of other sizes had other bits
    };
    return { ...layer, apply };
  });
  const model = { ...rest, layers: seeRows ? seeing : layers };
  const freeze = freezeMode("fixed", model, { newPooler: true });
  const { features } = await trainableLayers({ model, freeze, texts, cache: "memory" });
  return features!.of(one);
}

for (const [machine, seeRows] of [
  ["where products of many rows give the bits of those of few", false],
  ["where they do not", true],
] as const)
  test(`a text has the same features alone and among 300 others ${machine}`, async () =>
    assert.deepEqual(await featuresAmong([one], seeRows), await featuresAmong([one, ...others], seeRows)));

const bert = bertEncoder(
  parseConfig(
    {
      vocab_size: 8,
      hidden_size: 64,
      num_attention_heads: 4,
      num_hidden_layers: 2,
      intermediate_size: 256,
      max_position_embeddings: 64,
    },
    "config.json",
  ),
);
for (const [what, mode, tokens] of [
  ["of a text", "fixed", 36],
  ["of its tokens", "last", 28],
] as const)
  test(`features ${what} are equal in groups of any size`, async () => {
    await ready();
    const model = classifier(bert, { head: "linear", classes: 2 }, new Random(1)),
      freeze = freezeMode(mode, model, { newPooler: false });
    // computed first, in many rows, so that none are computed in small batches for their sake
    const first = Array.from({ length: 170 }, (_, i) => text(12, i));
    const same = Array.from({ length: 32 }, (_, i) => text(tokens, i));
    const among = async (count: number) => {
      forgetFeatures();
      const texts = [...first, ...same.slice(0, count)];
      const { features } = await trainableLayers({ model, freeze, texts, cache: "memory" });
      return same.slice(0, count).map((one) => features!.of(one));
    };
    const all = await among(same.length);
    for (let count = 1; count < same.length; count++)
      assert.deepEqual(await among(count), all.slice(0, count), `of ${count}`);
  });
