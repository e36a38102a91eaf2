/** Scores of a notebook's runs, a cell each system and test set: means over seeds with 95 % intervals. */
import { type MetricName, scoreBy } from "../../lib/evaluate/comparison";
import { type Predictions, seedsAndItems, summary } from "../../lib/evaluate/intervals";
import { canonicalJson } from "../../lib/support/files";
import { grouped } from "../../lib/support/groups";
import { classesOf } from "../notebook";
import { type Cell, METRICS, type RecordedRun, type TestItems } from "./format";

/** Settings that say by which chance, not how, a run was trained, and those that follow from the data. */
const OF_CHANCE = new Set(["initSeed", "orderSeed", "items"]);

/** What must be equal of two runs for a comparison: names, classes and settings. */
const comparableKey = ({ run, system, testSet, settings, classes }: RecordedRun): string =>
  canonicalJson([
    run?.split("/")[0],
    system,
    testSet,
    classes,
    Object.fromEntries(Object.entries(settings).filter(([name]) => !OF_CHANCE.has(name))),
  ]);

/** The runs of one cell, one a seed. */
export type CellRuns = readonly RecordedRun[];

/**
 * Runs by cell, under a key that is the same in another report. Runs of equal names, settings and seeds that
 * differ in their data (subsets of the lines, for instance) are cells of their own, in their order.
 */
export function runsByCell(runs: readonly RecordedRun[]): Map<string, CellRuns> {
  const cells = new Map<string, RecordedRun[]>();
  for (const [key, own] of grouped(runs, comparableKey)) {
    const seen = new Map<number | null, number>();
    for (const run of own) {
      const place = seen.get(run.seed) ?? 0;
      seen.set(run.seed, place + 1);
      const cell = `${key} ${place}`;
      cells.set(cell, [...(cells.get(cell) ?? []), run]);
    }
  }
  return cells;
}

/** Predictions as the library's scores take them. */
export const predictionsOf = (run: RecordedRun, tests: readonly TestItems[]): Predictions => ({
  gold: classesOf(tests[run.test]!.gold),
  predicted: classesOf(run.predicted),
});

/** The names of classes, as many as the scores need. */
export const scoreOf = (metric: MetricName, { classes }: RecordedRun) =>
  scoreBy(metric, classes.length > 1 ? { classes } : {});

/** The cells of a notebook. Seeds with other test items than the first are left out of one. */
export function cellsOf(runs: readonly RecordedRun[], tests: readonly TestItems[]): Cell[] {
  return [...runsByCell(runs).values()].map((own) => {
    const first = own[0]!,
      seeds = own.filter(({ test }) => test === first.test);
    const predictions = seeds.map((run) => predictionsOf(run, tests));
    const scores = METRICS.map((metric) => {
      const score = scoreOf(metric, first);
      return [
        metric,
        { mean: summary(predictions.map(score)).mean, ...seedsAndItems([predictions], score) },
      ] as const;
    });
    return {
      system: first.system,
      testSet: first.testSet,
      classes: first.classes,
      seeds: seeds.filter(({ seed }) => seed !== null).length,
      items: predictions[0]!.gold.length,
      scores: Object.fromEntries(scores) as Cell["scores"],
    };
  });
}
