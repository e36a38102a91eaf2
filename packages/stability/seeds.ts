/**
 * Where the differences between runs of the same settings come from: initial weights or the order of the
 * texts.
 */

export interface SeedEffects {
  readonly mean: number;
  /**
   * Standard deviations of what each contributes to a score; 0 where it contributes less than chance would.
   */
  readonly init: number;
  readonly order: number;
  /** What neither explains alone: their interplay. */
  readonly rest: number;
}

/**
 * Variance components of a two-way layout with one run a cell and random effects (the method of moments,
 * Searle, Casella and McCulloch 1992).
 * @param scores scores[init seed][order seed]
 * @throws if it is no grid of at least 2 × 2 finite numbers
 */
export function seedEffects(scores: readonly (readonly number[])[]): SeedEffects {
  const rows = scores.length,
    columns = scores[0]?.length ?? 0;
  if (
    rows < 2 ||
    columns < 2 ||
    scores.some((row) => row.length !== columns || !row.every(Number.isFinite))
  ) {
    throw new Error(
      `effects of two kinds of seeds need a full grid of at least 2 × 2 scores, not ${rows} × ${columns}`,
    );
  }
  const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const mean = meanOf(scores.flat()),
    byRow = scores.map(meanOf),
    byColumn = scores[0].map((_, j) => meanOf(scores.map((row) => row[j])));
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0);
  const rest =
    squares(scores.flatMap((row, i) => row.map((value, j) => value - byRow[i] - byColumn[j] + mean))) /
    ((rows - 1) * (columns - 1));
  const effect = (means: readonly number[], each: number) => {
    const square = (each * squares(means.map((value) => value - mean))) / (means.length - 1);
    return Math.sqrt(Math.max(0, (square - rest) / each));
  };
  return { mean, init: effect(byRow, columns), order: effect(byColumn, rows), rest: Math.sqrt(rest) };
}
