import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Random } from "../../../lib/support/random";
import { vocabularyOf } from "../../tokenizer";
import { maskedBatch, packLines, packProse, placesOf } from "../masking";
import { readTokens, textAt, tokenTexts, writeTokens } from "../tokens";

const folder = mkdtempSync(join(tmpdir(), "tokens-"));
after(() => rmSync(folder, { recursive: true }));

// [PAD] 0, [UNK] 1, [CLS] 2, [SEP] 3, [MASK] 4, あ 5, ##い 6, う 7
const vocabulary = vocabularyOf(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "あ", "##い", "う"]);
const texts = (...lines: number[][]) => tokenTexts(lines);

test("tokens are written and read again; a file that is cut off is named", () => {
  const path = join(folder, "a.tokens");
  const tokens = texts([5, 6], [], [7]);
  writeTokens(path, tokens);
  assert.deepEqual(readTokens(path), tokens);
  assert.deepEqual([...textAt(tokens, 2)], [7]);
  writeFileSync(path, readFileSync(path).subarray(0, -1));
  assert.throws(() => readTokens(path), /a\.tokens is cut off/);
});

test("lines are joined by [SEP] in their order, some stand alone, none is longer than the length", () => {
  const lines = Array.from({ length: 200 }, () => [5, 6, 7]);
  const packed = packLines(texts(...lines, Array<number>(50).fill(7)), 11, vocabulary, new Random(1));
  const shapes = new Set(packed.map((sequence) => sequence.join()));
  assert.ok(shapes.has("2,5,6,7,3") && shapes.has("2,5,6,7,3,5,6,7,3"));
  assert.deepEqual([...packed[packed.length - 1]], [2, 7, 7, 7, 7, 7, 7, 7, 7, 7, 3]);
  assert.equal(packed.flatMap((sequence) => [...sequence]).filter((id) => id === 5).length, 200);
});

test("prose is cut into full sequences", () => {
  assert.deepEqual(
    packProse(texts([5, 6, 7], [7, 7], [5]), 5, vocabulary).map((s) => [...s]),
    [
      [2, 5, 6, 7, 3],
      [2, 7, 7, 5, 3],
    ],
  );
});

const sequences = Array.from({ length: 64 }, (_, i) =>
  Uint16Array.of(
    2,
    ...Array.from({ length: 20 + (i % 11) }, (_, j) => (j % 3 === 0 ? 5 : j % 3 === 1 ? 6 : 7)),
    3,
  ),
);
const batch = maskedBatch(sequences, 32, vocabulary, new Random(7));
const original = (place: number) => sequences[Math.floor(place / 32)][place % 32];
const used = Array.from(batch.counts.data.keys()).filter((i) => batch.counts.data[i] === 1);

test("a masked batch remembers the words that it hides, and hides nothing else", () => {
  const places = new Set(used.map((i) => batch.places.data[i]));
  assert.equal(places.size, used.length);
  for (const i of used) assert.equal(batch.words.data[i], original(batch.places.data[i]));
  batch.ids.data.forEach((id, place) => places.has(place) || assert.equal(id, original(place) ?? 0));
  batch.mask.data.forEach((x, place) => assert.equal(x, original(place) === undefined ? 0 : 1));
  assert.equal(batch.places.shape[0], placesOf(64, 32));
});

test("15 % of the tokens are chosen, by whole words; 80 % of them become [MASK], never a special token", () => {
  const tokens = sequences.reduce((sum, s) => sum + s.length - 2, 0);
  assert.ok(Math.abs(used.length / tokens - 0.15) < 0.01, String(used.length / tokens));
  const places = new Set(used.map((i) => batch.places.data[i]));
  for (const place of places) {
    if (original(place) === 6) assert.ok(places.has(place - 1), "あ##い is one word");
    assert.ok(original(place) > 4);
  }
  const masked = used.filter((i) => batch.ids.data[batch.places.data[i]] === vocabulary.mask).length;
  assert.ok(Math.abs(masked / used.length - 0.8) < 0.1, String(masked / used.length));
});
