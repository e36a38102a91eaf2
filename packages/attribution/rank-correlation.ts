/** Spearman's rank correlation (1904), equal values on the mean of their places, as scipy.stats.spearmanr. */

/** Places from 1, of equal values the mean of theirs. */
export function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
}

/**
 * From −1 to 1; NaN where there are fewer than two pairs or one side is all equal.
 * @throws if the sides are not as long as each other
 */
export function spearman(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length)
    throw new Error(`${one.length} values against ${other.length}: a rank correlation is of pairs`);
  const middle = (one.length + 1) / 2,
    [a, b] = [one, other].map((side) => ranks(side).map((rank) => rank - middle));
  const product = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
