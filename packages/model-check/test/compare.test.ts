import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, type Made } from "../compare";

const made = (more: Partial<Made> = {}): Made => ({
  ids: [2, 7, 3],
  vector: [1, -4],
  logits: [0.5, 0.25],
  ...more,
});
const nameOf = (id: number) => ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c", "雨"][id];
const compared = (there: Partial<Made>, here: Partial<Made> = {}) =>
  compare(["雨"], [made(here)], [made(there)], nameOf);

test("equal sides have no difference", () =>
  assert.deepEqual(compared({}), { differences: [], alike: 1, read: 1, vector: 0, logits: 0 }));

test("the first token that differs is shown with its name on both sides", () => {
  const { differences, alike } = compared({ ids: [2, 5, 6, 3] });
  assert.deepEqual(differences, ["雨: token 1: komalab 7 雨, 3 [SEP]; transformers 5 b, 6 c, 3 [SEP]"]);
  assert.equal(alike, 0);
});

test("vectors and logits differ beyond a ten thousandth of the largest number", () => {
  assert.deepEqual(compared({ vector: [1.0003, -4] }).differences, []);
  assert.deepEqual(compared({ vector: [1.004, -4] }).differences, [
    "雨: vectors differ by 1.0e-3 of the largest",
  ]);
  assert.deepEqual(compared({ logits: [0.5, 0.3] }).differences, [
    "雨: logits differ by 1.0e-1 of the largest",
  ]);
});

test("where Python's tokenizer cannot be opened, or there is no head, the rest is compared", () => {
  const { differences, read, logits } = compared({ ids: null, logits: null }, { logits: null });
  assert.deepEqual([differences, read, logits], [[], 0, undefined]);
});
