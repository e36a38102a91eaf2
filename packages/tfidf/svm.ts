/**
 * A linear support vector machine with scikit-learn's LinearSVC: for each class against all others (of two
 * classes for the second) ½ (Σ w² + b²) + C Σ max(0, 1 - y f)², y being 1 or -1; the intercept is penalised
 * too, as liblinear has it (Fan et al. 2008). Solved in the dual, a text at a time, without shrinking (Hsieh
 * et al. 2008, algorithm 1, the L2 loss).
 */
import { Random } from "../../lib/support/random";
import { checkLabels, type Linear } from "./linear";
import type { SparseRows } from "./tfidf";

interface SvmOptions {
  /** The weight of errors beside the penalty; scikit-learn's C. */
  readonly c: number;
  /** Over all texts. */
  readonly maxPasses?: number;
}

/** Between the largest and the smallest projected gradient of a pass; LinearSVC's default. */
const TOLERANCE = 1e-4;

/** 1 + Σ x² of each text: the intercept is a feature that is always 1. */
const squaresOf = (x: SparseRows): Float64Array =>
  Float64Array.from({ length: x.rows }, (_, row) =>
    x.values.subarray(x.starts[row], x.starts[row + 1]).reduce((sum, value) => sum + value * value, 1),
  );

/** The weights and the intercept, columns + 1 numbers, that tell texts whose sign is 1 from the others. */
function separate(
  x: SparseRows,
  signs: Float64Array,
  { squares, c, maxPasses }: Required<SvmOptions> & { readonly squares: Float64Array },
): Float64Array {
  const { starts, indices, values, columns } = x,
    w = new Float64Array(columns + 1),
    alphas = new Float64Array(x.rows),
    random = new Random(0);
  const slack = 1 / (2 * c); // what the squared loss adds to the diagonal
  let order = Array.from({ length: x.rows }, (_, row) => row);
  for (let pass = 0; pass < maxPasses; pass++) {
    let highest = -Infinity,
      lowest = Infinity;
    order = random.shuffled(order);
    for (const row of order) {
      const [from, to, sign, alpha] = [starts[row], starts[row + 1], signs[row], alphas[row]];
      let score = w[columns];
      for (let i = from; i < to; i++) score += values[i] * w[indices[i]];
      const gradient = sign * score - 1 + alpha * slack,
        projected = alpha === 0 ? Math.min(gradient, 0) : gradient;
      highest = Math.max(highest, projected);
      lowest = Math.min(lowest, projected);
      if (projected === 0) continue;
      alphas[row] = Math.max(0, alpha - gradient / (squares[row] + slack));
      const step = sign * (alphas[row] - alpha);
      for (let i = from; i < to; i++) w[indices[i]] += step * values[i];
      w[columns] += step;
    }
    if (highest - lowest <= TOLERANCE) break;
  }
  return w;
}

/**
 * Fits the weights.
 * @param labels classes from 0 to classes - 1, one a row
 * @throws if a label is no class, or a class never occurs
 */
export function fitSvm(
  x: SparseRows,
  labels: readonly number[],
  classes: number,
  { c, maxPasses = 1000 }: SvmOptions,
): Linear {
  checkLabels(x, labels, classes);
  const wanted = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k),
    squares = squaresOf(x);
  const weights = wanted.map((label) =>
    separate(
      x,
      Float64Array.from(labels, (own) => (own === label ? 1 : -1)),
      { squares, c, maxPasses },
    ),
  );
  return { classes, weights };
}
