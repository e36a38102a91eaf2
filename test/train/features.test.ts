import assert from "node:assert/strict";
import { test } from "node:test";
import type { Layer } from "../../lib/models/model";
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
