import assert from "node:assert/strict";
import { test } from "node:test";
import { keptOf, ranked, rungsOf } from "..";

test("18 candidates, a third kept: 18, 6 and 2, each with the seeds that the rung before had not", () =>
  assert.deepEqual(rungsOf(18, { seeds: [2, 4, 8], keep: 1 / 3 }), [
    { candidates: 18, seeds: 2, added: [1, 2] },
    { candidates: 6, seeds: 4, added: [3, 4] },
    { candidates: 2, seeds: 8, added: [5, 6, 7, 8] },
  ]));

test("a share is rounded up, but at least one is dropped and one kept", () =>
  assert.deepEqual(
    [keptOf(10, 1 / 3), keptOf(9, 1 / 3), keptOf(100, 0.07), keptOf(3, 0.9), keptOf(2, 0.1)],
    [4, 3, 7, 2, 1],
  ));

const REFUSED: readonly (readonly [string, readonly number[], number, RegExp])[] = [
  ["a share of 1", [2, 4], 1, /keep = 1 is not a number between 0 and 1: .*for instance 1\/3/],
  ["a share of 0", [2, 4], 0, /keep = 0 is not a number between 0 and 1/],
  ["no seeds", [], 0.5, /seeds = \[\] is not a list of growing whole numbers/],
  [
    "seeds that do not grow",
    [4, 4],
    0.5,
    /seeds = \[4,4\] is not a list of growing .*for instance \[2, 4, 8\]/,
  ],
  ["half a seed", [1.5, 2], 0.5, /seeds = \[1\.5,2\] is not/],
  [
    "a rung of one candidate",
    [1, 2, 3, 4],
    0.5,
    /seeds = \[1,2,3,4\] are too many rungs for 5 candidates with keep = 0\.5 \(5, 3, 2, 1\): give 3 numbers of seeds, or keep more/,
  ],
];
for (const [what, seeds, keep, words] of REFUSED)
  test(`${what} is refused with name, value and remedy`, () =>
    assert.throws(() => rungsOf(5, { seeds, keep }), words));

test("candidates rank by score, those with broken runs behind all without, those without a score last; equals keep their order", () => {
  const all = [
    { name: "low", score: 0.5, broken: 0 },
    { name: "diverged once", score: 0.9, broken: 1 },
    { name: "first of equals", score: 0.7, broken: 0 },
    { name: "all crashed", score: Number.NaN, broken: 2 },
    { name: "second of equals", score: 0.7, broken: 0 },
    { name: "NaN", score: Number.NaN, broken: 0 },
    { name: "diverged twice", score: 0.9, broken: 2 },
  ];
  assert.deepEqual(
    ranked(all).map(({ name }) => name),
    ["first of equals", "second of equals", "low", "NaN", "diverged once", "diverged twice", "all crashed"],
  );
});
