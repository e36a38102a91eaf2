/**
 * Runs of several systems as one table: how well each does, how sure that is, and whether it differs from a
 * baseline.
 */
import { grouped } from "../support/groups";
import { Random } from "../support/random";
import { type ClassScores, classScores, confusionOf, type Metrics, metricsOf } from "./confusion";
import type { Ending } from "./ending";
import { type Predictions, seedsAndItems, summary } from "./intervals";
import { discordant, fewSeeds, holm, mcnemar, pairedDifference } from "./paired";
import { votes } from "./votes";

/** What one run of a system predicted on one test set. */
export interface SystemRun extends Predictions {
  readonly system: string;
  readonly testSet: string;
  /**
   * null where no chance is in it (the majority class, TF-IDF): such a system is paired with every seed of
   * another.
   */
  readonly seed: number | null;
  /**
   * What became of its training, of several in pooled(), none without training: failed and diverged ones are
   * counted, and kept in every number.
   */
  readonly endings?: readonly Ending[];
}

/** With the names of its items, for votes() and for the lines behind a number (show/lines.ts). */
export interface NamedRun extends SystemRun {
  readonly items: readonly string[];
}

/** One system against another one of the same table, on the same items and the seeds that both have. */
export interface Versus {
  /** The other one. */
  readonly system: string;
  /** Seeds that both have. */
  readonly seeds: number;
  /** Of the metric, this system minus the other, with its paired 95 % interval (seeds × items). */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /**
   * Of the exact sign-flip test over seeds: would other seeds say the same? NaN if neither system has seeds.
   */
  readonly p: number;
  readonly holm: number;
  /**
   * Of McNemar's exact test over the items of all test sets: would other items say the same? An item is
   * answered as most seeds answer it; `alone` items only this system gets right, `otherAlone` only the other
   * one.
   */
  readonly alone: number;
  readonly otherAlone: number;
  readonly mcnemar: number;
  readonly mcnemarHolm: number;
}

/** One system; the sd of one seed is NaN. */
export interface ComparisonRow {
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
  /** 95 % interval over seeds and items. */
  readonly low: number;
  readonly high: number;
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

export interface Scored {
  /** Names of the classes, in their order; without them as many as occur, at least two. */
  readonly classes?: readonly string[];
  /** The class of precision, recall and f1: of two classes 1 by default, of more it must be named. */
  readonly positive?: number;
}

export interface ComparisonOptions extends Scored {
  /** "f1" by default. */
  readonly metric?: MetricName;
  /** The system that the others are compared with; none by default. */
  readonly baseline?: string;
  readonly random?: Random;
  readonly bootstrapSamples?: number;
}

type Seed = number | null;
type Grid = readonly (readonly SystemRun[])[];

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
 * Compares systems by the mean of a metric over all test sets among the runs. Holm's correction covers, for
 * each of the two tests, all systems that are compared with the baseline, and apart from them all that are
 * compared with the best.
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
  const names = Object.keys(groups),
    all = corrected(
      names.map((name) => {
        const one = uncorrected(groups[name], options);
        return { ...one, notes: one.notes.map((note) => `${name}. ${note}`) };
      }),
    );
  return Object.fromEntries(names.map((name, i) => [name, all[i]]));
}

/** Fills `holm` and `mcnemarHolm` in, and says first of all where there are too few seeds for them. */
function corrected(comparisons: readonly Comparison[]): Comparison[] {
  const toBaseline = comparisons.some(({ rows }) => rows.some(({ baseline }) => baseline !== undefined));
  const warnings = new Set<string>();
  const change = (which: "baseline" | "best"): ReadonlyMap<Versus, Versus> => {
    const all = comparisons.flatMap(({ rows }) => rows.flatMap((row) => row[which] ?? []));
    const flipped = holm(all.filter(({ p }) => !Number.isNaN(p)).map((versus) => ({ versus, p: versus.p })));
    if (toBaseline === (which === "baseline"))
      flipped.forEach(({ versus: { seeds } }) => warnings.add(fewSeeds(seeds, flipped.length) ?? ""));
    const byItems = holm(all.map(({ mcnemar: p }) => ({ p }))),
      bySeeds = new Map(flipped.map((one) => [one.versus, one.holm]));
    return new Map(
      all.map((versus, i) => [
        versus,
        { ...versus, holm: bySeeds.get(versus) ?? Number.NaN, mcnemarHolm: byItems[i].holm },
      ]),
    );
  };
  const baseline = change("baseline"),
    best = change("best");
  const said = [...warnings].filter((words) => words !== "");
  return comparisons.map((one) => ({
    ...one,
    notes: [...said, ...one.notes],
    rows: one.rows.map((row) => ({
      ...row,
      baseline: row.baseline && baseline.get(row.baseline),
      best: row.best && best.get(row.best),
    })),
  }));
}

function uncorrected(
  runs: readonly SystemRun[],
  {
    metric = "f1",
    classes = classesIn(runs),
    positive,
    baseline,
    random = new Random(0),
    bootstrapSamples = 1000,
  }: ComparisonOptions,
): Comparison {
  const testSets = [...new Set(runs.map(({ testSet }) => testSet))],
    notes: string[] = [];
  const score = scoreBy(metric, { classes, positive });
  // the same draws for every row, so that no row depends on which others stand in the table
  const drawing = () => ({ random: new Random(random.state), bootstrapSamples });

  const systems = [...new Set(runs.map(({ system }) => system))].flatMap((system) => {
    const own = runs.filter((run) => run.system === system),
      bySeed = seedsOf(own, testSets);
    const left = [...new Set(own.map(({ seed }) => seed))].filter((seed) => !bySeed.has(seed));
    if (left.length > 0)
      notes.push(`${system}: left out, since a test set is missing: seed ${left.join(", ")}.`);
    return bySeed.size === 0 ? [] : [{ system, bySeed }];
  });
  const reference = systems.find(({ system }) => system === baseline);
  if (baseline !== undefined && reference === undefined)
    throw new Error(`the baseline "${baseline}" has no seed with all of ${testSets.join(", ")}`);

  const points = systems.flatMap(({ system, bySeed }) =>
    [...bySeed].map(([seed, sets]) => ({
      system,
      seed,
      value: summary(sets.map(score)).mean,
    })),
  );
  const rows = systems.map(({ system, bySeed }) => {
    const grid = gridOf(bySeed, [...bySeed.keys()]),
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
      ...seedsAndItems(grid, score, drawing()),
    };
  });

  for (const ending of ["failed", "diverged"] as const) {
    const some = rows.filter((row) => row[ending] > 0);
    if (some.length > 0)
      notes.push(
        `Runs that ${ending}, all in the means: ${some.map((row) => `${row.system} ${row[ending]} of ${row.runs}`).join("; ")}.`,
      );
  }
  if (metric.startsWith("macro")) notes.push(...absentClasses(runs, classes));
  const best = rows.reduce((a, b) => (b.mean > a.mean ? b : a)).system;
  const against = (other: (typeof systems)[number] | undefined): ReadonlyMap<string, Versus> => {
    if (other === undefined) return new Map();
    return new Map(
      systems
        .filter((one) => one !== other)
        .flatMap(({ system, bySeed }) => {
          const seeds = commonSeeds(bySeed, other.bySeed);
          if (seeds.length === 0) return [];
          const one = gridOf(bySeed, seeds),
            two = gridOf(other.bySeed, seeds);
          const { mean: difference, interval, p: flipped } = pairedDifference(one, two, score, drawing());
          const [alone, otherAlone] = discordant(answerOf(one), answerOf(two)),
            p = seeds[0] === null ? Number.NaN : flipped;
          const tests = {
            p,
            holm: Number.NaN,
            alone,
            otherAlone,
            mcnemar: mcnemar(alone, otherAlone),
            mcnemarHolm: Number.NaN,
          };
          return [[system, { system: other.system, seeds: seeds.length, difference, ...interval, ...tests }]];
        }),
    );
  };
  const toBaseline = against(reference),
    toBest = best === baseline ? toBaseline : against(systems.find(({ system }) => system === best));
  const complete = rows.map((row) => ({
    ...row,
    baseline: toBaseline.get(row.system),
    best: toBest.get(row.system),
  }));
  return { rows: complete, best, points, notes };
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

/** The row of a system. @throws with the systems that there are if it is none of them */
export function rowOf({ rows }: Comparison, system: string): ComparisonRow {
  const row = rows.find((one) => one.system === system);
  if (row === undefined)
    throw new Error(`no row "${system}"; there are ${rows.map((one) => one.system).join(", ")}`);
  return row;
}

/** The answers of all seeds as one: on every item of every test set the class that most seeds predict. */
function answerOf(grid: Grid): Predictions {
  const answers = grid.flatMap((seeds, set) => [
    ...votes(
      seeds.map(({ gold, predicted }) => ({ gold, predicted, items: gold.map((_, i) => `${set}/${i}`) })),
    ).values(),
  ]);
  return { gold: answers.map(({ gold }) => gold), predicted: answers.map(({ predicted }) => predicted) };
}

/** The runs of one system by seed, in the order of the test sets; seeds without all of them are left out. */
function seedsOf(
  runs: readonly SystemRun[],
  testSets: readonly string[],
): ReadonlyMap<Seed, readonly SystemRun[]> {
  const bySeed = new Map<Seed, Map<string, SystemRun>>();
  for (const run of runs) {
    const sets = bySeed.get(run.seed) ?? new Map<string, SystemRun>();
    if (sets.has(run.testSet))
      throw new Error(`"${run.system}", seed ${run.seed}, is there twice on ${run.testSet}`);
    bySeed.set(run.seed, sets.set(run.testSet, run));
  }
  const complete = [...bySeed].filter(([, sets]) => sets.size === testSets.length);
  return new Map(
    complete.map(([seed, sets]) => [seed, testSets.flatMap((testSet) => sets.get(testSet) ?? [])]),
  );
}

/** runs[set][seed], a system without chance repeated for every seed. */
function gridOf(bySeed: ReadonlyMap<Seed, readonly SystemRun[]>, seeds: readonly Seed[]): Grid {
  const columns = seeds.map((seed) => bySeed.get(seed) ?? bySeed.get(null) ?? []);
  return columns[0].map((_, set) => columns.map((sets) => sets[set]));
}

/** The seeds for which both have runs; [null] if there is no chance in either. */
function commonSeeds(one: ReadonlyMap<Seed, unknown>, other: ReadonlyMap<Seed, unknown>): Seed[] {
  const common = [...new Set([...one.keys(), ...other.keys()])].filter((seed) =>
    [one, other].every((system) => system.has(seed) || system.has(null)),
  );
  const numbered = common.filter((seed) => seed !== null);
  return numbered.length > 0 ? numbered : common;
}
