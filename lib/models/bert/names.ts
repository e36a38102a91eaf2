/** What BERT's parameters and files are called in Hugging Face's folders: these names stand here alone. */
import { TOKENIZER_FILES } from "../../../packages/tokenizer";
import type { EncoderNames } from "../encoder";

const PREFIX = "bert.";
const EMBEDDINGS = `${PREFIX}embeddings`;
const NORM = "LayerNorm";
const HEAD = "cls.predictions";

const attention = (index: number) => `${PREFIX}encoder.layer.${index}.attention`;

/**
 * The maps and normalisations of the network by their places in it; each has a `.weight` and a `.bias`, an
 * embedding a `.weight` alone.
 */
export const PARTS = {
  words: `${EMBEDDINGS}.word_embeddings`,
  positions: `${EMBEDDINGS}.position_embeddings`,
  segments: `${EMBEDDINGS}.token_type_embeddings`,
  embeddingNorm: `${EMBEDDINGS}.${NORM}`,
  layer: (index: number) => ({
    query: `${attention(index)}.self.query`,
    key: `${attention(index)}.self.key`,
    value: `${attention(index)}.self.value`,
    attended: `${attention(index)}.output.dense`,
    attentionNorm: `${attention(index)}.output.${NORM}`,
    wide: `${PREFIX}encoder.layer.${index}.intermediate.dense`,
    out: `${PREFIX}encoder.layer.${index}.output.dense`,
    outNorm: `${PREFIX}encoder.layer.${index}.output.${NORM}`,
  }),
  pooler: `${PREFIX}pooler.dense`,
} as const;

/** The masked-word head of pre-training; its decoder is tied to the word embeddings. */
export const MASKED_WORDS = {
  dense: `${HEAD}.transform.dense`,
  norm: `${HEAD}.transform.${NORM}`,
  bias: `${HEAD}.bias`,
  /** transformers' class of the encoder with this head. */
  architecture: "BertForMaskedLM",
} as const;

/** Numbers 0, 1, 2 … and 0, 0, 0 … that old versions of transformers stored beside the weights. */
const BUFFER = /(^|\.)(position|token_type)_ids$/;

const needed = ["vocab.txt"];

export const BERT_NAMES: EncoderNames = {
  title: "BERT",
  prefix: PREFIX,
  wordEmbeddings: `${PARTS.words}.weight`,
  segmentEmbeddings: `${PARTS.segments}.weight`,
  pooler: `${PREFIX}pooler.`,
  undecayed: new RegExp(NORM),
  maps: ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"],
  maskedWordDecoder: `${HEAD}.decoder.weight`,
  architectures: { encoder: "BertModel", classifier: "BertForSequenceClassification" },
  tokenizerFiles: { needed, optional: TOKENIZER_FILES.filter((name) => !needed.includes(name)) },
  // BertModel saves without the prefix; TensorFlow's gamma and beta are PyTorch's weight and bias
  parameter: (stored) =>
    BUFFER.test(stored)
      ? undefined
      : stored
          .replace(/^(?=(embeddings|encoder|pooler)\.)/, PREFIX)
          .replace(/\.LayerNorm\.gamma$/, ".LayerNorm.weight")
          .replace(/\.LayerNorm\.beta$/, ".LayerNorm.bias"),
};
