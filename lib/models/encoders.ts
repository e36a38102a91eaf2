/** The networks of the registry's encoders: apart from it, since they load TensorFlow. */
import { bertEncoder } from "./bert";
import { distilBertEncoder } from "./distilbert";
import { electraEncoder } from "./electra";
import type { Encoder, EncoderConfig } from "./encoder";
import { modernBertEncoder } from "./modernbert";
import { type EncoderKind, readConfig } from "./registry";
import { robertaEncoder } from "./roberta";

interface Builder {
  /** The encoder of a configuration, which is of its own kind. */
  build(config: EncoderConfig): Encoder;
}

const BUILDERS: Readonly<Record<EncoderKind, Builder>> = {
  bert: { build: bertEncoder },
  modernbert: { build: modernBertEncoder },
  distilbert: { build: distilBertEncoder },
  roberta: { build: robertaEncoder },
  electra: { build: electraEncoder },
};

/**
 * The encoder that a config.json describes, with the names of the classes if there are any.
 * @throws as readConfig
 */
export function readEncoder(path: string): {
  readonly encoder: Encoder;
  readonly labels?: readonly string[];
} {
  const { kind, config, labels } = readConfig(path);
  return { encoder: BUILDERS[kind].build(config), labels };
}
