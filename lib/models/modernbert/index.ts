/** ModernBERT (Warner et al. 2024), as one of the registry's encoders. */
import type { Encoder } from "../encoder";
import { mapShapes, normShapes } from "../layers";
import { withMaskedWords } from "../masked-words";
import { configJson, type ModernBertConfig } from "./config";
import { MODERNBERT_NAMES, PARTS } from "./names";
import { modernBert, modernBertShapes } from "./network";

/** A ModernBERT of this configuration. */
export function modernBertEncoder(config: ModernBertConfig): Encoder & { readonly config: ModernBertConfig } {
  const { hiddenSize, biases, headActivation: activation, epsilon } = config;
  const shapes = {
    ...mapShapes(PARTS.pooler, hiddenSize, hiddenSize, biases.head),
    ...normShapes(PARTS.poolerNorm, hiddenSize, biases.norm),
    ...(biases.decoder && { [PARTS.decoderBias]: [config.vocabularySize] }),
  };
  const head = { dense: PARTS.pooler, norm: PARTS.poolerNorm, bias: PARTS.decoderBias, shapes };
  return {
    names: MODERNBERT_NAMES,
    config,
    shapes: modernBertShapes(config),
    network: (random, pooling = config.pooling) => modernBert(config, random, pooling),
    maskedWords: (random) =>
      withMaskedWords(
        modernBert(config, random, "none"),
        { ...head, config, activation, epsilon, words: MODERNBERT_NAMES.wordEmbeddings },
        random,
      ),
    configJson: (more) => configJson(config, more),
  };
}
