/**
 * Runs of several systems as one table: how well each does, how sure that is, and whether it differs from a
 * baseline.
 */
import { grouped } from "../support/groups";
import { Random } from "../support/random";
import { type ClassScores, classScores, confusionOf, type Metrics, metricsOf } from "./confusion";
import { type BySeed, bySeedOf, commonSeeds, gridOf, type SystemRun } from "./grid";
import { type Interval, type Predictions, seedsAndItems, summary } from "./intervals";
import { holm, pairedDifference } from "./paired";
import { chanceOf, LEAST_SEEDS } from "./verdict";

export type { SystemRun };

/** With the names of its items, for votes() and for the lines behind a number (show/lines.ts). */
export interface NamedRun extends SystemRun {
  readonly items: readonly string[];
}

/** One system against another one of the same table, on the same items and the seeds that both have. */
export interface Versus extends Interval {
  readonly system: string;
  /** The other one. */
  readonly other: string;
  /** Seeds that both have. */
  readonly seeds: number;
  /** Of the metric, this system minus the other; low and high: its paired 95 % interval (seeds × items). */
  readonly difference: number;
  /** Of the test of verdict.ts, and with Holm's correction; NaN if there are too few seeds to judge. */
  readonly p: number;
  readonly holm: number;
  /** What may be said: clear is what has a corrected p below .05. */
  readonly clear: "better" | "worse" | "no";
  /** Differences below it would be missed in more than one of five such experiments. */
  readonly visible: number;
}

/** One system; the sd of one seed is NaN, low and high are the 95 % interval over seeds and items. */
export interface ComparisonRow extends Interval {
  readonly system: string;
  readonly seeds: number;
  /** Failed runs and diverged ones, of trainings in all (seeds × test sets). */
  readonly failed: number;
  readonly diverged: number;
  readonly runs: number;
  /** Of the metric, its mean over test sets taken for every seed. */
  readonly mean: number;
  readonly sd: number;
  readonly median: number;
  /**
   * Against the baseline, and against the system with the highest mean; undefined for these two themselves.
   */
  readonly baseline?: Versus;
  readonly best?: Versus;
}

export interface Comparison {
  readonly rows: readonly ComparisonRow[];
  /**
   * The system with the highest mean. That it was chosen by these very items makes it look a little better
   * than it is.
   */
  readonly best: string;
  /** One for each system and seed, to be drawn: the mean over test sets. */
  readonly points: readonly {
    readonly system: string;
    readonly seed: number | null;
    readonly value: number;
  }[];
  /**
   * What a reader must know: too few seeds, failed and diverged runs, seeds left out because a test set is
   * missing, classes that no item of a test set has.
   */
  readonly notes: readonly string[];
}

/** precision, recall and f1 are those of one class; the others of all. */
export type MetricName = Exclude<keyof Metrics, "n"> | keyof ClassScores;

interface Scored {
  /** Names of the classes, in their order; without them as many as occur, at least two. */
  readonly classes?: readonly string[];
  /** The class of precision, recall and f1: of two classes 1 by default, of more it must be named. */
  readonly positive?: number;
}

export interface ComparisonOptions extends Scored {
  /** "f1" by default; or a function, such as rocAuc of ranking.ts. */
  readonly metric?: MetricName | ((one: Predictions) => number);
  /** The system that the others are compared with; none by default. */
  readonly baseline?: string;
  /** What a system is tested against; a test takes most of the time. Both by default. */
  readonly tests?: readonly ("baseline" | "best")[];
  readonly random?: Random;
  readonly bootstrapSamples?: number;
}

/**
 * A metric of predictions by its name.
 * @throws if it is that of one class, there are more than two, and none is named
 */
export function scoreBy(
  metric: MetricName,
  { classes = ["0", "1"], positive = classes.length === 2 ? 1 : undefined }: Scored = {},
): (one: Predictions) => number {
  const { length } = classes;
  const confusion = ({ gold, predicted }: Predictions) => confusionOf(gold, predicted, length);
  if (metric !== "precision" && metric !== "recall" && metric !== "f1")
    return (one) => metricsOf(confusion(one))[metric];
  if (positive === undefined)
    throw new Error(
      `${metric} of ${length} classes (${classes.join(", ")}) is that of one: name it (positive), or take macroF1 or weightedF1`,
    );
  return (one) => classScores(confusion(one), positive)[metric];
}

/**
 * Compares systems by the mean of a metric over all test sets among the runs. Holm's correction covers all
 * systems that are compared with the baseline; of comparisons with the best, which these items chose, all
 * pairs of systems.
 * @throws if a run is there twice, the baseline has no complete seed, or two systems were not tested on the
 *   same items
 */
export const compare = (runs: readonly SystemRun[], options: ComparisonOptions = {}): Comparison =>
  corrected([uncorrected(runs, options)])[0];

/**
 * Several comparisons of one notebook, by their names, with Holm's correction over all of them together.
 * @throws as compare() does
 */
export function compareAll(
  groups: Readonly<Record<string, readonly SystemRun[]>>,
  options: ComparisonOptions = {},
): Record<string, Comparison> {
  const names = Object.keys(groups);
  const all = corrected(
    names.map((name) => {
      const one = uncorrected(groups[name], options);
      return { ...one, notes: one.notes.map((note) => `${name}. ${note}`) };
    }),
  );
  return Object.fromEntries(names.map((name, i) => [name, all[i]]));
}

/** Fills `holm` and `clear` in, and says first of all where there are too few seeds for them. */
function corrected(comparisons: readonly Comparison[]): Comparison[] {
  const rows = comparisons.flatMap((one) => one.rows);
  const correct = (which: "baseline" | "best", pairs: number): ReadonlyMap<Versus | undefined, Versus> => {
    const list = rows.flatMap((row) => row[which] ?? []);
    return new Map(
      holm(list, pairs).map((one, i) => [
        list[i],
        { ...one, clear: one.holm < 0.05 ? (one.difference > 0 ? "better" : "worse") : "no" },
      ]),
    );
  };
  const pairs = comparisons.reduce((sum, { rows: { length } }) => sum + (length * (length - 1)) / 2, 0);
  const baseline = correct("baseline", 0),
    best = correct("best", pairs);
  const few = rows.some((row) => [row.baseline, row.best].some((versus) => versus && Number.isNaN(versus.p)));
  const warning = `Fewer than ${LEAST_SEEDS} seeds show nothing of the luck of training: no difference is tested.`;
  return comparisons.map((one) => ({
    ...one,
    notes: [...(few ? [warning] : []), ...one.notes],
    rows: one.rows.map((row) => ({
      ...row,
      baseline: baseline.get(row.baseline),
      best: best.get(row.best),
    })),
  }));
}

interface System {
  readonly system: string;
  readonly bySeed: BySeed;
}

/** The score, and the draws of bootstraps, each beginning anew: no row depends on the others of a table. */
interface Scoring {
  readonly score: (one: Predictions) => number;
  readonly drawing: () => { readonly random: Random; readonly bootstrapSamples: number };
}

function uncorrected(
  runs: readonly SystemRun[],
  {
    metric = "f1",
    classes = classesIn(runs),
    positive,
    baseline,
    tests = ["baseline", "best"],
    random = new Random(0),
    bootstrapSamples = 1000,
  }: ComparisonOptions,
): Comparison {
  const testSets = [...new Set(runs.map(({ testSet }) => testSet))],
    notes: string[] = [];
  const scoring: Scoring = {
    score: typeof metric === "function" ? metric : scoreBy(metric, { classes, positive }),
    drawing: () => ({ random: new Random(random.state), bootstrapSamples }),
  };
  const systems = [...grouped(runs, ({ system }) => system)].flatMap(([system, own]): System[] => {
    const bySeed = bySeedOf(own, testSets);
    const left = [...new Set(own.map(({ seed }) => seed))].filter((seed) => !bySeed.has(seed));
    if (left.length > 0)
      notes.push(`${system}: left out, since a test set is missing: seed ${left.join(", ")}.`);
    return bySeed.size === 0 ? [] : [{ system, bySeed }];
  });
  const reference = systems.find(({ system }) => system === baseline);
  if (baseline !== undefined && reference === undefined)
    throw new Error(`the baseline "${baseline}" has no seed with all of ${testSets.join(", ")}`);

  const points = systems.flatMap(({ system, bySeed }) =>
    [...bySeed].map(([seed, sets]) => ({ system, seed, value: summary(sets.map(scoring.score)).mean })),
  );
  const rows = systems.map(({ system, bySeed }) => {
    const grid = gridOf(bySeed),
      endings = grid.flat().flatMap((run) => run.endings ?? []);
    const { n, mean, sd, median } = summary(
      points.filter((point) => point.system === system).map(({ value }) => value),
    );
    return {
      system,
      seeds: n,
      failed: endings.filter((ending) => ending === "failed").length,
      diverged: endings.filter((ending) => ending === "diverged").length,
      runs: endings.length,
      mean,
      sd,
      median,
      ...seedsAndItems(grid, scoring.score, scoring.drawing()),
    };
  });
  for (const ending of ["failed", "diverged"] as const) {
    const some = rows.filter((row) => row[ending] > 0);
    if (some.length > 0)
      notes.push(
        `Runs that ${ending}, all in the means: ${some.map((row) => `${row.system} ${row[ending]} of ${row.runs}`).join("; ")}.`,
      );
  }
  if (typeof metric === "string" && metric.startsWith("macro")) notes.push(...absentClasses(runs, classes));
  const best = rows.reduce((a, b) => (b.mean > a.mean ? b : a)).system,
    highest = systems.find(({ system }) => system === best);
  const testsTo = (which: "baseline" | "best", other?: System) =>
    systems.map((one) => (other && tests.includes(which) ? versus(one, other, scoring) : undefined));
  const toBaseline = testsTo("baseline", reference),
    toBest = highest === reference && tests.includes("baseline") ? toBaseline : testsTo("best", highest);
  return {
    rows: rows.map((row, i) => ({ ...row, baseline: toBaseline[i], best: toBest[i] })),
    best,
    points,
    notes,
  };
}

/** One system against another, before Holm's correction; undefined for itself, and if they share no seed. */
function versus(one: System, other: System, { score, drawing }: Scoring): Versus | undefined {
  const seeds = one === other ? [] : commonSeeds(one.bySeed, other.bySeed);
  if (seeds.length === 0) return undefined;
  const [own, theirs] = [gridOf(one.bySeed, seeds), gridOf(other.bySeed, seeds)];
  const { mean: difference, interval } = pairedDifference(own, theirs, score, drawing());
  const { random, bootstrapSamples: draws } = drawing();
  return {
    system: one.system,
    other: other.system,
    seeds: seeds.length,
    difference,
    ...interval,
    ...chanceOf(own, theirs, score, { random, draws, seeded: seeds[0] !== null }),
    holm: Number.NaN,
    clear: "no",
  };
}

/** The test sets of each system and seed as one, so that a score is that of all items together (micro). */
export function pooled(runs: readonly SystemRun[], testSet = "all"): SystemRun[] {
  const order = [...new Set(runs.map((run) => run.testSet))],
    groups = grouped(runs, (run) => `${run.system}\n${run.seed}`);
  return [...groups.values()].map((own) => {
    const sorted = [...own].sort((a, b) => order.indexOf(a.testSet) - order.indexOf(b.testSet));
    return {
      system: own[0].system,
      seed: own[0].seed,
      testSet,
      gold: sorted.flatMap(({ gold }) => gold),
      predicted: sorted.flatMap(({ predicted }) => predicted),
      ...(sorted.every((run) => run.probabilities) && {
        probabilities: sorted.flatMap(({ probabilities = [] }) => probabilities),
      }),
      endings: sorted.flatMap(({ endings = [] }) => endings),
    };
  });
}

/** Numbers as names: as many classes as occur, at least two. */
function classesIn(runs: readonly SystemRun[]): string[] {
  const most = runs
    .flatMap(({ gold, predicted }) => [gold, predicted])
    .reduce((high, labels) => labels.reduce((a, b) => Math.max(a, b), high), 1);
  return Array.from({ length: most + 1 }, (_, c) => String(c));
}

/** Which classes no item of a test set has, and what that does to macro scores. */
function absentClasses(runs: readonly SystemRun[], classes: readonly string[]): string[] {
  const golds = new Map(runs.map(({ testSet, gold }) => [testSet, new Set(gold)]));
  return [...golds].flatMap(([testSet, gold]) => {
    const absent = classes.filter((_, c) => !gold.has(c));
    return absent.length === 0
      ? []
      : [`No item of ${testSet} is ${absent.join(" or ")}: counted as 0 in macro scores of it.`];
  });
}

/**
 * The row of a system.
 *
 *     const { mean, low, high } = rowOf(compareBy(results, "accuracy"), "BERT fixed");
 *
 * @throws with the systems that there are if it is none of them
 */
export function rowOf({ rows }: Comparison, system: string): ComparisonRow {
  const row = rows.find((one) => one.system === system);
  if (row === undefined)
    throw new Error(`no row "${system}"; there are ${rows.map((one) => one.system).join(", ")}`);
  return row;
}
