import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compare, pooled } from "../../../lib/evaluate/comparison";
import type { Predictions } from "../../../lib/evaluate/intervals";
import { projectRoot } from "../../../lib/support/files";
import { calibrationError, reliabilityBins } from "../calibration";
import { averagePrecision, rocAuc } from "../ranking";

interface Reference extends Predictions {
  readonly rocAuc: readonly number[];
  readonly averagePrecision: readonly number[];
  readonly bins: readonly { readonly n: number; readonly confidence: number; readonly accuracy: number }[];
  readonly calibrationError: number;
}
// numbers of scikit-learn: test/reference/make_ranking.py
const cases = JSON.parse(
  readFileSync(join(projectRoot, "test/reference/ranking.json"), "utf8"),
) as readonly Reference[];

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

for (const [i, one] of cases.entries()) {
  test(`case ${i}: ROC AUC of every class is scikit-learn's, equal probabilities too`, () =>
    one.rocAuc.forEach((value, c) => near(rocAuc(one, c), value)));

  test(`case ${i}: average precision of every class is scikit-learn's`, () =>
    one.averagePrecision.forEach((value, c) => near(averagePrecision(one, c), value)));

  test(`case ${i}: reliability bins are scikit-learn's, those without an answer left out`, () => {
    const bins = reliabilityBins(one).filter(({ n }) => n > 0);
    assert.deepEqual(
      bins.map(({ n }) => n),
      one.bins.map(({ n }) => n),
    );
    bins.forEach(({ confidence, accuracy }, b) => {
      near(confidence, one.bins[b].confidence);
      near(accuracy, one.bins[b].accuracy);
    });
  });

  test(`case ${i}: the calibration error is the mean gap of these bins`, () =>
    near(calibrationError(one), one.calibrationError));
}

const certain: Predictions = {
  gold: [1, 1, 0, 0],
  predicted: [1, 1, 0, 0],
  probabilities: [
    [0, 1],
    [0, 1],
    [1, 0],
    [1, 0],
  ],
};

test("a perfect ranking has 1 in both, and certain right answers no calibration error", () =>
  assert.deepEqual([rocAuc(certain), averagePrecision(certain), calibrationError(certain)], [1, 1, 0]));

test("equal probabilities of all items rank none: .5, and the share of the class", () => {
  const alike = { ...certain, gold: [1, 0, 0, 0], probabilities: certain.gold.map(() => [0.5, 0.5]) };
  assert.deepEqual([rocAuc(alike), averagePrecision(alike)], [0.5, 0.25]);
});

test("without an item of the class, or of another, a ranking is undefined", () => {
  assert.ok(Number.isNaN(rocAuc({ ...certain, gold: [0, 0, 0, 0] })));
  assert.ok(Number.isNaN(averagePrecision({ ...certain, gold: [0, 0, 0, 0] })));
  assert.ok(Number.isNaN(rocAuc({ ...certain, gold: [1, 1, 1, 1] })));
});

test("predictions without probabilities are refused", () => {
  const bare = { gold: [0, 1], predicted: [0, 1] };
  for (const metric of [rocAuc, averagePrecision, calibrationError])
    assert.throws(() => metric(bare), /these predictions have no probabilities/);
});

test("systems are compared by a ranking metric as by any other, with items drawn anew", () => {
  const run = { ...cases[0], testSet: "a", seed: 1 };
  const reversed = run.probabilities?.map(([a, b]) => [b, a]);
  const { rows, best } = compare(
    [
      { ...run, system: "good" },
      { ...run, system: "bad", probabilities: reversed },
    ],
    { metric: rocAuc, baseline: "bad", bootstrapSamples: 200 },
  );
  near(rows[0].mean, cases[0].rocAuc[1]);
  assert.equal(best, "good");
  assert.ok(rows[0].low < rows[0].mean && rows[0].mean < rows[0].high);
  assert.ok((rows[0].baseline?.low ?? 0) > 0);
});

test("test sets taken together keep their probabilities, where all have them", () => {
  const runs = ["a", "b"].map((testSet) => ({ ...certain, system: "s", seed: 1, testSet }));
  assert.equal(rocAuc(pooled(runs)[0]), 1);
  assert.equal(pooled([runs[0], { ...runs[1], probabilities: undefined }])[0].probabilities, undefined);
});
