import assert from "node:assert/strict";
import { test } from "node:test";
import { EQUAL_TOKENS, featureBatches, inEqualBatches, LEAST_TOKENS, pooledRows } from "../batches";

const padded = [...new Array<number>(300).fill(16), ...new Array<number>(150).fill(12), 512, 20, 510, 50, 50];
const size = ({ rows, tokens }: { readonly rows: number; readonly tokens: number }) => rows * tokens;

for (const [name, batches] of [
  ["large", featureBatches(padded)],
  ["equal", inEqualBatches(featureBatches(padded))],
] as const) {
  test(`every text stands in one of the ${name} batches, among texts of its length`, () => {
    const places = batches.flatMap(({ items, tokens }) => items.map((item) => [item, tokens] as const));
    assert.deepEqual(
      places.sort(([a], [b]) => a - b),
      padded.map((tokens, item) => [item, tokens]),
    );
  });
}

test("large batches have no fewer tokens than the least, and no more than 2,048", () =>
  assert.deepEqual(
    featureBatches(padded).filter((batch) => size(batch) < LEAST_TOKENS || size(batch) > 2048),
    [],
  ));

test("equal batches have at least 528 tokens, a multiple of 48", () =>
  assert.deepEqual(
    inEqualBatches(featureBatches(padded)).filter(
      (batch) => size(batch) < EQUAL_TOKENS || (batch.tokens % 2 === 0 && size(batch) % 48 !== 0),
    ),
    [],
  ));

test("one text has a batch of the same rows as many of its length", () => {
  const rowsOf = (count: number) =>
    inEqualBatches(featureBatches(new Array<number>(count).fill(20))).map(({ rows }) => rows);
  assert.deepEqual([rowsOf(1), rowsOf(40)], [[36], [36, 36]]);
});

test("texts of an odd length are not made too many for the sake of 48 tokens", () =>
  assert.deepEqual(
    inEqualBatches(featureBatches([511])).map(({ rows }) => rows),
    [8],
  ));

test("the tokens of every batch fill groups of eight numbers", () => {
  const batches = featureBatches([...padded, 511]);
  assert.deepEqual(
    [...batches, ...inEqualBatches(batches)].filter((batch) => size(batch) % 8 !== 0),
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

test("layers of a row a text have a multiple of 48 rows", () =>
  assert.deepEqual([1, 48, 49].map(pooledRows), [48, 48, 96]));
