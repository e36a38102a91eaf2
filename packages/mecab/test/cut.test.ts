import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { readReviews } from "../../../lib/data/reviews";
import { BUILTIN_REVIEWS } from "../../../test/builtin";
import {
  type CutDictionary,
  cutDictionary,
  type Dictionary,
  isWord,
  leftOutIn,
  loadDictionary,
  segmenterOf,
} from "..";

const lines = readReviews(BUILTIN_REVIEWS).reviews.map(({ text }) => text.normalize("NFKC"));
let whole: Dictionary, cut: CutDictionary;
before(async () => {
  whole = await loadDictionary();
  cut = cutDictionary(whole, lines, 0);
});

test("with the words of some texts alone, these have the words that the whole dictionary gives", () => {
  const [all, few] = [segmenterOf(whole), segmenterOf(cut.dictionary)];
  for (const line of lines) assert.deepEqual(few(line), all(line));
  assert.ok(cut.words < cut.of / 20, `${cut.words} of ${cut.of}`);
});

test("IPADIC's words are counted as its files have them, a word of several readings once", () =>
  assert.equal(cut.of, 325871));

test("a word that stands in no text is gone, and of the others those come first that MeCab takes readily", () => {
  const words = ["とても", "良い", "学校", "宇宙船"],
    has = (others: number) => {
      const { dictionary } = cutDictionary(whole, ["とても良い"], others);
      return words.map((word) => isWord(dictionary, word));
    };
  assert.deepEqual(has(0), [true, true, false, false]);
  assert.deepEqual(has(1000), [true, true, true, false]);
  assert.deepEqual(has(100_000), [true, true, true, true]);
});

test("the words of a text that are gone are told by their places, none within a longer one", () => {
  const { dictionary, leftOut, words, of } = cutDictionary(whole, ["とても良い"], 0);
  assert.equal(leftOut.hashes.length, of - words);
  const told = (text: string) =>
    leftOutIn(text, dictionary, leftOut).map(({ start, end }) => text.slice(start, end));
  assert.deepEqual(told("とても良い"), []);
  assert.deepEqual(told("𠮷宇宙船"), ["宇宙船"]);
  assert.deepEqual(told("とても良い宇宙船や将棋"), ["宇宙船", "や", "将棋"]);
});

test("every word that is gone is told, and no other text of its length", () => {
  const { dictionary, leftOut } = cutDictionary(whole, lines, 0);
  const pairs = lines.flatMap((line) =>
    Array.from({ length: line.length - 1 }, (_, i) => line.slice(i, i + 2)),
  );
  for (const pair of pairs) {
    const isTold = leftOutIn(pair, dictionary, leftOut).some(({ start, end }) => end - start === 2);
    assert.equal(isTold, isWord(whole, pair) && !isWord(dictionary, pair), pair);
  }
  const [word] = leftOutIn("宇宙船", dictionary, leftOut);
  assert.deepEqual(word, { start: 0, end: 3 });
});

test("with all others nothing is cut", () => {
  const all = cutDictionary(whole, [], Infinity);
  assert.equal(all.words, all.of);
  for (const line of ["宇宙船から将棋をさす", "ベホマズン"])
    assert.deepEqual(segmenterOf(all.dictionary)(line), segmenterOf(whole)(line));
});

test("costs of connections stay between the contexts that are left alone", () => {
  const zeros = (array: Int16Array) => array.reduce((sum, one) => sum + Number(one === 0), 0);
  assert.ok(zeros(cut.dictionary.connections) > zeros(whole.connections) + 100_000);
});

test("a word of the user's own is one, and stays", async () => {
  const folder = mkdtempSync(join(tmpdir(), "komalab-cut-")),
    path = join(folder, "names.csv");
  writeFileSync(path, "ベホマズン,,,5000,名詞,固有名詞,人名,一般\n");
  const own = await loadDictionary("ipadic", { userDictionary: path }).finally(() =>
    rmSync(folder, { recursive: true }),
  );
  const few = cutDictionary(own, lines, 0).dictionary;
  assert.deepEqual([isWord(whole, "ベホマズン"), isWord(few, "ベホマズン")], [false, true]);
  assert.deepEqual(segmenterOf(few)("ベホマズンが良い"), segmenterOf(own)("ベホマズンが良い"));
});
