/** What a search will cost, said before it begins: runs, epochs, and minutes on this machine. */
import { workOf } from "../../lib/experiment/cost";
import type { Trial, TrialRun } from "../../lib/experiment/spec";
import { duration, plural } from "../../lib/show/numbers";
import type { Rung } from "./halving";

export interface Budget {
  readonly rungs: readonly Rung[];
  /** Test sets, each of which every candidate and seed runs on. */
  readonly sets: number;
  readonly runs: number;
  /** At most: which candidates stay is not known, so those of the most epochs are supposed to. */
  readonly epochs: number;
  /** At most, in the same way, in texts that pass all layers (experiment/cost.ts). */
  readonly work: number;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** @param trials of each candidate those of one seed, one a test set */
export function budgetOf(rungs: readonly Rung[], trials: readonly (readonly Trial[])[]): Budget {
  const most = (cost: (trial: Trial) => number) => {
    const costs = trials.map((own) => sum(own.map(cost))).sort((a, b) => b - a);
    return sum(rungs.map(({ candidates, added }) => added.length * sum(costs.slice(0, candidates))));
  };
  const sets = trials[0].length;
  return {
    rungs,
    sets,
    runs: sets * sum(rungs.map(({ candidates, added }) => candidates * added.length)),
    epochs: most(({ settings }) => settings.epochs),
    work: most(workOf),
  };
}

const inRow = (numbers: readonly number[]) =>
  [numbers.slice(0, -1).join(", "), numbers[numbers.length - 1]].filter((part) => part !== "").join(" and ");

/** "Budget: 18, 6 and 2 candidates with 2, 4 and 8 seeds on 5 test sets: 280 runs, at most 5,600 epochs." */
export function budgetInWords({ rungs, sets, runs, epochs }: Budget): string {
  const of = inRow(rungs.map(({ candidates }) => candidates)),
    seeds = inRow(rungs.map((rung) => rung.seeds));
  return `Budget: ${of} candidates with ${seeds} seeds on ${plural(sets, "test set")}: ${runs} runs, at most ${epochs.toLocaleString("en")} epochs.`;
}

/**
 * How long the whole will take at most, by the first of its runs; what the first computes once for all, such
 * as features, makes it too long rather than too short.
 */
export function minutesInWords(
  { work }: Budget,
  { result, trial }: Pick<TrialRun, "result" | "trial">,
  processes: number,
): string {
  const milliseconds = (1000 * result.seconds * work) / workOf(trial) / processes;
  return `By the first run, which took ${result.seconds.toFixed(1)} s: at most about ${duration(milliseconds)} with ${processes} at a time.`;
}
