/** Probabilities of several models, and the row of a comparison that they make. */
import type { Tested } from "../../lib/evaluate/baselines";
import type { NamedRun } from "../../lib/evaluate/comparison";

/** Of every text a probability for each class, [texts, C]. */
export type Rows = readonly (readonly number[])[];

export const meanOf = (all: readonly Rows[]): number[][] =>
  all[0].map((row, item) =>
    row.map((_, c) => all.reduce((sum, rows) => sum + rows[item][c], 0) / all.length),
  );

/** The likeliest class of each text. */
export const likeliest = (rows: Rows): number[] => rows.map((row) => row.indexOf(Math.max(...row)));

interface Answers extends Pick<NamedRun, "system" | "seed"> {
  readonly of: Tested["splits"][number];
  /** Of the split's test texts, in their order. */
  readonly probabilities: Rows;
}

/** A row of a comparison from what is said of a split's test texts. */
export const rowFor = (
  { items, labels }: Tested,
  { system, seed, of, probabilities }: Answers,
): NamedRun => ({
  ...{ system, seed, testSet: of.name, probabilities },
  gold: of.test.map((item) => labels[item]),
  items: of.test.map((item) => items[item].id),
  predicted: likeliest(probabilities),
});
