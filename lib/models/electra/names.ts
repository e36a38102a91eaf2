/** What ELECTRA's parameters are called in Hugging Face's folders: BERT's names but for its head. */
import type { BertConfig } from "../bert/config";
import { BERT_NAMES, nameAfter, partsAfter } from "../bert/names";
import type { EncoderNames } from "../encoder";

const PREFIX = "electra.";
const PARTS = { ...partsAfter(PREFIX), pooler: "classifier.dense" };

/** A projection is there where it has something to do. */
export const partsOf = ({ embeddingSize, hiddenSize }: BertConfig) =>
  embeddingSize === hiddenSize ? PARTS : { ...PARTS, projection: `${PREFIX}embeddings_project` };

export const ELECTRA_NAMES: EncoderNames = {
  ...BERT_NAMES,
  title: "ELECTRA",
  prefix: PREFIX,
  wordEmbeddings: `${PARTS.words}.weight`,
  segmentEmbeddings: `${PARTS.segments}.weight`,
  pooler: `${PARTS.pooler}.`,
  classifier: "classifier.out_proj",
  maskedWordDecoder: "generator_lm_head.weight",
  architectures: { encoder: "ElectraModel", classifier: "ElectraForSequenceClassification" },
  parameter: nameAfter(PREFIX, ["embeddings", "embeddings_project", "encoder"]),
};
