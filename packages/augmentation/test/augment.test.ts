import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../lib/support/random";
import { deleteWords, insertWords, replaceWords, swapWords } from "../augment";

const words = ["今日", "は", "、", "とても", "楽しい", "一", "日", "だ", "！"];
const similar = (word: string) => (word === "楽しい" ? ["嬉しい", "愉快"] : []);
const change = (share: number) => ({ share, random: new Random(3) });

test("swapping keeps all words and moves no punctuation", () => {
  const swapped = swapWords(words, change(0.5));
  assert.deepEqual([...swapped].sort(), [...words].sort());
  assert.notDeepEqual(swapped, words);
  assert.deepEqual([swapped[2], swapped[8]], ["、", "！"]);
});

test("deleting takes the share of words, and no punctuation", () => {
  const rest = deleteWords(words, change(2 / 7));
  assert.equal(rest.length, words.length - 2);
  assert.ok(rest.includes("、") && rest.includes("！"));
});

test("a text of one word is neither emptied nor swapped", () => {
  assert.deepEqual(
    [deleteWords(["え", "！"], change(1)), swapWords(["え", "！"], change(1))],
    [
      ["え", "！"],
      ["え", "！"],
    ],
  );
});

test("replacing takes only words that have similar ones", () => {
  const replaced = replaceWords(words, change(1), similar);
  assert.ok(["嬉しい", "愉快"].includes(replaced[4]));
  assert.deepEqual(
    replaced.filter((_, i) => i !== 4),
    words.filter((_, i) => i !== 4),
  );
});

test("inserting keeps the words in order and adds a similar one", () => {
  const grown = insertWords(words, change(1), similar),
    added = grown.filter((word) => !words.includes(word));
  assert.equal(added.length, 1);
  assert.deepEqual(
    grown.filter((word) => words.includes(word)),
    words,
  );
});

test("equal generators make equal changes", () => {
  assert.deepEqual(swapWords(words, change(0.3)), swapWords(words, change(0.3)));
});
