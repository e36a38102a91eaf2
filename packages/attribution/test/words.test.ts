/** Which characters of the raw text, and which ids, a word stands for. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { BUILTIN_MODEL } from "../../../test/builtin";
import { openTokenizer, type Tokenizer } from "../../tokenizer";
import { lineOf, without } from "..";

let tokenizer: Tokenizer;
before(async () => {
  tokenizer = await openTokenizer(BUILTIN_MODEL);
});

const wordsOf = (text: string) => lineOf({ text }, tokenizer, 128).words;

test("words of a line with half-width letters, wide spaces and signs are those of the raw text", () => {
  const text = "  ｶﾞｽが　止まった！？ ㌔ ";
  assert.deepEqual(
    wordsOf(text).map((word) => word.text),
    ["ｶﾞｽ", "が", "止まっ", "た", "！？", "㌔"],
  );
  for (const { text: word, start, end } of wordsOf(text)) assert.equal(text.slice(start, end), word);
});

test("the words' tokens are all that stand between [CLS] and [SEP], each once, in their order", () => {
  for (const text of [
    "ｶﾞｽが　止まった！？",
    "説明書が分かりにくいうえに、電源が入らない。",
    "☃がABCdeFを①個",
  ]) {
    const { words, ids } = lineOf({ text }, tokenizer, 128);
    assert.deepEqual(
      words.flatMap(({ places }) => places),
      [...ids.keys()].slice(1, -1),
    );
  }
});

test("two words that share a character of the raw text are one", () => {
  const [word, ...others] = wordsOf("½だ"); // 1, ⁄ and 2
  assert.deepEqual([word.text, word.places.length, others.map(({ text }) => text)], ["½", 3, ["だ"]]);
});

test("of a text in context its own words are listed, behind those before it", () => {
  const { words, ids, segmentIds } = lineOf({ text: "止まった", context: ["ガスが"] }, tokenizer, 128);
  assert.deepEqual(
    words.map(({ text }) => text),
    ["止まっ", "た"],
  );
  assert.ok(words.every(({ places }) => places.every((place) => segmentIds[place] === 1)));
  assert.equal(words.at(-1)!.places.at(-1), ids.length - 2);
});

test("pieces of a unigram tokenizer are words, without the space before them; those of white space alone are none", () => {
  const spans = [
    [0, 0],
    [0, 2],
    [2, 4],
    [4, 5],
  ] as const;
  const unigram = {
    offsets: () => spans.map(([from, to]) => [from, to]),
    wordOf: () => [0, 1, 2, 3],
    encode: () => ({ ids: [1, 5, 6, 7, 8, 2], segmentIds: [0, 0, 0, 0, 0, 0] }),
  } as unknown as Tokenizer;
  assert.deepEqual(lineOf({ text: "映画 の " }, unigram, 128).words, [
    { text: "映画", start: 0, end: 2, places: [2] },
    { text: "の", start: 3, end: 4, places: [3] },
  ]);
});

test("what is left without some words has no id of theirs", () => {
  const line = lineOf({ text: "ガスが止まった" }, tokenizer, 128);
  const rest = without(line, [0, 3]);
  assert.deepEqual(rest.ids, tokenizer.encode("が止まっ").ids);
  assert.equal(rest.segmentIds.length, rest.ids.length);
});

test("a text that is too long is refused with its tokens and what is read", () =>
  assert.throws(
    () => lineOf({ text: "が".repeat(40) }, tokenizer, 16),
    /has \d+ tokens, but 16 are read: shorten it/,
  ));
