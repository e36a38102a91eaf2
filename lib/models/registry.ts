/** The encoders that there are, by the model_type of config.json. */
import { readFileSync } from "node:fs";
import { BERT } from "./bert";
import type { Encoder, EncoderNames } from "./encoder";

interface Entry {
  readonly names: EncoderNames;
  /** @throws with the file, the field and its value if the encoder cannot be built so */
  read(json: Readonly<Record<string, unknown>>, path: string): Encoder;
}

const ENCODERS: Readonly<Record<string, Entry>> = { bert: BERT };

const names = Object.values(ENCODERS).map((entry) => entry.names);

/** Weight decay leaves out biases and what encoders name, as BERT's authors and transformers do. */
export const isDecayed = (parameter: string): boolean =>
  !/(?:^|\.)bias$/.test(parameter) && !names.some(({ undecayed }) => undecayed.test(parameter));

const inEach = (file: string) => names.every(({ tokenizerFiles }) => tokenizerFiles.needed.includes(file));
const tokenizerFiles = names.flatMap(({ tokenizerFiles: { needed, optional } }) => [...needed, ...optional]);

/** The files of a model's folder beside its weights, whichever encoder it is. */
export const MODEL_FILES = {
  needed: ["config.json", ...new Set(tokenizerFiles.filter(inEach))],
  optional: [...new Set(tokenizerFiles.filter((file) => !inEach(file)))],
};

/** The names of the classes, in their order, unless they are transformers' own LABEL_0, LABEL_1 … */
function labelsOf({ id2label }: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const labels = Object.values(id2label ?? {}).map(String); // whole numbers as keys come in their order
  return labels.length === 0 || labels.every((label, i) => label === `LABEL_${i}`) ? undefined : labels;
}

/**
 * The encoder that a config.json describes, with the names of the classes if there are any.
 * @throws if the file is missing or no JSON, its model_type is none of the registry's, or its encoder cannot
 *   be built
 */
export function readEncoder(path: string): {
  readonly encoder: Encoder;
  readonly labels?: readonly string[];
} {
  let json: Readonly<Record<string, unknown>>;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(
      `${path}: cannot be read as JSON (${(error as Error).message}); a Hugging Face folder has this file`,
    );
  }
  const type = json.model_type ?? "bert"; // as transformers takes old folders
  const entry = Object.entries(ENCODERS).find(([name]) => name === type)?.[1];
  if (!entry)
    throw new Error(
      `${path}: model_type is ${JSON.stringify(type)}, but must be one of ${Object.keys(ENCODERS).join(", ")}: ` +
        "other architectures are not built here (docs/adding.md says what one would need)",
    );
  return { encoder: entry.read(json, path), labels: labelsOf(json) };
}
