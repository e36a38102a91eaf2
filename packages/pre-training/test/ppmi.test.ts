import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../lib/support/random";
import { ppmiVectors } from "../ppmi";
import { tokenTexts } from "../tokens";

// 5 and 6 stand before 7, 8 and 9 before 10; 11 occurs nowhere
const texts = tokenTexts(
  Array.from({ length: 40 }, (_, i) =>
    i % 2 === 0 ? [2, 5 + (i % 4) / 2, 7, 3] : [2, 8 + ((i - 1) % 4) / 2, 10, 3],
  ),
);
const options = { vocabularySize: 12, specials: 5, dimensions: 2, contexts: 7, window: 2, deviation: 0.02 };
const vectors = ppmiVectors([texts], options, new Random(1));
const vector = (id: number) => vectors.subarray(id * 2, id * 2 + 2);
const cosine = (a: Float32Array, b: Float32Array) =>
  (a[0] * b[0] + a[1] * b[1]) / Math.hypot(...a) / Math.hypot(...b);

test("pieces with the same neighbours have the same direction, others do not", () => {
  assert.ok(cosine(vector(5), vector(6)) > 0.99);
  assert.ok(cosine(vector(8), vector(9)) > 0.99);
  assert.ok(cosine(vector(5), vector(8)) < 0.5);
});

test("every vector, also that of a piece without neighbours, has the deviation asked for", () => {
  for (let id = 0; id < 12; id++)
    assert.ok(Math.abs(Math.hypot(...vector(id)) - 0.02 * Math.SQRT2) < 1e-6, String(id));
});
