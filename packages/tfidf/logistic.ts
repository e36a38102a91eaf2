/**
 * Logistic regression with scikit-learn's objective: C Σ cross entropy + ½ Σ w², the intercept not penalised;
 * two classes are one column of weights (binary), more are one a class (multinomial). Solved by L-BFGS.
 */

import { logSumExp, softmax } from "../../lib/support/softmax";
import { minimise } from "./lbfgs";
import type { SparseRows } from "./tfidf";

interface LogisticOptions {
  /** Inverse strength of the penalty; scikit-learn's C. */
  readonly c: number;
  readonly maxIterations?: number;
}

export interface Logistic {
  readonly classes: number;
  /**
   * One row of columns + 1 numbers (the last is the intercept) for each column of scores: 1 for two classes,
   * else C.
   */
  readonly weights: readonly Float64Array[];
}

/** Of the mean gradient of a text; scikit-learn's default is a hundred times as large. */
const RELATIVE_TOLERANCE = 1e-6;

/** Scores of each text: one number for two classes (above 0: class 1), else one a class. */
function scoresOf({ weights }: Logistic, x: SparseRows): Float64Array[] {
  return weights.map((w) => {
    const scores = new Float64Array(x.rows);
    for (let row = 0; row < x.rows; row++) {
      let score = w[x.columns];
      for (let i = x.starts[row]; i < x.starts[row + 1]; i++) score += x.values[i] * w[x.indices[i]];
      scores[row] = score;
    }
    return scores;
  });
}

/** The logits of one text, [C]; of two classes the first one's is 0. */
const logitsOf = (scores: readonly Float64Array[], row: number): number[] =>
  scores.length === 1 ? [0, scores[0][row]] : scores.map((column) => column[row]);

/** Probabilities of the classes, one row a text. */
export function probabilities(model: Logistic, x: SparseRows): number[][] {
  const scores = scoresOf(model, x);
  return Array.from({ length: x.rows }, (_, row) => softmax(logitsOf(scores, row)));
}

/** The likeliest class of each text. */
export function predict(model: Logistic, x: SparseRows): number[] {
  return probabilities(model, x).map((row) => row.indexOf(Math.max(...row)));
}

/**
 * Fits the weights.
 * @param labels classes from 0 to classes - 1, one a row
 * @throws if a label is none, or a class never occurs
 */
export function fitLogistic(
  x: SparseRows,
  labels: readonly number[],
  classes: number,
  { c, maxIterations = 1000 }: LogisticOptions,
): Logistic {
  if (labels.length !== x.rows) throw new Error(`${labels.length} labels for ${x.rows} texts`);
  for (let label = 0; label < classes; label++) {
    if (!labels.includes(label))
      throw new Error(`class ${label} of ${classes} has no training text: leave it out or add some`);
  }
  const odd = labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (odd >= 0) throw new Error(`label ${labels[odd]} of text ${odd} is no class from 0 to ${classes - 1}`);
  const sets = classes === 2 ? 1 : classes;
  const width = x.columns + 1;
  const cut = (all: Float64Array) =>
    Array.from({ length: sets }, (_, k) => all.subarray(k * width, (k + 1) * width));
  const objective = (all: Float64Array, gradient: Float64Array): number => {
    const model = { classes, weights: cut(all) };
    const slopes = cut(gradient);
    const scores = scoresOf(model, x);
    let loss = 0;
    model.weights.forEach((w, k) => {
      for (let j = 0; j < x.columns; j++) loss += 0.5 * w[j] * w[j];
      slopes[k].set(w);
      slopes[k][x.columns] = 0;
    });
    for (let row = 0; row < x.rows; row++) {
      const logits = logitsOf(scores, row);
      const shares = softmax(logits);
      loss += c * (logSumExp(logits) - logits[labels[row]]);
      for (let k = 0; k < sets; k++) {
        const label = sets === 1 ? 1 : k;
        const error = c * (shares[label] - (labels[row] === label ? 1 : 0));
        for (let i = x.starts[row]; i < x.starts[row + 1]; i++)
          slopes[k][x.indices[i]] += error * x.values[i];
        slopes[k][x.columns] += error;
      }
    }
    return loss;
  };
  const tolerance = RELATIVE_TOLERANCE * c * x.rows;
  return {
    classes,
    weights: cut(minimise(objective, new Float64Array(sets * width), { maxIterations, tolerance })).map((w) =>
      w.slice(),
    ),
  };
}
