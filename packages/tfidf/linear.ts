/** A linear model of texts as rows of numbers: what logistic.ts and svm.ts fit. */
import type { SparseRows } from "./tfidf";

export interface Linear {
  readonly classes: number;
  /**
   * One row of columns + 1 numbers (the last is the intercept) for each column of scores: 1 for two classes,
   * else C.
   */
  readonly weights: readonly Float64Array[];
}

/** w · x + b of each text. @param w columns + 1 numbers */
export function scoresOf(w: Float64Array, x: SparseRows): Float64Array {
  const scores = new Float64Array(x.rows);
  for (let row = 0; row < x.rows; row++) {
    let score = w[x.columns];
    for (let i = x.starts[row]; i < x.starts[row + 1]; i++) score += x.values[i] * w[x.indices[i]];
    scores[row] = score;
  }
  return scores;
}

/** Of one text a number for each class, [C]; of two classes the first one's is 0. */
export const marginsOf = (scores: readonly Float64Array[], row: number): number[] =>
  scores.length === 1 ? [0, scores[0][row]] : scores.map((column) => column[row]);

/** The class of the highest score of each text. */
export function predict({ weights }: Linear, x: SparseRows): number[] {
  const scores = weights.map((w) => scoresOf(w, x));
  return Array.from({ length: x.rows }, (_, row) => {
    const margins = marginsOf(scores, row);
    return margins.indexOf(Math.max(...margins));
  });
}

/** @throws if a label is no class, or a class never occurs */
export function checkLabels(x: SparseRows, labels: readonly number[], classes: number): void {
  if (labels.length !== x.rows) throw new Error(`${labels.length} labels for ${x.rows} texts`);
  for (let label = 0; label < classes; label++) {
    if (!labels.includes(label))
      throw new Error(`class ${label} of ${classes} has no training text: leave it out or add some`);
  }
  const odd = labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (odd >= 0) throw new Error(`label ${labels[odd]} of text ${odd} is no class from 0 to ${classes - 1}`);
}
