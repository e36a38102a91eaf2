import assert from "node:assert/strict";
import { test } from "node:test";
import { seedEffects } from "../index";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, not ${expected}`);

test("where only initial weights matter, order and rest are 0", () => {
  const { mean, init, order, rest } = seedEffects([
    [1, 1, 1],
    [2, 2, 2],
    [3, 3, 3],
  ]);
  [mean, init, order, rest].forEach((value, i) => near(value, [2, 1, 0, 0][i]));
});

test("a grid by hand: mean squares of initial weights 12, of order 27, of the rest 3", () => {
  // scores = 10 ± √3 (init) ± √6.75 (order) ± √0.75 (interplay); two of each
  const [a, b, c] = [Math.sqrt(3), Math.sqrt(6.75), Math.sqrt(0.75)];
  const { mean, init, order, rest } = seedEffects([
    [10 + a + b + c, 10 + a - b - c],
    [10 - a + b - c, 10 - a - b + c],
  ]);
  [mean, init, order, rest].forEach((value, i) =>
    near(value, [10, Math.sqrt(4.5), Math.sqrt(12), Math.sqrt(3)][i]),
  );
});

test("less than chance is 0, not the root of a negative number", () =>
  assert.equal(
    seedEffects([
      [0, 1],
      [1, 0],
    ]).init,
    0,
  ));

test("a grid with a hole is refused", () => assert.throws(() => seedEffects([[1, 2], [1]]), /full grid/));
