/** Runs of several systems as one table: how well each does, how sure that is, and whether it differs from a baseline. */
import { Random } from "../random";
import { confusionOf, type Metrics, metricsOf } from "./confusion";
import { type Predictions, seedsAndItems, summary } from "./intervals";
import { fewSeeds, holm, pairedDifference } from "./paired";

/** What one run of a system predicted on one test set. */
export interface SystemRun extends Predictions {
  readonly system: string;
  readonly testSet: string;
  /** null where no chance is in it (the majority class, TF-IDF): such a system is paired with every seed of another. */
  readonly seed: number | null;
  /** Failed in training (validation accuracy not above the majority class): counted, and kept in every number. */
  readonly failed?: boolean;
  /** Names of the items, for votes() and for opening the lines behind a number. */
  readonly items?: readonly string[];
}

/** One system; NaN where something is not defined: the sd of one seed, the baseline's difference to itself. */
export interface ComparisonRow {
  readonly system: string;
  readonly seeds: number;
  /** Failed runs, of runs in all (seeds × test sets). */
  readonly failed: number;
  readonly runs: number;
  /** Of the metric, its mean over test sets taken for every seed. */
  readonly mean: number;
  readonly sd: number;
  /** 95 % interval over seeds and items. */
  readonly low: number;
  readonly high: number;
  /** To the baseline, with its paired 95 % interval, p of the sign-flip test over seeds, and p after Holm's correction for all rows. */
  readonly difference: number;
  readonly differenceLow: number;
  readonly differenceHigh: number;
  readonly p: number;
  readonly holm: number;
}

export interface Comparison {
  readonly rows: readonly ComparisonRow[];
  /** One for each system and seed, to be drawn: the mean over test sets. */
  readonly points: readonly { readonly system: string; readonly seed: number | null; readonly value: number; readonly failed: boolean }[];
  /** What a reader must know: too few seeds, failed runs, seeds left out because a test set is missing. */
  readonly notes: readonly string[];
}

export interface ComparisonOptions {
  /** "f1" by default; precision, recall and F1 are those of class `positive`, 1 by default. */
  readonly metric?: Exclude<keyof Metrics, "n">;
  readonly positive?: number;
  /** The system that the others are compared with; none by default. */
  readonly baseline?: string;
  readonly random?: Random;
  readonly draws?: number;
}

type Seed = number | null;
type Grid = readonly (readonly SystemRun[])[];

/**
 * Compares systems by the mean of a metric over all test sets among the runs.
 * @throws if a run is there twice, the baseline has no complete seed, or two systems were not tested on the same items
 */
export function compare(
  runs: readonly SystemRun[],
  { metric = "f1", positive = 1, baseline, random = new Random(0), draws = 1000 }: ComparisonOptions = {},
): Comparison {
  const testSets = [...new Set(runs.map(({ testSet }) => testSet))], notes: string[] = [];
  const classes = runs.reduce((most, { gold, predicted }) => Math.max(most, positive, ...gold, ...predicted), 0) + 1;
  const score = ({ gold, predicted }: Predictions) => metricsOf(confusionOf(gold, predicted, classes), positive)[metric];
  // the same draws for every row, so that no row depends on which others stand in the table
  const drawing = () => ({ random: new Random(random.state), draws });

  const systems = [...new Set(runs.map(({ system }) => system))].flatMap((system) => {
    const own = runs.filter((run) => run.system === system), bySeed = seedsOf(own, testSets);
    const left = [...new Set(own.map(({ seed }) => seed))].filter((seed) => !bySeed.has(seed));
    if (left.length > 0) notes.push(`${system}: left out, since a test set is missing: seed ${left.join(", ")}.`);
    return bySeed.size === 0 ? [] : [{ system, bySeed }];
  });
  const reference = systems.find(({ system }) => system === baseline);
  if (baseline !== undefined && reference === undefined) throw new Error(`the baseline "${baseline}" has no seed with all of ${testSets.join(", ")}`);

  const points = systems.flatMap(({ system, bySeed }) => [...bySeed].map(([seed, sets]) =>
    ({ system, seed, value: summary(sets.map(score)).mean, failed: sets.some(({ failed }) => failed) })));
  const rows = systems.map(({ system, bySeed }) => {
    const grid = gridOf(bySeed, [...bySeed.keys()]), all = grid.flat(), failed = all.filter((run) => run.failed).length;
    if (failed > 0) notes.push(`${system}: ${failed} of ${all.length} runs failed in training; they are in its mean.`);
    const { n, mean, sd } = summary(points.filter((point) => point.system === system).map(({ value }) => value));
    return { system, seeds: n, failed, runs: all.length, mean, sd, ...seedsAndItems(grid, score, drawing()) };
  });

  const differences = systems.map(({ system, bySeed }) => {
    const seeds = reference === undefined || system === baseline ? [] : commonSeeds(bySeed, reference.bySeed);
    if (reference === undefined || seeds.length === 0) return { system, seeds, paired: undefined, p: Number.NaN };
    const paired = pairedDifference(gridOf(bySeed, seeds), gridOf(reference.bySeed, seeds), score, drawing());
    return { system, seeds, paired, p: seeds[0] === null ? Number.NaN : paired.p };
  });
  const tested = holm(differences.filter(({ p }) => !Number.isNaN(p)));
  const warnings = tested.map(({ seeds }) => fewSeeds(seeds.length, tested.length)).filter((words): words is string => words !== undefined);
  const complete = rows.map((row, i) => {
    const { paired, p, system } = differences[i];
    const { mean: difference, interval } = paired ?? { mean: Number.NaN, interval: { low: Number.NaN, high: Number.NaN } };
    const corrected = tested.find((one) => one.system === system)?.holm ?? Number.NaN;
    return { ...row, difference, differenceLow: interval.low, differenceHigh: interval.high, p, holm: corrected };
  });
  return { rows: complete, points, notes: [...new Set(warnings), ...notes] };
}

/** The runs of one system by seed, in the order of the test sets; seeds without all of them are left out. */
function seedsOf(runs: readonly SystemRun[], testSets: readonly string[]): ReadonlyMap<Seed, readonly SystemRun[]> {
  const bySeed = new Map<Seed, Map<string, SystemRun>>();
  for (const run of runs) {
    const sets = bySeed.get(run.seed) ?? new Map<string, SystemRun>();
    if (sets.has(run.testSet)) throw new Error(`"${run.system}", seed ${run.seed}, is there twice on ${run.testSet}`);
    bySeed.set(run.seed, sets.set(run.testSet, run));
  }
  const complete = [...bySeed].filter(([, sets]) => sets.size === testSets.length);
  return new Map(complete.map(([seed, sets]) => [seed, testSets.flatMap((testSet) => sets.get(testSet) ?? [])]));
}

/** runs[set][seed], a system without chance repeated for every seed. */
function gridOf(bySeed: ReadonlyMap<Seed, readonly SystemRun[]>, seeds: readonly Seed[]): Grid {
  const columns = seeds.map((seed) => bySeed.get(seed) ?? bySeed.get(null) ?? []);
  return columns[0].map((_, set) => columns.map((sets) => sets[set]));
}

/** The seeds for which both have runs; [null] if there is no chance in either. */
function commonSeeds(one: ReadonlyMap<Seed, unknown>, other: ReadonlyMap<Seed, unknown>): Seed[] {
  const common = [...new Set([...one.keys(), ...other.keys()])]
    .filter((seed) => [one, other].every((system) => system.has(seed) || system.has(null)));
  const numbered = common.filter((seed) => seed !== null);
  return numbered.length > 0 ? numbered : common;
}
