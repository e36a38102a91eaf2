import assert from "node:assert/strict";
import { test } from "node:test";
import { binaryConfusion, confusionOf, majority, meanMetrics, metricsOf } from "../../lib/evaluate/confusion";
import { table1 } from "../reference/table1";

const round = (x: number) => Math.round(x * 1000) / 1000;

for (const { system, published, counts, mean } of table1) {
  test(`the counts of "${system}" give back its published cells`, () => {
    const metrics = counts.map(([tp, fp, fn, tn]) => metricsOf(binaryConfusion({ tp, fp, fn, tn })));
    const cells = [...metrics, meanMetrics(metrics)].flatMap((m) => [m.accuracy, m.recall, m.f1]);
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

// scikit-learn 1.7: precision_recall_fscore_support and f1_score(average="macro") of gold 0 0 1 1 2 2,
// predicted 0 2 1 1 2 0
test("metrics equal scikit-learn's", () => {
  const m = metricsOf(confusionOf([0, 0, 1, 1, 2, 2], [0, 2, 1, 1, 2, 0], 3), 2);
  assert.deepEqual(
    [m.accuracy, m.precision, m.recall, m.f1, m.macroF1].map(round),
    [0.667, 0.5, 0.5, 0.5, 0.667],
  );
});

test("F1 is 0 where nothing is called positive", () => {
  assert.equal(
    metricsOf([
      [5, 0],
      [3, 0],
    ]).f1,
    0,
  );
});

test("the majority class of 少女漫画 in table 1 is the positive one", () => {
  const { label, share } = majority([...new Array<number>(38).fill(1), ...new Array<number>(29).fill(0)]);
  assert.deepEqual([label, round(share)], [1, 0.567]);
});
