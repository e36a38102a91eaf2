/**
 * A linear support vector machine with scikit-learn's LinearSVC: for each class against all others (of two
 * classes for the second) ½ (Σ w² + b²) + C Σ max(0, 1 - y f)², y being 1 or -1; the intercept is penalised
 * too, as liblinear has it (Fan et al. 2008). The squared hinge is smooth, so L-BFGS finds its minimum.
 */
import { minimise } from "./lbfgs";
import { checkLabels, type Linear, scoresOf } from "./linear";
import type { SparseRows } from "./tfidf";

/** Of the gradient, divided by C and the number of texts. */
const RELATIVE_TOLERANCE = 1e-6;

/**
 * Fits the weights.
 * @param labels classes from 0 to classes - 1, one a row
 * @param options c is the weight of errors beside the penalty; scikit-learn's C
 * @throws if a label is no class, or a class never occurs
 */
export function fitSvm(
  x: SparseRows,
  labels: readonly number[],
  classes: number,
  { c, maxIterations = 1000 }: { readonly c: number; readonly maxIterations?: number },
): Linear {
  checkLabels(x, labels, classes);
  const wanted = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
  const tolerance = RELATIVE_TOLERANCE * c * x.rows;
  const against = (label: number) => (w: Float64Array, gradient: Float64Array) => {
    const scores = scoresOf(w, x);
    gradient.set(w);
    let loss = w.reduce((sum, one) => sum + 0.5 * one * one, 0);
    for (let row = 0; row < x.rows; row++) {
      const y = labels[row] === label ? 1 : -1,
        short = 1 - y * scores[row];
      if (short <= 0) continue;
      loss += c * short * short;
      const slope = -2 * c * y * short;
      for (let i = x.starts[row]; i < x.starts[row + 1]; i++) gradient[x.indices[i]] += slope * x.values[i];
      gradient[x.columns] += slope;
    }
    return loss;
  };
  return {
    classes,
    weights: wanted.map((label) =>
      minimise(against(label), new Float64Array(x.columns + 1), { maxIterations, tolerance }),
    ),
  };
}
