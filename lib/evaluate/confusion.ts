/** Counts of gold against predicted classes, and everything that follows from them. */

/** counts[gold][predicted], C × C. */
export type Confusion = readonly (readonly number[])[];

/**
 * Counts gold against predicted classes.
 * @throws if the lengths differ or a class is not an integer from 0 to classes - 1
 */
export function confusionOf(gold: readonly number[], predicted: readonly number[], classes: number): Confusion {
  if (gold.length !== predicted.length) throw new Error(`${gold.length} gold labels, but ${predicted.length} predictions`);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  gold.forEach((label, item) => {
    for (const value of [label, predicted[item]]) {
      if (!Number.isInteger(value) || value < 0 || value >= classes) {
        throw new Error(`item ${item}: class ${value} is not an integer from 0 to ${classes - 1}`);
      }
    }
    counts[label][predicted[item]]++;
  });
  return counts;
}

/** The confusion of two classes from the four counts that papers print. */
export function binaryConfusion(counts: { readonly tp: number; readonly fp: number; readonly fn: number; readonly tn: number }): Confusion {
  return [[counts.tn, counts.fp], [counts.fn, counts.tp]];
}

/** Adds confusions of disjoint test sets, for micro averages. */
export function sumOfConfusions(confusions: readonly Confusion[]): Confusion {
  return confusions.reduce((total, one) => total.map((row, gold) => row.map((count, predicted) => count + one[gold][predicted])));
}

export interface Metrics {
  /** Number of test items. */
  readonly n: number;
  readonly accuracy: number;
  /** Of the positive class; 0 where it is undefined (nothing called positive, or nothing positive), as in scikit-learn. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** The plain mean of F1 over all classes. */
  readonly macroF1: number;
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** Accuracy, precision, recall and F1 of class `positive`, and macro F1. */
export function metricsOf(confusion: Confusion, positive = 1): Metrics {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const classes = confusion.map((row, c) => {
    const tp = row[c], gold = sum(row), called = sum(confusion.map((other) => other[c]));
    return { tp, precision: ratio(tp, called), recall: ratio(tp, gold), f1: ratio(2 * tp, gold + called) };
  });
  const n = sum(confusion.map(sum));
  const { precision, recall, f1 } = classes[positive];
  return {
    n, precision, recall, f1,
    accuracy: ratio(sum(classes.map((c) => c.tp)), n),
    macroF1: sum(classes.map((c) => c.f1)) / classes.length,
  };
}

/** The plain mean of metrics over test sets, as the report's 5タッチ平均; n is the sum. */
export function meanMetrics(each: readonly Metrics[]): Metrics {
  const mean = (key: keyof Metrics) => each.reduce((total, one) => total + one[key], 0) / each.length;
  return {
    n: each.reduce((total, one) => total + one.n, 0),
    accuracy: mean("accuracy"), precision: mean("precision"), recall: mean("recall"), f1: mean("f1"), macroF1: mean("macroF1"),
  };
}

/** The share of the most frequent class, and which class it is. */
export function majority(labels: readonly number[]): { readonly label: number; readonly share: number } {
  if (labels.length === 0) throw new Error("no labels: the majority class of nothing is unknown");
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [label, count] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
  return { label, share: count / labels.length };
}
