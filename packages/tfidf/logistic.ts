/**
 * Logistic regression with scikit-learn's objective: C Σ cross entropy + ½ Σ w², the intercept not penalised;
 * two classes are one column of weights (binary), more are one a class (multinomial). Solved by L-BFGS.
 */

import { logSumExp, softmax } from "../../lib/support/softmax";
import { minimise } from "./lbfgs";
import { checkLabels, type Linear, marginsOf, scoresOf } from "./linear";
import type { SparseRows } from "./tfidf";

interface LogisticOptions {
  /** Inverse strength of the penalty; scikit-learn's C. */
  readonly c: number;
  readonly maxIterations?: number;
}

/** Of the mean gradient of a text; scikit-learn's default is a hundred times as large. */
const RELATIVE_TOLERANCE = 1e-6;

/** Probabilities of the classes, one row a text. */
export function probabilities({ weights }: Linear, x: SparseRows): number[][] {
  const scores = weights.map((w) => scoresOf(w, x));
  return Array.from({ length: x.rows }, (_, row) => softmax(marginsOf(scores, row)));
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
): Linear {
  checkLabels(x, labels, classes);
  const sets = classes === 2 ? 1 : classes;
  const width = x.columns + 1;
  const cut = (all: Float64Array) =>
    Array.from({ length: sets }, (_, k) => all.subarray(k * width, (k + 1) * width));
  const objective = (all: Float64Array, gradient: Float64Array): number => {
    const weights = cut(all),
      slopes = cut(gradient),
      scores = weights.map((w) => scoresOf(w, x));
    let loss = 0;
    weights.forEach((w, k) => {
      for (let j = 0; j < x.columns; j++) loss += 0.5 * w[j] * w[j];
      slopes[k].set(w);
      slopes[k][x.columns] = 0;
    });
    for (let row = 0; row < x.rows; row++) {
      const logits = marginsOf(scores, row);
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
