/** The characters of the raw text that tokens stand for. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Random } from "../../../lib/support/random";
import reference from "../../../test/reference/tokenizer.json";
import { loadSegmenter, type Segmenter } from "../../mecab";
import { alignedNfkc } from "../../unigram";
import { tokenizerOf } from "../tokenizer";
import { characterCut, normalise, vocabularyOf } from "../wordpiece";
import places from "./word_offsets.json";

const vocabulary = vocabularyOf(reference.vocabulary);
let ipadic: Segmenter;
before(async () => {
  ipadic = await loadSegmenter();
});

test(`words of ${reference.lines.length} lines stand where MeCab says, in the raw text where NFKC has not changed it`, () => {
  const { offsets } = tokenizerOf(ipadic, vocabulary, { cut: (word, onPiece) => onPiece(0, 0, word.length) });
  reference.lines.forEach(({ text, ipadic: words }, i) => {
    const spans = offsets(text).filter(([start]) => text[start] !== "["); // special tokens are no words
    const normal = normalise(text);
    const points = (end: number) => [...normal.slice(0, end)].length;
    if (normal === text && spans.length === words.length)
      assert.deepEqual(
        spans.flatMap(([start, end]) => [points(start), points(end)]),
        places[i],
        text,
      );
    if (spans.length === words.length)
      spans.forEach(([start, end], at) => {
        const stood = normalise(text.slice(start, end));
        assert.ok(stood.includes(words[at]) || normalise(text).includes(words[at]), `${text}: ${words[at]}`);
        assert.ok(end > start && end <= text.length, text);
      });
  });
});

test("pieces stand for their part of a word, an unknown word for all of it, through NFKC, spaces and added tokens", () => {
  const small = vocabularyOf([
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "キロ",
    "キ",
    "##ロ",
    "ガ",
    "##ス",
    "abc",
    "が",
  ]);
  const { offsets, tokens } = tokenizerOf((text) => text.split(/ +/).filter(Boolean), small);
  const text = "  ㌔ ｶﾞｽ[MASK]　ＡＢＣ １２ ａｂｃ か\u3099";
  const parts = offsets(text).map(([start, end]) => text.slice(start, end));
  assert.deepEqual(tokens(text), ["キロ", "ガ", "##ス", "[MASK]", "[UNK]", "[UNK]", "abc", "が"]);
  assert.deepEqual(parts, ["㌔", "ｶﾞ", "ｽ", "[MASK]", "ＡＢＣ", "１２", "ａｂｃ", "か\u3099"]);
});

test("a character that becomes several stands behind each of them", () => {
  const { offsets } = tokenizerOf((text) => [text], vocabulary, { cut: characterCut(vocabulary) });
  assert.deepEqual(offsets("a㌔"), [
    [0, 1],
    [1, 2],
    [1, 2],
  ]);
});

test("there are as many offsets as tokens, whatever the text", () => {
  const { offsets, tokens } = tokenizerOf(ipadic, vocabulary);
  const random = new Random(1);
  const all = reference.lines.map(({ text }) => text);
  for (let i = 0; i < 300; i++) {
    const text = random.shuffled(all).slice(0, 3).join("");
    assert.equal(offsets(text).length, tokens(text).length, text);
  }
});

test("every piece has a word, and words without a piece are counted over", () => {
  const { wordOf, tokens, words } = tokenizerOf(ipadic, vocabulary);
  for (const { text } of reference.lines) {
    const numbers = wordOf(text);
    assert.equal(numbers.length, tokens(text).length, text);
    assert.ok(
      numbers.every((word, i) => word < words(text).length && word >= (numbers[i - 1] ?? 0)),
      text,
    );
  }
  const cut = tokenizerOf((text) => text.split(/(?= )/), vocabulary, { cut: characterCut(vocabulary) });
  assert.deepEqual(cut.wordOf("ab[MASK]c"), [0, 0, 1, 2]);
});

test("alignment through NFKC keeps to the text that NFKC gives", () => {
  for (const { text } of reference.lines) assert.equal(alignedNfkc(text).text, normalise(text), text);
  assert.equal(alignedNfkc("㋿").text, "令和");
});
