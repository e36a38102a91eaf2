/** BERT (Devlin et al. 2019), as one of the registry's encoders. */
import type { Encoder } from "../encoder";
import { type BertConfig, configJson, parseConfig } from "./config";
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

/** BERT in the registry. */
export const BERT = {
  names: BERT_NAMES,
  /** @throws with the file, the field and its value if config.json is not a BERT encoder's */
  read: (json: Readonly<Record<string, unknown>>, path: string): Encoder =>
    bertEncoder(parseConfig(json, path)),
};
