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

/** Adds confusions of disjoint test sets, for micro averages. */
export function sumOfConfusions(confusions: readonly Confusion[]): Confusion {
  return confusions.reduce((total, one) =>
    total.map((row, gold) => row.map((count, predicted) => count + one[gold][predicted])),
  );
}

/** Of one class; 0 where it is undefined (never gold, never predicted), as scikit-learn's zero_division=0. */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface Metrics {
  /** Number of test items. */
  readonly n: number;
  readonly accuracy: number;
  /** Plain means over all C classes: one that no item has and no answer names counts as 0. */
  readonly macroPrecision: number;
  readonly macroRecall: number;
  readonly macroF1: number;
  /** Means weighted by the number of gold items of each class; weighted recall is accuracy. */
  readonly weightedPrecision: number;
  readonly weightedF1: number;
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** Precision, recall and F1 of class c. @throws if there is no such class */
export function classScores(confusion: Confusion, c: number): ClassScores {
  if (confusion[c] === undefined) throw new Error(`class ${c} is not one of the ${confusion.length} classes`);
  const tp = confusion[c][c];
  let gold = 0,
    called = 0;
  // plain loops: the bootstrap calls this tens of thousands of times
  for (let other = 0; other < confusion.length; other++) {
    gold += confusion[c][other];
    called += confusion[other][c];
  }
  return { precision: ratio(tp, called), recall: ratio(tp, gold), f1: ratio(2 * tp, gold + called) };
}

/** Accuracy, macro and weighted means; with a positive class its precision, recall and F1 too. */
export function metricsOf(confusion: Confusion): Metrics;
export function metricsOf(confusion: Confusion, positive: number): Metrics & ClassScores;
export function metricsOf(confusion: Confusion, positive?: number): Metrics & Partial<ClassScores> {
  let n = 0,
    right = 0;
  const macro = { precision: 0, recall: 0, f1: 0 },
    weighted = { precision: 0, f1: 0 };
  for (let c = 0; c < confusion.length; c++) {
    const { precision, recall, f1 } = classScores(confusion, c);
    let gold = 0;
    for (const count of confusion[c]) gold += count;
    n += gold;
    right += confusion[c][c];
    macro.precision += precision;
    macro.recall += recall;
    macro.f1 += f1;
    weighted.precision += gold * precision;
    weighted.f1 += gold * f1;
  }
  return {
    n,
    accuracy: ratio(right, n),
    ...(positive !== undefined && classScores(confusion, positive)),
    macroPrecision: macro.precision / confusion.length,
    macroRecall: macro.recall / confusion.length,
    macroF1: macro.f1 / confusion.length,
    weightedPrecision: ratio(weighted.precision, n),
    weightedF1: ratio(weighted.f1, n),
  };
}

/** The share of the most frequent class, and which class it is. @throws if there are no labels */
export function majority(labels: readonly number[]): { readonly label: number; readonly share: number } {
  if (labels.length === 0) throw new Error("no labels: the majority class of nothing is unknown");
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [label, count] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
  return { label, share: count / labels.length };
}
