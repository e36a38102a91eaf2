/** RoBERTa (Liu et al. 2019), one of the registry's encoders: BERT's network, other positions and heads. */
import { encoderLikeBert } from "../bert";
import type { BertConfig } from "../bert/config";
import { MASKED_WORDS, PARTS, ROBERTA_NAMES } from "./names";

/** A RoBERTa of this configuration. */
export const robertaEncoder = (config: BertConfig) =>
  encoderLikeBert(
    { config, parts: PARTS, activation: "tanh", poolerDropout: true, oneSegment: true },
    { names: ROBERTA_NAMES, maskedWords: MASKED_WORDS, modelType: "roberta" },
  );
