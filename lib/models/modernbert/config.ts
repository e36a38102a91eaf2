/**
 * The shape of a ModernBERT, read from and written to Hugging Face's config.json (class ModernBertConfig).
 * Its rotary positions are spelt in two ways: by transformers 4 in fields of their own, by 5 for each type of
 * layer.
 */
import type { Json } from "../../../packages/hf-files";
import type { EncoderConfig } from "../encoder";
import { type Activation, fieldsOf } from "../fields";

export interface ModernBertConfig extends EncoderConfig {
  readonly heads: number;
  readonly intermediateSize: number;
  readonly activation: Activation;
  /** Of its own classifier. */
  readonly headActivation: Activation;
  readonly pooling: "cls" | "mean";
  readonly epsilon: number;
  /** Layers 0, n, 2n … see all tokens, the others those at most `window` away. */
  readonly globalEvery: number;
  readonly window: number;
  /** Of rotary positions, in layers of either kind. */
  readonly base: Readonly<Record<"global" | "local", number>>;
  /** Which parts have biases; `head` is its classifier's map. */
  readonly biases: Readonly<Record<"norm" | "attention" | "mlp" | "head" | "decoder", boolean>>;
  readonly dropout: Readonly<Record<"embedding" | "attention" | "mlp", number>>;
  /** What else config.json says of it: ids of tokens, which transformers needs to build it. */
  readonly tokens: Readonly<Record<string, unknown>>;
}

const TOKENS = ["pad_token_id", "bos_token_id", "eos_token_id", "cls_token_id", "sep_token_id"];
const [FULL, SLIDING] = ["full_attention", "sliding_attention"];

const layerTypes = (layers: number, every: number) =>
  Array.from({ length: layers }, (_, i) => (i % every === 0 ? FULL : SLIDING));

/**
 * Reads the fields of a config.json.
 * @throws with the file, the field and its value if it is not a ModernBERT's
 */
export function parseModernBertConfig(json: Json, path: string): ModernBertConfig {
  const { refuse, number, dropout, count, flag, activation, heads } = fieldsOf(json, path);
  const layers = count("num_hidden_layers", undefined, 1000);
  const types = json.layer_types as readonly string[] | undefined;
  const second = types?.indexOf(FULL, 1) ?? -1;
  const globalEvery = !types ? count("global_attn_every_n_layers", 3) : second < 0 ? layers : second;
  if (types && `${types}` !== `${layerTypes(layers, globalEvery)}`)
    refuse("layer_types", `${FULL} in the first and each n-th layer, and ${SLIDING} in the others`);
  const base = (type: string, field: string, fallback: number): number => {
    const { rope_type = "default", rope_theta } =
      (json.rope_parameters as Readonly<Record<string, Json | null>> | null)?.[type] ?? {};
    if (rope_type !== "default") refuse("rope_parameters", `of rope_type "default"`);
    return typeof rope_theta === "number" ? rope_theta : number(field, fallback);
  };
  const local = count("local_attention", 128);
  const global = base(FULL, "global_rope_theta", 160000);
  const pooling = json.classifier_pooling ?? "cls";
  return {
    vocabularySize: count("vocab_size", undefined, 10_000_000),
    hiddenSize: count("hidden_size"),
    layers,
    heads: heads("num_attention_heads", "hidden_size"),
    intermediateSize: count("intermediate_size"),
    maxPositions: count("max_position_embeddings", 8192),
    activation: activation("hidden_activation"),
    headActivation: activation("classifier_activation"),
    pooling: pooling === "cls" || pooling === "mean" ? pooling : refuse("classifier_pooling", "cls or mean"),
    epsilon: number("norm_eps", 1e-5),
    globalEvery,
    window: Math.floor(local / 2),
    // transformers 4 takes the global base where the local one is null
    base: {
      global,
      local: base(SLIDING, "local_rope_theta", json.local_rope_theta === null ? global : 10000),
    },
    biases: {
      norm: flag("norm_bias", false),
      attention: flag("attention_bias", false),
      mlp: flag("mlp_bias", false),
      head: flag("classifier_bias", false),
      decoder: flag("decoder_bias", true),
    },
    dropout: {
      embedding: dropout("embedding_dropout", 0),
      attention: dropout("attention_dropout", 0),
      mlp: dropout("mlp_dropout", 0),
    },
    classifierDropout: dropout("classifier_dropout", 0),
    initializerRange: number("initializer_range", 0.02),
    tokens: Object.fromEntries(TOKENS.filter((name) => name in json).map((name) => [name, json[name]])),
  };
}

/** The config.json of a configuration, as transformers 4 and 5 read it. `more` goes over its fields. */
export function configJson(config: ModernBertConfig, more: Json = {}): string {
  const { biases, dropout, base, globalEvery, layers } = config;
  const json = {
    model_type: "modernbert",
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    num_hidden_layers: layers,
    num_attention_heads: config.heads,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.maxPositions,
    hidden_activation: config.activation,
    norm_eps: config.epsilon,
    norm_bias: biases.norm,
    attention_bias: biases.attention,
    mlp_bias: biases.mlp,
    decoder_bias: biases.decoder,
    global_attn_every_n_layers: globalEvery,
    layer_types: layerTypes(layers, globalEvery),
    local_attention: 2 * config.window,
    global_rope_theta: base.global,
    local_rope_theta: base.local,
    embedding_dropout: dropout.embedding,
    attention_dropout: dropout.attention,
    mlp_dropout: dropout.mlp,
    classifier_pooling: config.pooling,
    classifier_bias: biases.head,
    classifier_activation: config.headActivation,
    classifier_dropout: config.classifierDropout,
    initializer_range: config.initializerRange,
    ...config.tokens,
    ...more,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
