import assert from "node:assert/strict";
import { test } from "node:test";
import { vocabularyOf, wordpieces } from "../../tokenizer";
import { SPECIAL_TOKENS, trainVocabulary } from "../vocabulary";

const words = new Map([
  ["ねこ", 3],
  ["いぬ", 2],
  ["ねこか", 1],
  ["雪", 1],
]);

test("special tokens come first, then characters by frequency, then merges by frequency", () => {
  // counted by hand: ね 4, ##こ 4, い 2, ##ぬ 2, ##か 1, 雪 1; ね + ##こ 4, い + ##ぬ 2
  assert.deepEqual(trainVocabulary(words, { size: 13, alphabet: 6 }), [
    ...SPECIAL_TOKENS,
    "##こ",
    "ね",
    "##ぬ",
    "い",
    "##か",
    "雪",
    "ねこ",
    "いぬ",
  ]);
});

test("merges go on inside merged words until nothing occurs twice", () => {
  assert.deepEqual(trainVocabulary(new Map([["あいう", 3]]), { size: 100, alphabet: 10 }).slice(8), [
    "あい",
    "あいう",
  ]);
});

test("a word with a character outside the alphabet is unknown, unless the character is always kept", () => {
  const small = trainVocabulary(words, { size: 11, alphabet: 4 });
  assert.deepEqual(wordpieces("雪", vocabularyOf(small)), [1]);
  const kept = vocabularyOf(trainVocabulary(words, { size: 13, alphabet: 6, always: "雪" }));
  assert.deepEqual(
    wordpieces("雪雪", kept).map((id) => kept.pieces[id]),
    ["雪", "##雪"],
  );
});

test("an alphabet that leaves no room is refused", () => {
  assert.throws(
    () => trainVocabulary(words, { size: 10, alphabet: 6 }),
    /a vocabulary of 10 has no room for an alphabet of 6/,
  );
});
