/** Comparisons of results that need no training: what two baselines say of eight texts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAJORITY, TFIDF } from "../../lib/evaluate/baselines";
import type { Results } from "../../lib/study/experiment";
import { compareBy, verdicts } from "../../lib/study/results";

const gold = [0, 0, 0, 0, 1, 1, 1, 1];
const answers = (
  [
    [MAJORITY, gold.map(() => 0)],
    [TFIDF, gold.map((label, i) => (i === 7 ? 0 : label))],
  ] as const
).map(([system, predicted]) => ({
  ...{ system, testSet: "test", seed: null, gold, predicted },
  items: gold.map((_, i) => `${i}`),
}));
const results = { answers, runs: [], task: { classes: ["no", "yes"] } } as unknown as Results;

test("a comparison is made once for a metric and a baseline, and another one for others", () => {
  const one = compareBy(results, "accuracy");
  assert.equal(compareBy(results, "accuracy"), one);
  for (const other of [compareBy(results, "f1"), compareBy(results, "accuracy", MAJORITY)])
    assert.notEqual(other, one);
});

test("verdicts are of each system but the one that they are against", () => {
  const named = (against?: string) =>
    verdicts(results, "accuracy", against).map(({ system, other, difference }) => [
      system,
      other,
      difference,
    ]);
  assert.deepEqual(named(), [[MAJORITY, TFIDF, -0.375]]);
  assert.deepEqual(named(MAJORITY), [[TFIDF, MAJORITY, 0.375]]);
});
