import assert from "node:assert/strict";
import { test } from "node:test";
import { featureBatches, inSmallBatches, LEAST_TOKENS, pooledRows } from "../batches";

const padded = [...new Array<number>(300).fill(16), ...new Array<number>(150).fill(12), 512, 20, 510, 50, 50];
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

test("the tokens of every batch fill groups of eight numbers", () => {
  const batches = featureBatches([...padded, 511]);
  assert.deepEqual(
    [...batches, ...inSmallBatches(batches)].filter((batch) => size(batch) % 8 !== 0),
    [],
  );
});

test("300 texts of 16 tokens are three batches of 100, as 128 of them are 2,048 tokens", () =>
  assert.deepEqual(
    featureBatches(padded)
      .filter(({ tokens }) => tokens === 16)
      .map(({ rows, items }) => [rows, items.length]),
    [
      [100, 100],
      [100, 100],
      [100, 100],
    ],
  ));

test("layers of a row a text have at least 16 rows, and a multiple of eight", () =>
  assert.deepEqual([1, 16, 17, 40].map(pooledRows), [16, 16, 24, 40]));
