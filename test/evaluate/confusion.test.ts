import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { classScores, confusionOf, majority, metricsOf } from "../../lib/evaluate/confusion";
import { summary } from "../../lib/evaluate/intervals";
import { table1 } from "../reference/table1";

const round = (x: number) => Math.round(x * 1000) / 1000;

for (const { system, published, counts, mean } of table1) {
  test(`the counts of "${system}" give back its published cells`, () => {
    const metrics = counts.map(([tp, fp, fn, tn]) =>
      metricsOf(
        [
          [tn, fp],
          [fn, tp],
        ],
        1,
      ),
    );
    const scores = metrics.map((m) => [m.accuracy, m.recall, m.f1]);
    const cells = [...scores, [0, 1, 2].map((i) => summary(scores.map((m) => m[i])).mean)].flat();
    const printed = [...published, mean].flat();
    // three decimals; .0005 itself was rounded both ways (10/32 is printed as .312)
    cells.forEach((cell, i) =>
      assert.ok(Math.abs(cell - printed[i]) <= 0.00051, `cell ${i}: ${cell}, printed ${printed[i]}`),
    );
  });
}

test("gold classes are rows and predicted ones columns", () => {
  assert.deepEqual(confusionOf([0, 0, 1, 2], [0, 1, 1, 0], 3), [
    [1, 1, 0],
    [0, 1, 0],
    [1, 0, 0],
  ]);
});

test("a class out of range is named with its item", () => {
  assert.throws(() => confusionOf([0, 2], [0, 1], 2), /item 1: class 2/);
});

interface Case {
  readonly name: string;
  readonly classes: number;
  readonly gold: readonly number[];
  readonly predicted: readonly number[];
  readonly accuracy: number;
  /** [precision, recall, F1], by class and as means. */
  readonly byClass: readonly (readonly number[])[];
  readonly macro: readonly number[];
  readonly weighted: readonly number[];
}

// scikit-learn 1.9.1, by make_metrics.py
const cases = JSON.parse(
  readFileSync(join(__dirname, "..", "reference", "metrics.json"), "utf8"),
) as readonly Case[];

for (const { name, classes, gold, predicted, accuracy, byClass, macro, weighted } of cases) {
  test(`scores of ${name} equal scikit-learn's, those of each class and their means`, () => {
    const confusion = confusionOf(gold, predicted, classes),
      m = metricsOf(confusion),
      each = Array.from({ length: classes }, (_, c) => classScores(confusion, c));
    const ours = [
      m.accuracy,
      ...each.flatMap(({ precision, recall, f1 }) => [precision, recall, f1]),
      ...[m.macroPrecision, m.macroRecall, m.macroF1],
      ...[m.weightedPrecision, m.accuracy, m.weightedF1],
    ];
    const theirs = [accuracy, ...each.flatMap((_, c) => byClass.map((row) => row[c])), ...macro, ...weighted];
    assert.equal(ours.length, theirs.length);
    ours.forEach((value, i) =>
      assert.ok(Math.abs(value - theirs[i]) < 1e-12, `${i}: ${value}, ${theirs[i]}`),
    );
  });
}

test("there is an F1 of one class only where the class is named", () => {
  const three = confusionOf([0, 1, 2], [0, 1, 1], 3);
  assert.deepEqual(["f1" in metricsOf(three), metricsOf(three, 1).f1], [false, 2 / 3]);
  assert.throws(() => metricsOf(three, 3), /class 3 is not one of the 3 classes/);
});

test("F1 is 0 where nothing is called positive", () => {
  assert.equal(
    metricsOf(
      [
        [5, 0],
        [3, 0],
      ],
      1,
    ).f1,
    0,
  );
});

test("the majority class of 少女漫画 in table 1 is the positive one", () => {
  const { label, share } = majority([...new Array<number>(38).fill(1), ...new Array<number>(29).fill(0)]);
  assert.deepEqual([label, round(share)], [1, 0.567]);
});
