/** Runs and comparisons as what charts draw: means with their intervals, every seed as a point. */
import { type Comparison, rowOf, type SystemRun } from "../evaluate/comparison";
import { type Predictions, seedsAndItems, summary } from "../evaluate/intervals";
import { grouped } from "../support/groups";
import type { Score } from "./charts";
import type { Estimate } from "./marks";

/** One bar for each system and test set, with the 95 % interval over seeds and items. */
export function scoresOf(
  runs: readonly SystemRun[],
  metric: (one: Predictions) => number,
  bootstrapSamples: number,
): Score[] {
  return [...grouped(runs, (run) => `${run.testSet}\n${run.system}`).values()].map((own) => {
    const values = own.map(metric),
      [{ testSet, system }] = own;
    return {
      testSet,
      system,
      value: summary(values).mean,
      ...seedsAndItems([own], metric, { bootstrapSamples }),
      seeds: own.every(({ seed }) => seed === null) ? [] : values,
    };
  });
}

/** A row of a comparison, the mean over test sets; a system without chance has no seeds. */
export function trendPoint(comparison: Comparison, system: string): Estimate {
  const { mean: value, low, high } = rowOf(comparison, system);
  const points = comparison.points.filter((point) => point.system === system && point.seed !== null);
  return { value, low, high, seeds: points.map((point) => point.value) };
}

/** All rows of a comparison as bars beside those of scoresOf(). */
export const meanScores = (comparison: Comparison, name: string): Score[] =>
  comparison.rows.map(({ system }) => ({ testSet: name, system, ...trendPoint(comparison, system) }));
