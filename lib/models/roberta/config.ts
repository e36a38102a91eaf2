/** The shape of a RoBERTa, read from Hugging Face's config.json (class RobertaConfig). */
import type { Json } from "../../../packages/hf-files";
import { type BertConfig, parseConfig } from "../bert/config";
import { fieldsOf } from "../fields";

/**
 * Reads the fields of a config.json: those of BERT. Positions are counted from the one after padding's id.
 * @throws as BERT's
 */
export function parseRobertaConfig(json: Json, path: string): BertConfig {
  const config = parseConfig(json, path, 1),
    padToken = fieldsOf(json, path).number("pad_token_id", 1);
  const firstPosition = padToken + 1;
  return { ...config, padToken, firstPosition, maxPositions: config.maxPositions - firstPosition };
}
