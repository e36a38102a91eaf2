/**
 * What "clearly" means, everywhere: a system is clearly better than another by a metric if the test below
 * says p < .05 after correction for all that are compared. So it also covers the choice of the best of
 * several.
 *
 * Tested is the metric itself, its mean over test sets and seeds. If the two systems were alike, each item
 * could as well have been answered by the other one (an item's answers are swapped in all seeds at once), and
 * each seed could as well have deviated from the mean to the other side (its residual's sign is turned, times
 * sqrt(S / (S - 1)) for S seeds). Both at once give differences as chance does, of items and of training.
 */
import type { Random } from "../support/random";
import { type Predictions, summary } from "./intervals";

/** Fewer cannot show how much training varies. */
export const LEAST_SEEDS = 3;

/** What normal distributions give for a power of .8 at p < .05, in standard deviations of chance. */
const VISIBLE = 1.96 + 0.84;

interface Chance {
  /** How often chance alone gives at least this difference; NaN with too few seeds to know. */
  readonly p: number;
  /** Differences below it would be missed in more than one of five such experiments. */
  readonly visible: number;
}

/** Of [test set][seed]. */
type Grid = readonly (readonly Predictions[])[];

/** Answers, gold classes and probabilities of one run; one set of arrays is filled anew for every draw. */
interface Mixed {
  readonly gold: readonly number[];
  readonly predicted: number[];
  readonly probabilities?: (readonly number[])[];
}

/** A run of `one` and the same of `other` with the answers to some items swapped. */
function mixer(
  one: Predictions,
  other: Predictions,
): (swapped: readonly boolean[]) => readonly [Mixed, Mixed] {
  const both = [one, other].map(
    ({ gold, predicted, probabilities }): Mixed => ({
      gold,
      predicted: [...predicted],
      ...(one.probabilities && other.probabilities && { probabilities: [...(probabilities ?? [])] }),
    }),
  );
  return (swapped) => {
    both.forEach((mixed, i) => {
      const [mine, its] = i === 0 ? [one, other] : [other, one];
      swapped.forEach((turned, item) => {
        const from = turned ? its : mine;
        mixed.predicted[item] = from.predicted[item];
        if (mixed.probabilities) mixed.probabilities[item] = from.probabilities![item];
      });
    });
    return [both[0], both[1]];
  };
}

/**
 * Whether two systems differ by a metric.
 * @param metric must not keep the arrays that it is given: they are filled anew for every draw
 * @param seeded false where there is no chance in either, so that one run of each says all
 */
export function chanceOf(
  one: Grid,
  other: Grid,
  metric: (predictions: Predictions) => number,
  { random, draws, seeded }: { readonly random: Random; readonly draws: number; readonly seeded: boolean },
): Chance {
  const seeds = one[0].length;
  /** The difference of the mean over test sets, seed by seed. */
  const differencesOf = (pair: (set: number, seed: number) => readonly [Predictions, Predictions]) =>
    one[0].map(
      (_, seed) =>
        summary(
          one.map((_set, set) => {
            const [a, b] = pair(set, seed);
            return metric(a) - metric(b);
          }),
        ).mean,
    );
  const differences = differencesOf((set, seed) => [one[set][seed], other[set][seed]]),
    { mean } = summary(differences);
  const mixers = one.map((set, i) => set.map((run, seed) => mixer(run, other[i][seed])));
  const inflation = seeds > 1 ? Math.sqrt(seeds / (seeds - 1)) : 0;
  const sign = () => random.uint32() >>> 31;
  const byChance = Array.from({ length: draws }, () => {
    const swapped = one.map(([{ gold }]) => gold.map(() => sign() === 1));
    const byItems = summary(differencesOf((set, seed) => mixers[set][seed](swapped[set]))).mean;
    const bySeeds = differences.map((value) => (sign() ? 1 : -1) * inflation * (value - mean));
    return byItems + summary(bySeeds).mean;
  });
  const extreme = byChance.filter((value) => Math.abs(value) >= Math.abs(mean) - 1e-12).length;
  return {
    p: seeded && seeds < LEAST_SEEDS ? Number.NaN : (extreme + 1) / (draws + 1),
    visible: VISIBLE * summary(byChance).sd,
  };
}
