/** What RoBERTa's parameters are called in Hugging Face's folders: BERT's names but for its heads. */
import { BERT_NAMES, nameAfter, partsAfter } from "../bert/names";
import type { EncoderNames } from "../encoder";

const PREFIX = "roberta.";
const HEAD = "lm_head";

export const PARTS = { ...partsAfter(PREFIX), pooler: "classifier.dense" };

/** The masked-word head of pre-training. */
export const MASKED_WORDS = {
  dense: `${HEAD}.dense`,
  norm: `${HEAD}.layer_norm`,
  bias: `${HEAD}.bias`,
};

const name = nameAfter(PREFIX, ["embeddings", "encoder"]);

export const ROBERTA_NAMES: EncoderNames = {
  ...BERT_NAMES,
  title: "RoBERTa",
  prefix: PREFIX,
  wordEmbeddings: `${PARTS.words}.weight`,
  segmentEmbeddings: undefined,
  pooler: `${PARTS.pooler}.`,
  classifier: "classifier.out_proj",
  undecayed: /layer_norm/,
  maskedWordDecoder: `${HEAD}.decoder.weight`,
  architectures: { encoder: "RobertaModel", classifier: "RobertaForSequenceClassification" },
  // RobertaModel's own pooler, which its classifier does not have; the decoder's bias is the head's
  parameter: (stored) =>
    /^(roberta\.)?pooler\.|^lm_head\.decoder\.bias$/.test(stored) ? undefined : name(stored),
};
