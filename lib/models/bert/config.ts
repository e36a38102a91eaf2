/**
 * The shape of a BERT, read from and written to Hugging Face's config.json (class BertConfig of
 * transformers).
 */
import type { Json } from "../../../packages/hf-files";
import type { EncoderConfig } from "../encoder";
import { type Activation, fieldsOf } from "../fields";

/** Also of encoders that compute as BERT does, in what they differ too, which BERT leaves out. */
export interface BertConfig extends EncoderConfig {
  readonly heads: number;
  readonly intermediateSize: number;
  /** Segments; 0 without embeddings of them. */
  readonly tokenTypes: number;
  /** E, the width of the embeddings, where it is not H. */
  readonly embeddingSize?: number;
  /** The row of the position embeddings that the first token has, if not 0. */
  readonly firstPosition?: number;
  /** 0 if left out. */
  readonly padToken?: number;
  readonly activation: Activation;
  readonly layerNormEpsilon: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  /** After the map that follows attention, where it is not hiddenDropout. */
  readonly attendedDropout?: number;
}

/**
 * Reads the fields of a config.json, BERT's or another's that has the same.
 * @throws with the file, the field and its value if it is not a BERT encoder's
 */
export function parseConfig(json: Json, path: string, fewestTypes = 2): BertConfig {
  const { refuse, number, dropout, count, activation, heads } = fieldsOf(json, path);
  if ((json.position_embedding_type ?? "absolute") !== "absolute")
    refuse("position_embedding_type", '"absolute"');
  if (json.is_decoder === true) refuse("is_decoder", "false: only encoders are built here");
  const hiddenSize = count("hidden_size");
  const types = count("type_vocab_size", 2);
  if (types < fewestTypes)
    refuse("type_vocab_size", "at least 2: context and the text after it are two segments");
  const hiddenDropout = dropout("hidden_dropout_prob", 0.1);
  return {
    vocabularySize: count("vocab_size", undefined, 10_000_000),
    hiddenSize,
    layers: count("num_hidden_layers", undefined, 1000),
    heads: heads("num_attention_heads", "hidden_size"),
    intermediateSize: count("intermediate_size"),
    maxPositions: count("max_position_embeddings", 512),
    tokenTypes: types,
    activation: activation("hidden_act"),
    layerNormEpsilon: number("layer_norm_eps", 1e-12),
    hiddenDropout,
    attentionDropout: dropout("attention_probs_dropout_prob", 0.1),
    classifierDropout: dropout("classifier_dropout", hiddenDropout), // as transformers does
    initializerRange: number("initializer_range", 0.02),
  };
}

/**
 * The config.json of a configuration, as transformers reads it. `more` may name the architecture and the
 * labels, and another model_type.
 */
export function configJson(config: BertConfig, more: Json = {}): string {
  const json = {
    model_type: "bert",
    ...more,
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.maxPositions + (config.firstPosition ?? 0),
    type_vocab_size: config.tokenTypes,
    hidden_act: config.activation,
    layer_norm_eps: config.layerNormEpsilon,
    hidden_dropout_prob: config.hiddenDropout,
    attention_probs_dropout_prob: config.attentionDropout,
    classifier_dropout: config.classifierDropout,
    initializer_range: config.initializerRange,
    pad_token_id: config.padToken ?? 0,
    ...(config.embeddingSize && { embedding_size: config.embeddingSize }),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
