import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { cacheFolder } from "../../../lib/support/files";
import reference from "../../../test/reference/tokenizer.json";
import { characterCut, normalise, tokenizerOf, vocabularyOf } from "../../tokenizer";
import { loadSegmenter, type Segmenter } from "../morphemes";

const vocabulary = vocabularyOf(reference.vocabulary);
const groups = [...new Set(reference.lines.map(({ group }) => group))];
let ipadic: Segmenter;
before(async () => {
  ipadic = await loadSegmenter();
});

for (const group of groups) {
  const lines = reference.lines.filter((line) => line.group === group);

  test(`${group}: ${lines.length} lines have the words of MeCab-IPADIC`, () => {
    for (const line of lines) assert.deepEqual(ipadic(normalise(line.text)), line.ipadic, line.text);
  });

  test(`${group}: ${lines.length} lines have the ids of BertJapaneseTokenizer, as pieces and as characters`, () => {
    const [pieces, characters] = [
      tokenizerOf(ipadic, vocabulary),
      tokenizerOf(ipadic, vocabulary, { cut: characterCut(vocabulary) }),
    ];
    for (const line of lines) {
      assert.deepEqual(pieces.encode(line.text).ids, line.ids, line.text);
      assert.deepEqual(characters.encode(line.text).ids, line.characters, line.text);
    }
  });
}

test("pairs lose their ends where BertJapaneseTokenizer's do", () => {
  const tokenizer = tokenizerOf(ipadic, vocabulary);
  for (const { text, pair, maxLength, input_ids, token_type_ids } of reference.pairs) {
    const expected = { ids: input_ids, segmentIds: token_type_ids };
    assert.deepEqual(tokenizer.encode(text, { pair, maxLength }), expected, `${text} ${pair} ${maxLength}`);
  }
});

test("words do not depend on the texts before", () => {
  const [first] = reference.lines;
  ipadic("𠮷".repeat(3000));
  ipadic("a");
  assert.deepEqual(ipadic(normalise(first.text)), first.ipadic);
});

const fetched = existsSync(join(cacheFolder(), "unidic-lite-1.0.8"));
const skip = fetched
  ? false
  : "unidic-lite is not in the cache folder; it comes when a model with its words is opened";

test(`${reference.lines.length} lines have the words of MeCab-UniDic`, { skip }, async () => {
  const unidic = await loadSegmenter("unidic_lite");
  for (const line of reference.lines) assert.deepEqual(unidic(normalise(line.text)), line.unidic, line.text);
});

test("25 letters of one kind can be an unknown word, more cannot, however many there are", () => {
  const words = (length: number) => ipadic("q".repeat(length)).length;
  assert.deepEqual([25, 26, 100_000].map(words), [1, 2, 99_976]);
});
