/**
 * What "clearly" means, everywhere: a system is clearly better than another by a metric if the test below
 * says p < .05 after Holm's correction for all systems that are compared with that other one. So it also
 * covers the choice of the best of them.
 *
 * Tested is the metric itself, its mean over test sets and seeds. If the two systems were alike, each item
 * could as well have been answered by the other one (an item's answers are swapped in all seeds at once), and
 * each seed could as well have deviated from the mean to the other side (its residual's sign is turned, times
 * sqrt(S / (S - 1)) for S seeds). Both at once give differences as chance does, of items and of training.
 */
import { Random } from "../support/random";
import { type ComparisonOptions, type SystemRun, scoreBy } from "./comparison";
import { bySeedOf, commonSeeds, gridOf } from "./grid";
import { type Interval, type Predictions, summary } from "./intervals";
import { holm, pairedDifference } from "./paired";

/** Fewer cannot show how much training varies. */
export const LEAST_SEEDS = 3;

export interface Verdict extends Interval {
  readonly system: string;
  readonly other: string;
  /** Of the metric, the system minus the other one; low and high: its paired 95 % interval. */
  readonly difference: number;
  /** After Holm's correction; NaN if there are too few seeds to judge. */
  readonly p: number;
  readonly clear: "better" | "worse" | "no";
  /** Differences below it would be missed in more than one of five such experiments. */
  readonly visible: number;
}

type Grid = readonly (readonly Predictions[])[]; // [test set][seed]

/** The difference of the mean over test sets, seed by seed. */
const differencesOf = (own: Grid, theirs: Grid, metric: (one: Predictions) => number): number[] =>
  own[0].map((_, seed) => summary(own.map((set, i) => metric(set[seed]) - metric(theirs[i][seed]))).mean);

/** Both systems with the answers to some items swapped, in all seeds. */
function swapped(own: Grid, theirs: Grid, random: Random): [Grid, Grid] {
  const turned = own.map((set) => set[0].gold.map(() => random.uint32() >>> 31 === 1));
  const mixed = (grid: Grid, others: Grid) =>
    grid.map((set, s) =>
      set.map((run, seed) => {
        const other = others[s][seed];
        const pick = <T>(mine: readonly T[], its: readonly T[]) =>
          mine.map((value, i) => (turned[s][i] ? its[i] : value));
        return {
          gold: run.gold,
          predicted: pick(run.predicted, other.predicted),
          ...(run.probabilities &&
            other.probabilities && { probabilities: pick(run.probabilities, other.probabilities) }),
        };
      }),
    );
  return [mixed(own, theirs), mixed(theirs, own)];
}

/** Differences as they would be if both systems were alike. */
export function chanceDifferences(
  own: Grid,
  theirs: Grid,
  metric: (one: Predictions) => number,
  { random, draws }: { readonly random: Random; readonly draws: number },
): number[] {
  const differences = differencesOf(own, theirs, metric),
    seeds = differences.length,
    { mean } = summary(differences);
  const inflation = seeds > 1 ? Math.sqrt(seeds / (seeds - 1)) : 0;
  return Array.from({ length: draws }, () => {
    const byItems = summary(differencesOf(...swapped(own, theirs, random), metric)).mean;
    const bySeeds = differences.map((one) => (random.uint32() >>> 31 ? 1 : -1) * inflation * (one - mean));
    return byItems + summary(bySeeds).mean;
  });
}

/** What normal distributions give for a power of .8 at p < .05, in standard deviations of chance. */
const VISIBLE = 1.96 + 0.84;

export interface VerdictOptions extends Omit<ComparisonOptions, "baseline"> {
  /** The system that all others are judged against. */
  readonly against: string;
}

/**
 * Every system against one, by one metric.
 * @throws if that one has no complete seed, or two systems were not tested on the same items
 */
export function verdictsOf(
  runs: readonly SystemRun[],
  { metric = "f1", against, bootstrapSamples = 1000, random = new Random(0), ...scored }: VerdictOptions,
): Verdict[] {
  const score = typeof metric === "function" ? metric : scoreBy(metric, scored);
  const testSets = [...new Set(runs.map(({ testSet }) => testSet))];
  const bySeed = (system: string) =>
    bySeedOf(
      runs.filter((run) => run.system === system),
      testSets,
    );
  const reference = bySeed(against);
  if (reference.size === 0)
    throw new Error(`"${against}" has no seed with all of ${testSets.join(", ")}: nothing is judged by it`);
  const others = [...new Set(runs.map(({ system }) => system))].filter((system) => system !== against);
  const judged = others.flatMap((system) => {
    const one = bySeed(system),
      seeds = commonSeeds(one, reference);
    if (seeds.length === 0) return [];
    const [own, theirs] = [gridOf(one, seeds), gridOf(reference, seeds)];
    const { mean: difference, interval } = pairedDifference(own, theirs, score, {
      random: new Random(random.state),
      bootstrapSamples,
    });
    const chance = chanceDifferences(own, theirs, score, {
      random: new Random(random.state),
      draws: bootstrapSamples,
    });
    const extreme = chance.filter((one) => Math.abs(one) >= Math.abs(difference) - 1e-12).length;
    const enough = seeds[0] === null || seeds.length >= LEAST_SEEDS;
    return [
      {
        system,
        other: against,
        difference,
        ...interval,
        p: enough ? (extreme + 1) / (chance.length + 1) : Number.NaN,
        visible: VISIBLE * summary(chance).sd,
      },
    ];
  });
  return holm(judged).map(({ holm: p, ...one }) => ({
    ...one,
    p,
    clear: p < 0.05 ? (one.difference > 0 ? "better" : "worse") : "no",
  }));
}
