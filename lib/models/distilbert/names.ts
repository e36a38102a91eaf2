/** What DistilBERT's parameters are called in Hugging Face's folders: these names stand here alone. */
import { BERT_NAMES, type BertParts, embeddingParts, nameAfter } from "../bert/names";
import type { EncoderNames } from "../encoder";

const PREFIX = "distilbert.";

export const PARTS: BertParts = {
  ...embeddingParts(PREFIX),
  layer: (index) => {
    const layer = `${PREFIX}transformer.layer.${index}`;
    return {
      query: `${layer}.attention.q_lin`,
      key: `${layer}.attention.k_lin`,
      value: `${layer}.attention.v_lin`,
      attended: `${layer}.attention.out_lin`,
      attentionNorm: `${layer}.sa_layer_norm`,
      wide: `${layer}.ffn.lin1`,
      out: `${layer}.ffn.lin2`,
      outNorm: `${layer}.output_layer_norm`,
    };
  },
  pooler: "pre_classifier",
};

/** The masked-word head of pre-training. */
export const MASKED_WORDS = {
  dense: "vocab_transform",
  norm: "vocab_layer_norm",
  bias: "vocab_projector.bias",
};

export const DISTILBERT_NAMES: EncoderNames = {
  ...BERT_NAMES,
  title: "DistilBERT",
  prefix: PREFIX,
  wordEmbeddings: `${PARTS.words}.weight`,
  segmentEmbeddings: undefined,
  pooler: `${PARTS.pooler}.`,
  undecayed: /layer_norm/,
  maps: ["q_lin", "k_lin", "v_lin", "out_lin", "ffn.lin1", "ffn.lin2"],
  adapted: ["q_lin", "v_lin"],
  maskedWordDecoder: "vocab_projector.weight",
  architectures: { encoder: "DistilBertModel", classifier: "DistilBertForSequenceClassification" },
  parameter: nameAfter(PREFIX, ["embeddings", "transformer"]),
};
