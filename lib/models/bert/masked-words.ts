/**
 * The masked-word head of BERT's pre-training (Hugging Face's `cls.predictions.*`, decoder tied to the word
 * embeddings). Only masked places are decoded: P places of a batch, where P is fixed.
 *
 * Shapes: B batch, T tokens, H hidden, V vocabulary, P places.
 */

import { dense, gather, tf } from "../../../packages/tfjs-graph";
import type { Random } from "../../support/random";
import { linear, normalised, pair, randomWeights } from "../layers";
import type { Layer, Model } from "../model";
import type { BertConfig } from "./config";
import { BERT_NAMES, MASKED_WORDS } from "./names";
import { ACTIVATE, bert } from "./network";

const WORDS = BERT_NAMES.wordEmbeddings;

/** [B, T, H] → logits of the masked places [P, V]; reads inputs.places [P], row numbers in [B·T]. */
function maskedWords(config: BertConfig): Layer {
  return {
    name: "masked words",
    parameters: [...pair(MASKED_WORDS.dense), ...pair(MASKED_WORDS.norm), WORDS, MASKED_WORDS.bias],
    output: "sequence",
    apply(x, context) {
      if (x === null) throw new Error("the masked-word head needs the layer before it");
      const masked = gather(tf.reshape(x, [-1, config.hiddenSize]), context.inputs.places);
      const turned = ACTIVATE[config.activation](linear(masked, MASKED_WORDS.dense, context));
      const known = normalised(turned, MASKED_WORDS.norm, context, config.layerNormEpsilon);
      return dense(known, context.parameters[WORDS], context.parameters[MASKED_WORDS.bias]);
    },
  };
}

/** BERT with the masked-word head and without a pooler, random weights. */
export function bertMaskedWords(config: BertConfig, random: Random): Model {
  const encoder = bert(config, random, "none");
  const { hiddenSize: hidden, vocabularySize } = config;
  const [weight, bias] = pair(MASKED_WORDS.dense);
  const [scale, shift] = pair(MASKED_WORDS.norm);
  const shapes = {
    [MASKED_WORDS.bias]: [vocabularySize],
    [weight]: [hidden, hidden],
    [bias]: [hidden],
    [scale]: [hidden],
    [shift]: [hidden],
  };
  return {
    layers: [...encoder.layers, maskedWords(config)],
    weights: { ...encoder.weights, ...randomWeights(shapes, config.initializerRange, random) },
  };
}
