/** A tiny BERT, or another encoder, with random weights and a vocabulary of single characters, as a Hugging Face folder. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readEncoder } from "../../lib/models/encoders";
import { classifier } from "../../lib/models/heads";
import { savePretrained } from "../../lib/models/pretrained";
import { Random } from "../../lib/support/random";

export interface TinyOptions {
  /** Rows of the embedding beyond the vocabulary. */
  readonly spare?: number;
  /** Names of the classes of a linear head. */
  readonly labels?: readonly string[];
  /** config.json of another encoder than the tiny BERT, without vocab_size. */
  readonly config?: Readonly<Record<string, unknown>>;
}

const BERT = {
  model_type: "bert",
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 32,
  max_position_embeddings: 40,
};

export function writeTinyModel(
  folder: string,
  texts: readonly string[],
  { spare = 0, labels, config = BERT }: TinyOptions = {},
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
  const path = join(folder, "config.json");
  writeFileSync(path, JSON.stringify({ ...config, vocab_size: pieces.length + spare }));
  const { encoder } = readEncoder(path);
  const { weights } = labels
    ? classifier(encoder, { head: "linear", classes: labels.length }, new Random(3))
    : encoder.network(new Random(3));
  savePretrained(folder, { encoder, weights, tokenizerFrom: folder, labels });
}
