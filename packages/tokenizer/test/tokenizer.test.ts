import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { shared } from "../../../test/shared";
import { loadSegmenter } from "../../mecab/morphemes";
import { openTokenizer, tokenizerKind } from "../folder";
import { tokenizerOf } from "../tokenizer";
import { characterCut, normalise, readVocabulary, vocabularyOf, wordpieces } from "../wordpiece";

const vocabulary = vocabularyOf([
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "[MASK]",
  "猫",
  "##犬",
  "猫犬",
  "##鳥",
  "が",
  "鳴く",
]);

test("a word is cut into the longest pieces first", () => {
  assert.deepEqual(wordpieces("猫犬鳥", vocabulary), [7, 8]);
});

test("a word with a part that no piece has is unknown as a whole", () => {
  assert.deepEqual(wordpieces("猫亀", vocabulary), [vocabulary.unknown]);
});

test("a word of 101 characters is unknown, one of 100 is not", () => {
  assert.deepEqual(
    [wordpieces("猫" + "犬".repeat(100), vocabulary), wordpieces("猫" + "犬".repeat(99), vocabulary).length],
    [[1], 99],
  );
});

test("a vocabulary without [MASK] is refused by name", () => {
  assert.throws(
    () => vocabularyOf(["[PAD]", "[UNK]", "[CLS]", "[SEP]"], "vocab.txt"),
    /vocab\.txt has no \[MASK\]/,
  );
});

const tokenizer = tokenizerOf((text) => text.split(" ").filter(Boolean), vocabulary);

test("a text stands between [CLS] and [SEP]", () => {
  assert.deepEqual(tokenizer.encode("猫 が 鳴く"), { ids: [2, 5, 9, 10, 3], segmentIds: [0, 0, 0, 0, 0] });
});

test("a pair has segment 1 from its second text on", () => {
  assert.deepEqual(tokenizer.encode("猫", { pair: "鳴く" }), {
    ids: [2, 5, 3, 10, 3],
    segmentIds: [0, 0, 0, 1, 1],
  });
});

test("a text that is too long loses its end, not its [SEP]", () => {
  assert.deepEqual(tokenizer.encode("猫 が 鳴く", { maxLength: 4 }).ids, [2, 5, 9, 3]);
});

test("of a pair that is too long the longer text loses its end, of two as long the second", () => {
  assert.deepEqual(tokenizer.encode("猫 が 鳴く", { pair: "が 鳴く", maxLength: 5 }).ids, [2, 5, 3, 9, 3]);
  assert.deepEqual(tokenizer.encode("猫 が", { pair: "が 鳴く", maxLength: 6 }).ids, [2, 5, 9, 3, 9, 3]);
});

test("special tokens inside a text are not cut", () => {
  assert.deepEqual(tokenizer.tokens("猫[MASK]鳴く [SEP]"), ["猫", "[MASK]", "鳴く", "[SEP]"]);
});

test("white space that MeCab leaves in a word is in no piece", () => {
  assert.deepEqual(wordpieces("猫\r\x85犬\u2028", vocabulary), [5, 1]);
});

test("characters beyond 16 bits are not cut", () => {
  const rare = vocabularyOf([...vocabulary.pieces, "𠮷", "##𠮷"]);
  assert.deepEqual(wordpieces("𠮷𠮷猫", rare), [rare.unknown]);
  assert.deepEqual(wordpieces("𠮷𠮷", rare), [11, 12]);
});

test("a checkpoint of characters has one token a character", () => {
  assert.deepEqual(
    tokenizerOf((text) => text.split(" "), vocabulary, { cut: characterCut(vocabulary) }).encode("猫亀 が")
      .ids,
    [2, 5, 1, 9, 3],
  );
});

const tohoku = {
  tokenizer_class: "BertJapaneseTokenizer",
  word_tokenizer_type: "mecab",
  subword_tokenizer_type: "wordpiece",
  do_lower_case: false,
};

test("Tohoku's models say their words: IPADIC the first, which name no dictionary, UniDic the others", () => {
  assert.deepEqual(tokenizerKind(tohoku, "v1"), { dictionary: "ipadic", pieces: "wordpiece" });
  const later = {
    ...tohoku,
    subword_tokenizer_type: "character",
    mecab_kwargs: { mecab_dic: "unidic_lite" },
  };
  assert.deepEqual(tokenizerKind(later, "char-v3"), { dictionary: "unidic_lite", pieces: "character" });
});

test("a configuration that could name a dictionary and does not is refused with both: versions of transformers differ", () => {
  for (const mecab_kwargs of [null, {}, { mecab_dic: null }])
    assert.throws(
      () => tokenizerKind({ ...tohoku, mecab_kwargs }, "its/config"),
      /its\/config: mecab_kwargs names no dictionary, .*ipadic before 4\.46 and unidic_lite since/,
    );
});

test("checkpoints with other words are refused by name, with models that work", () => {
  const others = [
    { word_tokenizer_type: "sudachi" },
    { word_tokenizer_type: "jumanpp" },
    { subword_tokenizer_type: "byte" },
    { do_lower_case: true },
    { do_word_tokenize: null },
  ];
  for (const other of others) {
    const [[key, value]] = Object.entries(other);
    assert.throws(
      () => tokenizerKind({ ...tohoku, ...other }, "its/config"),
      new RegExp(`its/config: ${key} is ${value}.*Tohoku`),
    );
  }
  assert.throws(
    () => tokenizerKind({ ...tohoku, mecab_kwargs: { mecab_dic: "unidic" } }, "config"),
    /dictionary unidic,/,
  );
  for (const [option, value] of Object.entries({
    mecab_option: "-d x",
    normalize_text: false,
    never_split: [],
  }))
    assert.throws(
      () => tokenizerKind({ ...tohoku, mecab_kwargs: { mecab_dic: "ipadic", [option]: value } }, "config"),
      new RegExp(`config: .*${option}`),
    );
});

test("a folder without tokenizer_config.json is refused with the file that it lacks", async () => {
  await assert.rejects(openTokenizer("nowhere"), /nowhere\/tokenizer_config\.json is missing/);
});

const vectors = shared("reference/tokenizer_vectors_ipadic32k.json");
const vocab = shared("data/vocab-tohoku-ipadic-32k/vocab.txt");

test("739 of 739 lines have the words and pieces of MeCab-IPADIC and transformers", {
  skip: vectors.skip || vocab.skip,
}, async () => {
  interface Line {
    text: string;
    words: string[];
    ids: number[];
  }
  const lines = (JSON.parse(readFileSync(vectors.path, "utf8")) as { vectors: Line[] }).vectors;
  assert.equal(lines.length, 739);
  const segment = await loadSegmenter();
  const japanese = readVocabulary(vocab.path);
  for (const { text, words, ids } of lines) {
    // These ids were made without a look at special tokens.
    const found = segment(normalise(text));
    assert.deepEqual(found, words, text);
    assert.deepEqual(
      found.flatMap((word) => wordpieces(word, japanese)),
      ids.slice(1, -1),
      text,
    );
  }
});

test("[MASK] in a text is Tohoku's", { skip: vocab.skip }, async () => {
  const japanese = tokenizerOf(await loadSegmenter(), readVocabulary(vocab.path));
  assert.deepEqual(japanese.encode("今日は[MASK]です。").ids, [2, 3246, 9, 4, 2992, 8, 3]);
});

test("a vocabulary that is not there is named with the remedy", () => {
  assert.throws(() => readVocabulary("/nowhere/vocab.txt"), {
    message: "/nowhere/vocab.txt is missing: copy the model's folder again, all of its files",
  });
});
