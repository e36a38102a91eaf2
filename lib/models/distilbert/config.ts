/** The shape of a DistilBERT, read from and written to config.json (transformers' DistilBertConfig). */
import type { Json } from "../../../packages/hf-files";
import type { BertConfig } from "../bert/config";
import { fieldsOf } from "../fields";

/**
 * Reads the fields of a config.json.
 * @throws with the file, the field and its value if it is not a DistilBERT's
 */
export function parseDistilBertConfig(json: Json, path: string): BertConfig {
  const { number, dropout, count, activation, heads } = fieldsOf(json, path);
  return {
    vocabularySize: count("vocab_size", undefined, 10_000_000),
    hiddenSize: count("dim"),
    layers: count("n_layers", undefined, 1000),
    heads: heads("n_heads", "dim"),
    intermediateSize: count("hidden_dim"),
    maxPositions: count("max_position_embeddings", 512),
    tokenTypes: 0,
    padToken: number("pad_token_id", 0),
    activation: activation("activation"),
    layerNormEpsilon: 1e-12,
    hiddenDropout: dropout("dropout", 0.1),
    attentionDropout: dropout("attention_dropout", 0.1),
    attendedDropout: 0,
    classifierDropout: dropout("seq_classif_dropout", 0.2),
    initializerRange: number("initializer_range", 0.02),
  };
}

/** The config.json of a configuration, as transformers reads it, with `more` fields. */
export function configJson(config: BertConfig, more: Json = {}): string {
  const json = {
    model_type: "distilbert",
    vocab_size: config.vocabularySize,
    dim: config.hiddenSize,
    n_layers: config.layers,
    n_heads: config.heads,
    hidden_dim: config.intermediateSize,
    max_position_embeddings: config.maxPositions,
    activation: config.activation,
    dropout: config.hiddenDropout,
    attention_dropout: config.attentionDropout,
    seq_classif_dropout: config.classifierDropout,
    initializer_range: config.initializerRange,
    pad_token_id: config.padToken,
    ...more,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
