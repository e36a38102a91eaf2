/**
 * Several runs as one system: probabilities are averaged, and the likeliest class is the answer. What comes
 * out is rows of a comparison, as runs are.
 */
import { baselineOf, type Tested, TFIDF } from "../../lib/evaluate/baselines";
import type { NamedRun } from "../../lib/evaluate/comparison";
import { grouped } from "../../lib/support/groups";
import { likeliest, meanOf, rowFor } from "./mean";

/** @throws if the runs were not tested on the same items, or one gives no probabilities */
function together(system: string, seed: number | null, runs: readonly NamedRun[]): NamedRun {
  const [{ testSet, gold, items }] = runs,
    known = runs.flatMap((run) => run.probabilities ?? []);
  if (known.length !== runs.length * gold.length)
    throw new Error(`${system}: every run must give probabilities of the same ${gold.length} items`);
  if (runs.some((run) => run.items?.join() !== items?.join()))
    throw new Error(`${system}: its runs were tested on different items of ${testSet}`);
  const mean = meanOf(runs.map((run) => run.probabilities!));
  return { system, testSet, seed, gold, items, predicted: likeliest(mean), probabilities: mean };
}

/**
 * All seeds of a system as one: a row without seeds, since there is one such system. Its interval is that of
 * the test items alone.
 */
export const seedsAveraged = (runs: readonly NamedRun[], system: string): NamedRun[] =>
  [...grouped(runs, ({ testSet }) => testSet).values()].map((own) => together(system, null, own));

/** Each run with the one system that has no seeds, half and half: as many rows as runs. */
export const blended = (runs: readonly NamedRun[], others: readonly NamedRun[], system: string): NamedRun[] =>
  runs.map((run) => {
    const other = others.find(({ testSet }) => testSet === run.testSet);
    if (!other) throw new Error(`${system}: there is nothing to blend with on ${run.testSet}`);
    return together(system, run.seed, [run, other]);
  });

/**
 * The baseline TF-IDF with its probabilities, for blending: it learns from training and validation items. A
 * class that never occurs there has the probability 0.
 */
export const tfidfRuns = (task: Tested): NamedRun[] =>
  task.splits.map((of) =>
    rowFor(task, { system: TFIDF, seed: null, of, probabilities: baselineOf(task, of).probabilities() }),
  );
