/**
 * The masked-word head of BERT's pre-training (Hugging Face's `cls.predictions.*`, decoder tied to the word
 * embeddings). Only masked places are decoded: P places of a batch, where P is fixed and unused ones have
 * weight 0.
 *
 * Shapes: B batch, T tokens, H hidden, V vocabulary, P places.
 */

import { crossEntropies, crossEntropy, dense, gather, type Tensor, tf } from "../../packages/tfjs-graph";
import type { Random } from "../support/random";
import { ACTIVATE, bert, linear, normalised, randomWeights, WORD_EMBEDDINGS } from "./bert";
import type { BertConfig } from "./config";
import type { Inputs, Model, Stage } from "./model";

const HEAD = "cls.predictions";

/** [B, T, H] → logits of the masked places [P, V]; reads inputs.places [P], row numbers in [B·T]. */
function maskedWords(config: BertConfig): Stage {
  return {
    name: "masked words",
    parameters: [
      `${HEAD}.transform.dense.weight`,
      `${HEAD}.transform.dense.bias`,
      `${HEAD}.transform.LayerNorm.weight`,
      `${HEAD}.transform.LayerNorm.bias`,
      WORD_EMBEDDINGS,
      `${HEAD}.bias`,
    ],
    gives: "tokens",
    apply(x, context) {
      if (x === null) throw new Error("the masked-word head needs the stage before it");
      const masked = gather(tf.reshape(x, [-1, config.hiddenSize]), context.inputs.places);
      const turned = ACTIVATE[config.activation](linear(masked, `${HEAD}.transform.dense`, context));
      const known = normalised(turned, `${HEAD}.transform.LayerNorm`, context, config.layerNormEpsilon);
      return dense(known, context.parameters[WORD_EMBEDDINGS], context.parameters[`${HEAD}.bias`]);
    },
  };
}

/** BERT with the masked-word head and without a pooler, random weights. */
export function bertMaskedWords(config: BertConfig, random: Random): Model {
  const encoder = bert(config, random, "none");
  const { hiddenSize: hidden, vocabularySize } = config;
  const shapes = {
    [`${HEAD}.bias`]: [vocabularySize],
    [`${HEAD}.transform.dense.weight`]: [hidden, hidden],
    [`${HEAD}.transform.dense.bias`]: [hidden],
    [`${HEAD}.transform.LayerNorm.weight`]: [hidden],
    [`${HEAD}.transform.LayerNorm.bias`]: [hidden],
  };
  return {
    stages: [...encoder.stages, maskedWords(config)],
    weights: { ...encoder.weights, ...randomWeights(shapes, config.initializerRange, random) },
  };
}

/**
 * Mean cross entropy in nats over the places that count: logits [P, V], inputs.words int32 [P], inputs.counts
 * [P] 1 or 0.
 */
export function maskedWordLoss(logits: Tensor, { words, counts }: Inputs): Tensor {
  return crossEntropy(logits, words, counts);
}

/**
 * What a held-out batch is judged by, [2, P]: every place's cross entropy in nats, and 1 where the word is
 * the likeliest; 0 where none counts.
 */
export function maskedWordScores(logits: Tensor, { words, counts }: Inputs): Tensor {
  const [places, vocabulary = 0] = logits.shape;
  const chosen = tf.sum(tf.mul(logits, tf.cast(tf.oneHot(words as tf.Tensor1D, vocabulary), "float32")), 1);
  const right = tf.cast(tf.greaterEqual(chosen, tf.max(logits, 1)), "float32");
  return tf.concat(
    [crossEntropies(logits, words), right].map((row) => tf.reshape(tf.mul(row, counts), [1, places])),
    0,
  );
}
