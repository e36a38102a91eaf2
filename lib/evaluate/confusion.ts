/** Counts of gold against predicted classes, and everything that follows from them. */

/** counts[gold][predicted], C × C. */
export type Confusion = readonly (readonly number[])[];

/**
 * Counts gold against predicted classes.
 * @throws if the lengths differ or a class is not an integer from 0 to classes - 1
 */
export function confusionOf(
  gold: readonly number[],
  predicted: readonly number[],
  classes: number,
): Confusion {
  if (gold.length !== predicted.length)
    throw new Error(`${gold.length} gold labels, but ${predicted.length} predictions`);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  // a plain loop: the bootstrap calls this tens of thousands of times
  for (let item = 0; item < gold.length; item++) {
    const row = counts[gold[item]],
      value = predicted[item];
    if (row?.[value] === undefined) {
      throw new Error(
        `item ${item}: class ${row === undefined ? gold[item] : value} is not an integer from 0 to ${classes - 1}`,
      );
    }
    row[value]++;
  }
  return counts;
}

/** The confusion of two classes from the four counts that papers print. */
export function binaryConfusion(counts: {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}): Confusion {
  return [
    [counts.tn, counts.fp],
    [counts.fn, counts.tp],
  ];
}

/** Adds confusions of disjoint test sets, for micro averages. */
export function sumOfConfusions(confusions: readonly Confusion[]): Confusion {
  return confusions.reduce((total, one) =>
    total.map((row, gold) => row.map((count, predicted) => count + one[gold][predicted])),
  );
}

export interface Metrics {
  /** Number of test items. */
  readonly n: number;
  readonly accuracy: number;
  /**
   * Of the positive class; 0 where it is undefined (nothing called positive, or nothing positive), as in
   * scikit-learn.
   */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** The plain mean of F1 over all classes. */
  readonly macroF1: number;
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** Accuracy, precision, recall and F1 of class `positive`, and macro F1. */
export function metricsOf(confusion: Confusion, positive = 1): Metrics {
  if (confusion[positive] === undefined)
    throw new Error(`class ${positive} is not one of the ${confusion.length} classes`);
  // plain loops: the bootstrap calls this tens of thousands of times
  let n = 0,
    right = 0,
    f1s = 0,
    one = { precision: 0, recall: 0, f1: 0 };
  for (let c = 0; c < confusion.length; c++) {
    const tp = confusion[c][c];
    let gold = 0,
      called = 0;
    for (let other = 0; other < confusion.length; other++) {
      gold += confusion[c][other];
      called += confusion[other][c];
    }
    const f1 = ratio(2 * tp, gold + called);
    n += gold;
    right += tp;
    f1s += f1;
    if (c === positive) one = { precision: ratio(tp, called), recall: ratio(tp, gold), f1 };
  }
  return { n, ...one, accuracy: ratio(right, n), macroF1: f1s / confusion.length };
}

/** The plain mean of metrics over test sets, as the report's 5タッチ平均; n is the sum. */
export function meanMetrics(each: readonly Metrics[]): Metrics {
  const mean = (key: keyof Metrics) => each.reduce((total, one) => total + one[key], 0) / each.length;
  return {
    n: each.reduce((total, one) => total + one.n, 0),
    accuracy: mean("accuracy"),
    precision: mean("precision"),
    recall: mean("recall"),
    f1: mean("f1"),
    macroF1: mean("macroF1"),
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
