/**
 * A small encoder with every op that BERT has, for the tests and the bench of this room; sizes are settings.
 */

import { type HostArray, sizeOf, type Weights } from "../../../lib/support/host-array";
import { Random } from "../../../lib/support/random";
import { attention, cutHeads, maskBias, mergeHeads } from "../attention";
import { type Tensor, tf } from "../backend";
import { checkpointed } from "../checkpoint";
import type { HostInputs, StepContext } from "../engine-types";
import { crossEntropies, crossEntropy, dense, firstToken, gather, gelu, layerNorm } from "../ops";
import {
  type AdamOptions,
  addDecayedWeights,
  clipByGlobalNorm,
  type Optimizer,
  scaleByAdam,
} from "../optimizer";

export interface Sizes {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly vocabulary: number;
  readonly classes: number;
}
export const TINY: Sizes = { layers: 1, hidden: 12, heads: 3, vocabulary: 20, classes: 3 };

const DENSE = ["query", "key", "value", "output"];

export function tinyWeights({ layers, hidden, vocabulary, classes }: Sizes, seed = 1): Weights {
  const random = new Random(seed);
  const normal = (...shape: number[]): HostArray => ({
    shape,
    data: Float32Array.from({ length: sizeOf(shape) }, () => 0.1 * random.normal()),
  });
  const linear = (name: string, outputs: number, inputs: number) => ({
    [`${name}.weight`]: normal(outputs, inputs),
    [`${name}.bias`]: normal(outputs),
  });
  const norm = (name: string) => {
    const ones = { shape: [hidden], data: new Float32Array(hidden).fill(1) };
    return { [`${name}.LayerNorm.weight`]: ones, [`${name}.LayerNorm.bias`]: normal(hidden) };
  };
  return Object.assign(
    { "embeddings.weight": normal(vocabulary, hidden) },
    norm("embeddings"),
    ...Array.from({ length: layers }, (_, i) => ({
      ...Object.assign({}, ...DENSE.map((name) => linear(`layer.${i}.${name}`, hidden, hidden))),
      ...norm(`layer.${i}.attention`),
      ...linear(`layer.${i}.up`, 4 * hidden, hidden),
      ...linear(`layer.${i}.down`, hidden, 4 * hidden),
      ...norm(`layer.${i}`),
    })),
    linear("classifier", classes, hidden),
  ) as Weights;
}

/** Logits [B, C]. */
export function tinyLogits({ layers, heads }: Sizes, context: StepContext, rate = 0): Tensor {
  const { parameters: p, inputs } = context;
  const linear = (x: Tensor, name: string) => dense(x, p[`${name}.weight`], p[`${name}.bias`]);
  const norm = (x: Tensor, name: string) =>
    layerNorm(x, p[`${name}.LayerNorm.weight`], p[`${name}.LayerNorm.bias`]);
  const layer = (i: number) => ({
    parameters: Object.keys(p).filter((name) => name.startsWith(`layer.${i}.`)),
    apply(given: Tensor | null, { dropout }: StepContext) {
      const x = given as Tensor,
        drop = (y: Tensor) => dropout(y, rate);
      const [query, key, value] = DENSE.slice(0, 3).map((name) =>
        cutHeads(linear(x, `layer.${i}.${name}`), heads),
      );
      const attended = mergeHeads(attention({ query, key, value, bias: maskBias(inputs.mask), drop }));
      const middle = norm(tf.add(x, drop(linear(attended, `layer.${i}.output`))), `layer.${i}.attention`);
      const wide = gelu(linear(middle, `layer.${i}.up`));
      return norm(tf.add(middle, drop(linear(wide, `layer.${i}.down`))), `layer.${i}`);
    },
  });
  let x = context.dropout(norm(gather(p["embeddings.weight"], inputs.ids), "embeddings"), rate); // [B, T, H]
  for (let i = 0; i < layers; i++) x = checkpointed(layer(i), x, context);
  return linear(firstToken(x), "classifier");
}

export const tinyLoss =
  (sizes: Sizes, rate = 0) =>
  (context: StepContext) =>
    crossEntropy(tinyLogits(sizes, context, rate), context.inputs.labels, context.inputs.weights);

/** The same of a batch in parts, with its logits. */
export const tinyPartLoss =
  (sizes: Sizes, rate = 0) =>
  (context: StepContext) => {
    const { inputs, whole = inputs } = context,
      logits = tinyLogits(sizes, context, rate);
    const sum = tf.sum(tf.mul(crossEntropies(logits, inputs.labels), inputs.weights));
    return { loss: tf.div(sum, tf.sum(whole.weights)), aux: logits };
  };

/** A batch whose last text is half padding. */
export function tinyBatch(
  { vocabulary, classes }: Sizes,
  batch: number,
  tokens: number,
  seed = 1,
): HostInputs {
  const random = new Random(seed);
  const integers = (shape: number[], n: number) => ({
    shape,
    data: Int32Array.from({ length: sizeOf(shape) }, () => random.integer(n)),
  });
  const mask = new Float32Array(batch * tokens).fill(1).fill(0, batch * tokens - (tokens >> 1));
  return {
    ids: integers([batch, tokens], vocabulary),
    mask: { shape: [batch, tokens], data: mask },
    labels: integers([batch], classes),
    weights: { shape: [batch], data: new Float32Array(batch).fill(1) },
  };
}

export const ADAM: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, biasCorrection: true };
export const isDecayed = (name: string) => !/bias$|LayerNorm/.test(name);
export const ADAMW: Optimizer = [clipByGlobalNorm(1), scaleByAdam(ADAM), addDecayedWeights(0.01, isDecayed)];
