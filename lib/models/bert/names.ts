/**
 * What BERT's parameters are called in Hugging Face's folders, and those of encoders that have its names
 * after a prefix of their own: these names stand here alone.
 */
import type { EncoderNames } from "../encoder";

const PREFIX = "bert.";
const NORM = "LayerNorm";
const HEAD = "cls.predictions";

type LayerParts = Readonly<
  Record<"query" | "key" | "value" | "attended" | "attentionNorm" | "wide" | "out" | "outNorm", string>
>;

/**
 * The maps and normalisations of a network by their places in it; each has a `.weight` and a `.bias`, an
 * embedding a `.weight` alone.
 */
export interface BertParts {
  readonly words: string;
  readonly positions: string;
  /** Some encoders have no segments. */
  readonly segments?: string;
  readonly embeddingNorm: string;
  /** From the width of the embeddings to the layers', where it is another. */
  readonly projection?: string;
  layer(index: number): LayerParts;
  readonly pooler: string;
}

/** The parts of the embeddings but for segments, by what stands before their names. */
export const embeddingParts = (prefix: string) => ({
  words: `${prefix}embeddings.word_embeddings`,
  positions: `${prefix}embeddings.position_embeddings`,
  embeddingNorm: `${prefix}embeddings.${NORM}`,
});

export const partsAfter = (prefix: string) =>
  ({
    ...embeddingParts(prefix),
    segments: `${prefix}embeddings.token_type_embeddings`,
    layer: (index) => {
      const layer = `${prefix}encoder.layer.${index}`,
        attention = `${layer}.attention`;
      return {
        query: `${attention}.self.query`,
        key: `${attention}.self.key`,
        value: `${attention}.self.value`,
        attended: `${attention}.output.dense`,
        attentionNorm: `${attention}.output.${NORM}`,
        wide: `${layer}.intermediate.dense`,
        out: `${layer}.output.dense`,
        outNorm: `${layer}.output.${NORM}`,
      };
    },
    pooler: `${prefix}pooler.dense`,
  }) as const satisfies BertParts;

export const PARTS = partsAfter(PREFIX);

/** The masked-word head of pre-training. */
export const MASKED_WORDS = {
  dense: `${HEAD}.transform.dense`,
  norm: `${HEAD}.transform.${NORM}`,
  bias: `${HEAD}.bias`,
  /** transformers' class of the encoder with this head. */
  architecture: "BertForMaskedLM",
} as const;

/** Numbers 0, 1, 2 … and 0, 0, 0 … that old versions of transformers stored beside the weights. */
const BUFFER = /(^|\.)(position|token_type)_ids$/;

/**
 * Today's name of a stored tensor, by what stands before the encoder's parts: its bare class saves without
 * it; TensorFlow's gamma and beta are PyTorch's weight and bias.
 */
export const nameAfter = (prefix: string, parts: readonly string[]) => (stored: string) =>
  BUFFER.test(stored)
    ? undefined
    : stored
        .replace(new RegExp(`^(?=(${parts.join("|")})\\.)`), prefix)
        .replace(/\.LayerNorm\.gamma$/, ".LayerNorm.weight")
        .replace(/\.LayerNorm\.beta$/, ".LayerNorm.bias");

/** The maps of a layer, by the ends of their names. */
const MAPS = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"];

export const BERT_NAMES: EncoderNames = {
  title: "BERT",
  prefix: PREFIX,
  wordEmbeddings: `${PARTS.words}.weight`,
  segmentEmbeddings: `${PARTS.segments}.weight`,
  pooler: `${PREFIX}pooler.`,
  classifier: "classifier",
  poolings: { cls: {} },
  undecayed: new RegExp(NORM),
  maps: MAPS,
  adapted: ["query", "value"],
  maskedWordDecoder: `${HEAD}.decoder.weight`,
  architectures: { encoder: "BertModel", classifier: "BertForSequenceClassification" },
  parameter: nameAfter(PREFIX, ["embeddings", "encoder", "pooler"]),
};
