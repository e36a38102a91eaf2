/** A tiny BERT with random weights and a vocabulary of single characters, as a Hugging Face folder. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bert } from "../../lib/models/bert";
import { saveCheckpoint } from "../../lib/models/checkpoint";
import { parseConfig } from "../../lib/models/config";
import { Random } from "../../lib/random";

export function writeTinyModel(folder: string, texts: readonly string[]): void {
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
      vocab_size: pieces.length,
      hidden_size: 16,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      intermediate_size: 32,
      max_position_embeddings: 40,
    },
    "test",
  );
  saveCheckpoint(folder, { config, weights: bert(config, new Random(3)).weights, tokenizerFrom: folder });
}
