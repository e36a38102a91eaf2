/** The shape of an ELECTRA, read from Hugging Face's config.json (class ElectraConfig). */
import type { Json } from "../../../packages/hf-files";
import { type BertConfig, parseConfig } from "../bert/config";
import { fieldsOf } from "../fields";

/**
 * Reads the fields of a config.json: those of BERT and the width of the embeddings.
 * @throws as BERT's
 */
export function parseElectraConfig(json: Json, path: string): BertConfig {
  const { count, number } = fieldsOf(json, path);
  return {
    ...parseConfig(json, path),
    embeddingSize: count("embedding_size", 128),
    padToken: number("pad_token_id", 0),
  };
}
