/** BERT (Devlin et al. 2019), as one of the registry's encoders. */
import type { Encoder } from "../encoder";
import { type BertConfig, configJson } from "./config";
import { bertMaskedWords } from "./masked-words";
import { BERT_NAMES } from "./names";
import { bert, bertShapes } from "./network";

/** A BERT of this configuration. */
export function bertEncoder(config: BertConfig): Encoder & { readonly config: BertConfig } {
  return {
    names: BERT_NAMES,
    config,
    shapes: bertShapes(config),
    network: (random, pooling = "cls") => bert(config, random, pooling),
    maskedWords: (random) => bertMaskedWords(config, random),
    configJson: (more) => configJson(config, more),
  };
}
