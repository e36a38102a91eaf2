import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadSegmenter } from "../../lib/text/morphemes";
import { checkTokenizerConfig, tokenizerOf } from "../../lib/text/tokenizer";
import { readVocabulary, vocabularyOf, wordpieces } from "../../lib/text/wordpiece";
import { shared } from "../shared";

const vocabulary = vocabularyOf(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "猫", "##犬", "猫犬", "##鳥", "が", "鳴く"]);

test("a word is cut into the longest pieces first", () => {
  assert.deepEqual(wordpieces("猫犬鳥", vocabulary), [7, 8]);
});

test("a word with a part that no piece has is unknown as a whole", () => {
  assert.deepEqual(wordpieces("猫亀", vocabulary), [vocabulary.unknown]);
});

test("a word of 101 characters is unknown, one of 100 is not", () => {
  assert.deepEqual([wordpieces("猫" + "犬".repeat(100), vocabulary), wordpieces("猫" + "犬".repeat(99), vocabulary).length], [[1], 99]);
});

test("a vocabulary without [MASK] is refused by name", () => {
  assert.throws(() => vocabularyOf(["[PAD]", "[UNK]", "[CLS]", "[SEP]"], "vocab.txt"), /vocab\.txt has no \[MASK\]/);
});

const tokenizer = tokenizerOf((text) => text.split(" ").filter(Boolean), vocabulary);

test("a text stands between [CLS] and [SEP]", () => {
  assert.deepEqual(tokenizer.encode("猫 が 鳴く"), { ids: [2, 5, 9, 10, 3], types: [0, 0, 0, 0, 0] });
});

test("a pair has segment 1 from its second text on", () => {
  assert.deepEqual(tokenizer.encode("猫", { pair: "鳴く" }), { ids: [2, 5, 3, 10, 3], types: [0, 0, 0, 1, 1] });
});

test("a text that is too long loses its end, not its [SEP]", () => {
  assert.deepEqual(tokenizer.encode("猫 が 鳴く", { maxLength: 4 }).ids, [2, 5, 9, 3]);
});

test("a checkpoint with UniDic words is refused with models that work", () => {
  const config = { tokenizer_class: "BertJapaneseTokenizer", word_tokenizer_type: "mecab", mecab_kwargs: { mecab_dic: "unidic_lite" } };
  assert.throws(() => checkTokenizerConfig(config, "v3/tokenizer_config.json"), /v3.*unidic_lite.*cl-tohoku\/bert-base-japanese/);
});

test("checkpoints with Sudachi, Juman++ and character pieces are refused by name", () => {
  for (const [key, value] of [["word_tokenizer_type", "sudachi"], ["word_tokenizer_type", "jumanpp"], ["subword_tokenizer_type", "character"]]) {
    assert.throws(() => checkTokenizerConfig({ word_tokenizer_type: "mecab", [key]: value }, "config"), new RegExp(`${key} is ${value}`));
  }
});

test("Tohoku's first models, which name no dictionary, are read", () => {
  checkTokenizerConfig({ do_lower_case: false, word_tokenizer_type: "mecab", subword_tokenizer_type: "wordpiece" }, "config");
});

test("white space makes no word", async () => {
  assert.deepEqual((await loadSegmenter())("  今日 \t 晴れ "), ["今日", "晴れ"]);
});

const vectors = shared("reference/tokenizer_vectors_ipadic32k.json");
const vocab = shared("data/vocab-tohoku-ipadic-32k/vocab.txt");

test("739 of 739 lines have the ids of MeCab-IPADIC and transformers", { skip: vectors.skip || vocab.skip }, async (t) => {
  const { vectors: lines } = JSON.parse(readFileSync(vectors.path, "utf8")) as { vectors: { text: string; ids: number[] }[] };
  const japanese = tokenizerOf(await loadSegmenter(), readVocabulary(vocab.path));
  const wrong = lines.filter(({ text, ids }) => japanese.encode(text).ids.join() !== ids.join());
  t.diagnostic(`${lines.length - wrong.length} of ${lines.length} lines equal`);
  assert.ok(lines.length === 739 && wrong.length === 0, `${wrong.length} lines differ, first: ${wrong[0]?.text}`);
});
