/** A tiny BERT with random weights and a vocabulary of single characters, as a Hugging Face folder. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bert } from "../../lib/models/bert";
import { saveCheckpoint } from "../../lib/models/checkpoint";
import { parseConfig } from "../../lib/models/config";
import { bertClassifier } from "../../lib/models/heads";
import { Random } from "../../lib/support/random";

export interface TinyOptions {
  /** Rows of the embedding beyond the vocabulary. */
  readonly spare?: number;
  /** Names of the classes of a linear head. */
  readonly labels?: readonly string[];
}

export function writeTinyModel(
  folder: string,
  texts: readonly string[],
  { spare = 0, labels }: TinyOptions = {},
): void {
  const characters = [...new Set(texts.flatMap((text) => [...text]))].sort();
  const pieces = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    ...characters,
    ...characters.map((character) => `##${character}`),
  ];
  writeFileSync(join(folder, "vocab.txt"), `${pieces.join("\n")}\n`);
  writeFileSync(
    join(folder, "tokenizer_config.json"),
    JSON.stringify({ tokenizer_class: "BertJapaneseTokenizer", word_tokenizer_type: "mecab" }),
  );
  const config = parseConfig(
    {
      vocab_size: pieces.length + spare,
      hidden_size: 16,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      intermediate_size: 32,
      max_position_embeddings: 40,
    },
    "test",
  );
  const { weights } = labels
    ? bertClassifier(config, { head: "linear", classes: labels.length }, new Random(3))
    : bert(config, new Random(3));
  saveCheckpoint(folder, { config, weights, tokenizerFrom: folder, labels });
}
