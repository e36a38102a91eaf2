/**
 * Two reports: what changed from the older to the newer. Scores are compared only where notebook and run had
 * equal settings (all but the number of seeds), never a quick run with a full one; their difference is paired
 * where the test items are equal.
 */
import type { MetricName } from "../../lib/evaluate/comparison";
import { drawSeedsAndItems, type Predictions, percentiles, summary } from "../../lib/evaluate/intervals";
import { pairedDifference } from "../../lib/evaluate/paired";
import { canonicalJson } from "../../lib/support/files";
import { Random } from "../../lib/support/random";
import { type CellRuns, predictionsOf, runsByCell, scoreOf } from "./cells";
import { METRICS, type RecordedNotebook, type RecordedRun, type ReportRecord } from "./format";

/** Settings of a notebook that decide no number of a run. */
const OF_COURSE = new Set(["seeds", "fresh", "processes"]);

export interface Difference {
  readonly metric: MetricName;
  readonly before: number;
  readonly after: number;
  /** After minus before, with its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

interface ChangedCell {
  readonly notebook: string;
  readonly system: string;
  readonly testSet: string;
  readonly classes: readonly string[];
  /** Whether both were tested on the same items, so that each item is compared with itself. */
  readonly paired: boolean;
  /** Seeds before and after, 0 without chance; paired scores are over those that both have. */
  readonly seeds: readonly [before: number, after: number];
  readonly differences: readonly Difference[];
}

/** Seconds of one run over the runs of a cell's system. */
interface Timing {
  readonly notebook: string;
  readonly system: string;
  readonly before: Spread;
  readonly after: Spread;
}
export interface Spread {
  readonly runs: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

export interface Change {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export interface NotebookChange {
  readonly before: RecordedNotebook;
  readonly after: RecordedNotebook;
  readonly settings: readonly Change[];
  readonly data: readonly Change[];
  /** Why scores are not compared, if they are not. */
  readonly incomparable?: "quick" | "settings";
  /** False where one of the two has no answer. */
  readonly answerChanged: boolean;
}

export interface Comparison {
  readonly notebooks: readonly NotebookChange[];
  /** Names of notebooks that one of the two lacks. */
  readonly added: readonly string[];
  readonly absent: readonly string[];
  readonly versions: readonly Change[];
  readonly cells: readonly ChangedCell[];
  /** Cells that both have and that are equal, answer by answer. */
  readonly unchanged: number;
  readonly timings: readonly Timing[];
}

const NONE = "–";

/** What differs between two objects, in words. */
function changesOf(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Change[] {
  const word = (value: unknown): string =>
    value === undefined || value === null ? NONE : typeof value === "string" ? value : JSON.stringify(value);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => canonicalJson(before[name] ?? null) !== canonicalJson(after[name] ?? null))
    .map((name) => ({ name, before: word(before[name]), after: word(after[name]) }));
}

const dataOf = ({ data }: RecordedNotebook) =>
  Object.fromEntries(data.map(({ name, sha256 }) => [name, sha256?.slice(0, 8)]));

function notebookChange(before: RecordedNotebook, after: RecordedNotebook): NotebookChange {
  const settings = changesOf(before.settings, after.settings).filter(({ name }) => name !== "fresh");
  const incomparable =
    before.quick !== after.quick
      ? "quick"
      : settings.some(({ name }) => !OF_COURSE.has(name))
        ? "settings"
        : undefined;
  return {
    before,
    after,
    settings,
    // an answer that is missing names no data
    data: before.answer && after.answer ? changesOf(dataOf(before), dataOf(after)) : [],
    ...(incomparable && { incomparable }),
    answerChanged:
      before.answer !== undefined &&
      after.answer !== undefined &&
      canonicalJson(before.answer) !== canonicalJson(after.answer),
  };
}

interface Side {
  readonly record: ReportRecord;
  readonly runs: CellRuns;
}

const itemsOf = ({ record, runs }: Side): string => {
  const { sha256, gold } = record.tests[runs[0]!.test]!;
  return `${sha256} ${gold}`;
};

/** Seed by seed, those tested on the items of the first. */
const bySeed = ({ record, runs }: Side): Map<number | null, Predictions> =>
  new Map(
    runs
      .filter(({ test }) => test === runs[0]!.test)
      .map((run) => [run.seed, predictionsOf(run, record.tests)]),
  );

/** Draws of each side by itself: the interval of a difference that cannot be paired. */
function unpaired(before: readonly Predictions[], after: readonly Predictions[], score: Score) {
  const draws = (runs: readonly Predictions[], seed: number) =>
    drawSeedsAndItems([[runs]], score, { random: new Random(seed), bootstrapSamples: 1000 })[0]!;
  const a = draws(after, 1),
    b = draws(before, 2);
  return percentiles(a.map((value, i) => value - b[i]!));
}

type Score = (one: Predictions) => number;

function cellChange(notebook: string, before: Side, after: Side): ChangedCell | undefined {
  const [old, now] = [bySeed(before), bySeed(after)];
  const paired = itemsOf(before) === itemsOf(after),
    common = [...now.keys()].filter((seed) => old.has(seed));
  const same =
    paired &&
    old.size === now.size &&
    common.length === now.size &&
    common.every((seed) => canonicalJson(old.get(seed)) === canonicalJson(now.get(seed)));
  if (same) return undefined;
  const pair = paired && common.length > 0;
  const [first] = after.runs;
  const differences = METRICS.map((metric): Difference => {
    const score = scoreOf(metric, first!);
    const [was, is] = [old, now].map((of) =>
      (pair ? common : [...of.keys()]).map((seed) => of.get(seed)!),
    ) as [Predictions[], Predictions[]];
    const mean = (runs: readonly Predictions[]) => summary(runs.map(score)).mean;
    const sides = { metric, before: mean(was), after: mean(is) };
    if (!pair) return { ...sides, difference: sides.after - sides.before, ...unpaired(was, is, score) };
    const { mean: difference, interval } = pairedDifference([is], [was], score);
    return { ...sides, difference, ...interval };
  });
  return {
    notebook,
    system: first!.system,
    testSet: first!.testSet,
    classes: first!.classes,
    paired: pair,
    seeds: [old, now].map(
      (of) => [...of.keys()].filter((seed) => seed !== null).length,
    ) as unknown as readonly [number, number],
    differences,
  };
}

/** Seconds of the runs of a system, none where they are not stored. */
function spreadOf(runs: readonly RecordedRun[]): Spread | undefined {
  const seconds = runs.flatMap((run) => run.seconds ?? []);
  if (seconds.length === 0) return undefined;
  const { n, mean, min, max } = summary(seconds);
  return { runs: n, mean, min, max };
}

/** What changed from an older record to a newer one. */
export function compareRecords(older: ReportRecord, newer: ReportRecord): Comparison {
  const before = new Map(older.notebooks.map((one) => [one.name, one])),
    after = new Map(newer.notebooks.map((one) => [one.name, one]));
  const notebooks = newer.notebooks.flatMap((one) => {
    const other = before.get(one.name);
    return other ? [notebookChange(other, one)] : [];
  });
  const cells: ChangedCell[] = [],
    timings: Timing[] = [];
  let unchanged = 0;
  for (const { after: one, incomparable } of notebooks) {
    if (incomparable) continue;
    const own = ({ runs }: ReportRecord) => runs.filter(({ notebook }) => notebook === one.name);
    const [old, now] = [runsByCell(own(older)), runsByCell(own(newer))];
    const shared = [...now].flatMap(([key, runs]) => {
      const there = old.get(key);
      return there ? [{ runs, there }] : [];
    });
    for (const { runs, there } of shared) {
      const changed = cellChange(one.name, { record: older, runs: there }, { record: newer, runs });
      if (changed) cells.push(changed);
      else unchanged++;
    }
    for (const system of new Set(shared.map(({ runs }) => runs[0]!.system))) {
      const some = shared.filter(({ runs }) => runs[0]!.system === system);
      const was = some.flatMap(({ there }) => there),
        is = some.flatMap(({ runs }) => runs);
      const [a, b] = [spreadOf(was), spreadOf(is)];
      const retrained = is.some(({ finished }) => !was.some((run) => run.finished === finished));
      if (a && b && retrained) timings.push({ notebook: one.name, system, before: a, after: b });
    }
  }
  return {
    notebooks,
    added: newer.notebooks.map(({ name }) => name).filter((name) => !before.has(name)),
    absent: older.notebooks.map(({ name }) => name).filter((name) => !after.has(name)),
    versions: changesOf(older.versions, newer.versions),
    cells,
    unchanged,
    timings,
  };
}
