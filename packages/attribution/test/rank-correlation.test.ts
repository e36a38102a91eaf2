/** Compared with SciPy: reference/make_ranks.py. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ranks, spearman } from "..";
import reference from "./reference/ranks.json";

const near = (a: number, b: number) => Math.abs(a - b) < 1e-12;

for (const { one, other, ranks: places, rho } of reference)
  test(`ranks and correlation of ${one.length} pairs, ${one.length - new Set(one).size} of them tied, are SciPy's`, () => {
    assert.deepEqual(ranks(one), places);
    assert.ok(near(spearman(one, other), rho), `${spearman(one, other)} for ${rho}`);
  });

test("a side that is all equal has no order to agree with", () =>
  assert.ok(Number.isNaN(spearman([1, 1, 1], [1, 2, 3]))));

test("sides of different lengths are refused", () =>
  assert.throws(() => spearman([1, 2], [1]), /2 values against 1/));
