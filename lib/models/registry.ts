/** The encoders that there are, by the model_type of config.json: what can be said without their networks. */

import { type Json, readObject } from "../../packages/hf-files";
import { TOKENIZER_FILES } from "../../packages/tokenizer";
import { shown } from "../support/printable";
import { parseConfig } from "./bert/config";
import { BERT_NAMES } from "./bert/names";
import { parseDistilBertConfig } from "./distilbert/config";
import { DISTILBERT_NAMES } from "./distilbert/names";
import { parseElectraConfig } from "./electra/config";
import { ELECTRA_NAMES } from "./electra/names";
import type { EncoderConfig, EncoderNames } from "./encoder";
import { parseModernBertConfig } from "./modernbert/config";
import { MODERNBERT_NAMES } from "./modernbert/names";
import { parseRobertaConfig } from "./roberta/config";
import { ROBERTA_NAMES } from "./roberta/names";

interface Entry {
  readonly names: EncoderNames;
  /** @throws with the file, the field and its value if the encoder cannot be built so */
  parse(json: Json, path: string): EncoderConfig;
}

const ENCODERS = {
  bert: { names: BERT_NAMES, parse: parseConfig },
  modernbert: { names: MODERNBERT_NAMES, parse: parseModernBertConfig },
  distilbert: { names: DISTILBERT_NAMES, parse: parseDistilBertConfig },
  roberta: { names: ROBERTA_NAMES, parse: parseRobertaConfig },
  electra: { names: ELECTRA_NAMES, parse: parseElectraConfig },
} as const satisfies Readonly<Record<string, Entry>>;

export type EncoderKind = keyof typeof ENCODERS;

const names = Object.values<Entry>(ENCODERS).map((entry) => entry.names);

/** Weight decay leaves out biases and what encoders name, as BERT's authors and transformers do. */
export const isDecayed = (parameter: string): boolean =>
  !/(?:^|\.)bias$/.test(parameter) && !names.some(({ undecayed }) => undecayed.test(parameter));

/** The files of a model's folder beside its weights, whichever encoder it is. */
export const MODEL_FILES = { needed: ["config.json"], optional: TOKENIZER_FILES };

/** The names of the classes, in their order, unless they are transformers' own LABEL_0, LABEL_1 … */
function labelsOf({ id2label }: Json): readonly string[] | undefined {
  const labels = Object.values(id2label ?? {}).map((label) =>
    typeof label === "string" ? label : shown(label),
  ); // whole numbers as keys come in their order
  return labels.length === 0 || labels.every((label, i) => label === `LABEL_${i}`) ? undefined : labels;
}

/** What config.json says of a model. */
interface Described {
  readonly kind: EncoderKind;
  readonly names: EncoderNames;
  readonly config: EncoderConfig;
  /** The names of the classes, if there are any. */
  readonly labels?: readonly string[];
}

/**
 * Reads a config.json.
 * @throws if the file is missing or no JSON, its model_type is none of the registry's, or its encoder cannot
 *   be built
 */
export function readConfig(path: string): Described {
  const json = readObject(path),
    type = json.model_type ?? "bert"; // as transformers takes old folders
  const kind = (Object.keys(ENCODERS) as EncoderKind[]).find((name) => name === type);
  if (kind === undefined)
    throw new Error(
      `${path}: model_type is ${shown(type)}, but must be one of ${Object.keys(ENCODERS).join(", ")}: ` +
        "other architectures are not built here (docs/adding-encoder.md says what one would need)",
    );
  const { names, parse } = ENCODERS[kind];
  return { kind, names, config: parse(json, path), labels: labelsOf(json) };
}
