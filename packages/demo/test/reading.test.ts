/** What a page reads of a text: its words with their tokens and places, and what it does not know. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { BUILTIN_MODEL } from "../../../test/builtin";
import { cutDictionary } from "../../mecab";
import { openTokenizer, readParts, tokenizerOfParts, type WordParts } from "../../tokenizer";
import reference from "../../unigram/test/unigram.json";
import { keptIds } from "../../vocabulary-cut";
import { fromPage, toPage } from "../contents";
import { type Read, readerOf } from "../reading";

let parts: WordParts;
before(async () => {
  parts = (await readParts(BUILTIN_MODEL)) as WordParts;
});
const wordsOf = (text: string, longest = 128) =>
  readerOf({ tokenizer: parts, longest })(text).words.map(({ span }) => text.slice(...span));

test("words stand where they are in the text as it was typed, whatever NFKC makes of it", () =>
  assert.deepEqual(wordsOf("ﾄﾃﾓ 良い！"), ["ﾄﾃﾓ", "良い", "！"]));

test("a word has all of its tokens, and the words have all tokens between [CLS] and [SEP]", async () => {
  const text = "店員さんの対応がすばらしく、また来ようと思った。";
  const { ids, words } = readerOf({ tokenizer: parts, longest: 128 })(text);
  assert.deepEqual(ids, (await openTokenizer(BUILTIN_MODEL)).encode(text));
  const places = words.flatMap(({ tokens: [from, to] }) =>
    Array.from({ length: to - from }, (_, i) => from + i),
  );
  assert.deepEqual(
    places,
    ids.ids.slice(1, -1).map((_, i) => i + 1),
  );
});

test("a word that no dictionary has, and one with a character that no piece has, are told", () => {
  const text = "ベホマズンは𠮷い";
  const { words } = readerOf({ tokenizer: parts, longest: 128 })(text);
  const told = (which: "unknownWord" | "unknownPiece") =>
    words.filter((word) => word[which]).map(({ span }) => text.slice(...span));
  assert.ok(told("unknownWord").includes("ベホマズン"));
  assert.deepEqual(told("unknownPiece"), ["𠮷"]);
});

test("of a text that is too long the end is left out and counted", () => {
  const whole = readerOf({ tokenizer: parts, longest: 128 })("とても良い店だった。"),
    short = readerOf({ tokenizer: parts, longest: 5 })("とても良い店だった。");
  assert.equal(short.ids.ids.length, 5);
  assert.equal(short.tooMany, whole.ids.ids.length - 5);
  assert.deepEqual(wordsOf("とても良い店だった。", 5), ["とても", "良い", "店"]);
});

test("with a cut dictionary the words that only the whole one has are told where they may stand", () => {
  const { dictionary, leftOut } = cutDictionary(parts.dictionary, ["宇宙船が良い", "と"], 0);
  const read = readerOf({ tokenizer: { ...parts, dictionary }, longest: 128, leftOut });
  assert.deepEqual(read("宇宙船が良い").leftOut, []);
  assert.deepEqual(read("将棋が良い").leftOut, ["将棋"]); // for an unknown word
  assert.deepEqual(read("宇宙船が良いと").leftOut, []); // いと begins within 良い
});

test("with a cut vocabulary the words that have other pieces with the whole one are told", () => {
  const kept = keptIds(parts, [tokenizerOfParts(parts).encode("良い店")], 0);
  const read = readerOf({ tokenizer: parts, longest: 128, kept });
  const told = (text: string) =>
    read(text).words.flatMap(({ span, otherPieces }) => (otherPieces ? [text.slice(...span)] : []));
  assert.deepEqual(told("良い店"), []);
  assert.deepEqual(told("良い犬"), ["犬"]);
});

test("of a unigram model each piece is a word, but for the bytes of one character, which are one together", () => {
  const config = { cls_token: "<cls>", sep_token: "<sep>" };
  for (const { file } of Object.values(reference.tokenizers)) {
    if (!("post_processor" in file && file.post_processor)) continue; // without [CLS] it is no encoder's
    const tokenizer = { kind: "unigram", file, config } as const;
    for (const text of ["おい、どこだ", "𠮷野家で 髙い"]) {
      const { ids, words } = readerOf({ tokenizer, longest: 128 })(text);
      assert.equal(words[0].tokens[0], 1);
      assert.equal(words[words.length - 1].tokens[1], ids.ids.length - 1);
      for (const [i, { span, tokens }] of words.entries()) {
        assert.ok(span[0] < span[1] && tokens[0] < tokens[1], text);
        if (i > 0) assert.ok(words[i - 1].span[1] <= span[0] && words[i - 1].tokens[1] === tokens[0], text);
      }
    }
  }
});

test("a tokenizer comes out of a page as it went in", () => {
  const userWords = new Map([[12505, [{ word: "ベホマズン", run: 257 }]]]);
  const whole: Read = {
    tokenizer: { ...parts, dictionary: { ...parts.dictionary, userWords } },
    longest: 40,
    kept: [0, 1, 2, 3, 4],
    leftOut: { hashes: Uint32Array.of(4294967295), begins: [0, 1] },
  };
  const { json, bytes } = toPage(whole);
  const own = Object.fromEntries(Object.entries(bytes).map(([name, one]) => [name, Uint8Array.from(one)]));
  assert.deepEqual(fromPage(JSON.parse(JSON.stringify(json)), own as typeof bytes), whole);
});
