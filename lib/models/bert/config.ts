/**
 * The shape of a BERT, read from and written to Hugging Face's config.json (class BertConfig of
 * transformers).
 */
import { shown } from "../../support/printable";
import type { EncoderConfig } from "../encoder";

/** gelu: x Φ(x) exactly, by erf (Hendrycks and Gimpel 2016); gelu_new: its approximation by tanh. */
export type Activation = "gelu" | "gelu_new" | "relu";

export interface BertConfig extends EncoderConfig {
  readonly heads: number;
  readonly intermediateSize: number;
  readonly tokenTypes: number;
  readonly activation: Activation;
  readonly layerNormEpsilon: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
}

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  gelu: "gelu",
  gelu_new: "gelu_new",
  gelu_pytorch_tanh: "gelu_new",
  relu: "relu",
};

/**
 * Reads the fields of a config.json.
 * @throws with the file, the field and its value if it is not a BERT encoder's
 */
export function parseConfig(json: Readonly<Record<string, unknown>>, path: string): BertConfig {
  const refuse = (field: string, expected: string): never => {
    throw new Error(`${path}: ${field} is ${shown(json[field])}, but must be ${expected}`);
  };
  const number = (field: string, fallback?: number): number => {
    const value = json[field] ?? fallback;
    return typeof value === "number" && value >= 0 ? value : refuse(field, "a number");
  };
  const count = (field: string, most: number, fallback?: number): number => {
    const value = number(field, fallback);
    if (value > most) refuse(field, `at most ${most}`); // networks are built before weights are looked at
    return Number.isInteger(value) && value > 0 ? value : refuse(field, "a whole number above 0");
  };
  const dropout = (field: string, fallback: number): number => {
    const value = number(field, fallback);
    return value < 1 ? value : refuse(field, "below 1");
  };
  if ((json.position_embedding_type ?? "absolute") !== "absolute")
    refuse("position_embedding_type", '"absolute"');
  if (json.is_decoder === true) refuse("is_decoder", "false: only encoders are built here");
  const hiddenSize = count("hidden_size", 100_000);
  const heads = count("num_attention_heads", 1000);
  if (hiddenSize % heads !== 0) refuse("num_attention_heads", `a divisor of hidden_size ${hiddenSize}`);
  const types = count("type_vocab_size", 1000, 2);
  if (types < 2) refuse("type_vocab_size", "at least 2: context and the text after it are two segments");
  const hiddenDropout = dropout("hidden_dropout_prob", 0.1);
  return {
    vocabularySize: count("vocab_size", 10_000_000),
    hiddenSize,
    layers: count("num_hidden_layers", 1000),
    heads,
    intermediateSize: count("intermediate_size", 1_000_000),
    maxPositions: count("max_position_embeddings", 1_000_000, 512),
    tokenTypes: types,
    activation:
      ACTIVATIONS[String(json.hidden_act ?? "gelu")] ??
      refuse("hidden_act", `one of ${Object.keys(ACTIVATIONS).join(", ")}`),
    layerNormEpsilon: number("layer_norm_eps", 1e-12),
    hiddenDropout,
    attentionDropout: dropout("attention_probs_dropout_prob", 0.1),
    classifierDropout: dropout("classifier_dropout", hiddenDropout), // as transformers does
    initializerRange: number("initializer_range", 0.02),
  };
}

/**
 * The config.json of a configuration, as transformers reads it. `more` may name the architecture and the
 * labels.
 */
export function configJson(config: BertConfig, more: Readonly<Record<string, unknown>> = {}): string {
  const json = {
    model_type: "bert",
    ...more,
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.maxPositions,
    type_vocab_size: config.tokenTypes,
    hidden_act: config.activation,
    layer_norm_eps: config.layerNormEpsilon,
    hidden_dropout_prob: config.hiddenDropout,
    attention_probs_dropout_prob: config.attentionDropout,
    classifier_dropout: config.classifierDropout,
    initializer_range: config.initializerRange,
    pad_token_id: 0,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
