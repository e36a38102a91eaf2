import assert from "node:assert/strict";
import { test } from "node:test";
import { featureBatches, inSmallBatches, LEAST_TOKENS } from "../../lib/train/feature-batches";

const padded = [...new Array<number>(300).fill(16), ...new Array<number>(3).fill(12), 512, 20];
const size = ({ rows, tokens }: { readonly rows: number; readonly tokens: number }) => rows * tokens;

for (const [name, batches] of [
  ["large", featureBatches(padded)],
  ["small", inSmallBatches(featureBatches(padded))],
] as const) {
  test(`every text stands in one of the ${name} batches, among texts of its length`, () => {
    const places = batches.flatMap(({ items, tokens }) => items.map((item) => [item, tokens] as const));
    assert.deepEqual(
      places.sort(([a], [b]) => a - b),
      padded.map((tokens, item) => [item, tokens]),
    );
  });

  test(`${name} batches have no fewer tokens than the least, and no more than 2,048`, () =>
    assert.deepEqual(
      batches.filter((batch) => size(batch) < LEAST_TOKENS || size(batch) > 2048),
      [],
    ));
}

test("300 texts of 16 tokens are two batches of 128 and what is left in powers of two", () =>
  assert.deepEqual(
    featureBatches(padded)
      .filter(({ tokens }) => tokens === 16)
      .map(({ rows, items }) => [rows, items.length]),
    [
      [128, 128],
      [128, 128],
      [32, 32],
      [16, 12],
    ],
  ));
