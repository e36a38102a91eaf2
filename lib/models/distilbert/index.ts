/** DistilBERT (Sanh et al. 2019), as one of the registry's encoders: BERT's network without segments. */
import { encoderLikeBert } from "../bert";
import type { BertConfig } from "../bert/config";
import { configJson } from "./config";
import { DISTILBERT_NAMES, MASKED_WORDS, PARTS } from "./names";

/** A DistilBERT of this configuration. */
export const distilBertEncoder = (config: BertConfig) =>
  encoderLikeBert(
    { config, parts: PARTS, activation: "relu", poolerDropout: false },
    { names: DISTILBERT_NAMES, maskedWords: MASKED_WORDS, configJson },
  );
