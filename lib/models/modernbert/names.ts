/** What ModernBERT's parameters are called in Hugging Face's folders: these names stand here alone. */
import type { EncoderNames } from "../encoder";

const PREFIX = "model.";

/** The maps, normalisations and embeddings by their places in the network. */
export const PARTS = {
  words: `${PREFIX}embeddings.tok_embeddings`,
  embeddingNorm: `${PREFIX}embeddings.norm`,
  layer: (index: number) => {
    const layer = `${PREFIX}layers.${index}`;
    return {
      /** Layer 0 has none. */
      attentionNorm: `${layer}.attn_norm`,
      queryKeyValue: `${layer}.attn.Wqkv`,
      attended: `${layer}.attn.Wo`,
      wideNorm: `${layer}.mlp_norm`,
      wide: `${layer}.mlp.Wi`,
      out: `${layer}.mlp.Wo`,
    };
  },
  finalNorm: `${PREFIX}final_norm`,
  pooler: "head.dense",
  poolerNorm: "head.norm",
  decoderBias: "decoder.bias",
} as const;

export const MODERNBERT_NAMES: EncoderNames = {
  title: "ModernBERT",
  prefix: PREFIX,
  wordEmbeddings: `${PARTS.words}.weight`,
  pooler: "head.",
  classifier: "classifier",
  poolings: { cls: { classifier_pooling: "cls" }, mean: { classifier_pooling: "mean" } },
  undecayed: /[._]norm\.weight$/,
  maps: ["Wqkv", "attn.Wo", "mlp.Wi", "mlp.Wo"],
  adapted: ["Wqkv"],
  maskedWordDecoder: "decoder.weight",
  architectures: { encoder: "ModernBertModel", classifier: "ModernBertForSequenceClassification" },
  // ModernBertModel saves without the prefix
  parameter: (stored) => stored.replace(/^(?=(embeddings|layers|final_norm)\.)/, PREFIX),
};
