import assert from "node:assert/strict";
import { test } from "node:test";
import { corpusOf } from "..";
import { windowAt, windowsOf } from "../text";

const texts = Array.from({ length: 20 }, (_, i) => `あい${String.fromCodePoint(0x3041 + i)}`);

test("of ten texts two are the judge's, one is held out, and what is learnt is neither", () => {
  const { characters, learnt, judging, heldOut, texts: counts } = corpusOf(texts, 1);
  assert.deepEqual(counts, { learnt: 14, judging: 4, heldOut: 2 });
  assert.equal(learnt.length, 14 * 4); // with a line break each
  assert.equal(judging.length, 4 * 4);
  assert.equal(characters.text(heldOut).split("\n").length, 3);
});

test("a character that is rare in what is learnt is one with all others", () => {
  const { characters } = corpusOf(texts, 2);
  assert.equal(characters.text(characters.ids("あい\nん龘")), "あい\n〓〓");
  assert.equal(characters.ids("〓")[0], 0);
});

test("other texts are other data", () => {
  assert.notEqual(corpusOf(texts, 1).sha256, corpusOf([...texts].reverse(), 1).sha256);
  assert.notEqual(corpusOf(texts, 1).sha256, corpusOf(texts, 2).sha256);
});

test("a piece has at each step what is read and the character after it; no character is predicted twice", () => {
  const ids = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  assert.deepEqual(windowAt(ids, 2, 3), { read: [2, 3, 4], next: [3, 4, 5] });
  assert.deepEqual(
    windowsOf(ids, 3).flatMap(({ next }) => next),
    [1, 2, 3, 4, 5, 6],
  );
});

test("a text that is too short is refused with what would help", () =>
  assert.throws(() => windowsOf([1, 2, 3], 3), /3 characters hold no piece of 3: use more text/));
