/**
 * A published table, read again: rounded scores of a small test set fix the whole numbers behind them. Every
 * size and number of positives is tried; what is kept gives the printed baseline and has counts TP, FP, FN,
 * TN for every system's printed scores.
 */

import type { MetricName } from "../../lib/evaluate/comparison";
import type { Interval } from "../../lib/evaluate/intervals";
import { share } from "../../lib/show/numbers";

export interface Counts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/** A score as it is printed, and the exact scores that are rounded to it. */
export interface Printed {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface PublishedTable {
  /** What a cell prints, in this order; precision, recall and F1 are those of the positive class. */
  readonly metrics: readonly MetricName[];
  readonly testSets: readonly string[];
  /** cells[set][metric]; null where nothing is printed. Averages over test sets are not read. */
  readonly systems: readonly {
    readonly system: string;
    readonly cells: readonly (readonly (Printed | null)[])[];
  }[];
  /** The row of the baseline that calls nothing positive: its accuracy on each test set. */
  readonly alwaysNegative?: readonly (Printed | null)[];
  /** Systems whose scores are means over runs, which stand for no counts; they are not read. */
  readonly means?: readonly string[];
  /** Where the report gives them, for each test set. */
  readonly sizes?: readonly { readonly n: number; readonly positives?: number }[];
  /** Where it does not, only sizes below this are tried: 140 by default. */
  readonly below?: number;
}

/**
 * What one system's cell can stand for: ranges over all counts that fit, one entry for each group of
 * neighbouring counts.
 */
interface Possible {
  readonly system: string;
  readonly solutions: number;
  readonly groups: readonly { readonly recall: Interval; readonly precision: Interval }[];
}

export type Reading = { readonly testSet: string; readonly sentence: string } & (
  | {
      readonly verdict: "one";
      readonly n: number;
      readonly positives: number;
      /** One for each system, in the table's order. */
      readonly counts: readonly Counts[];
      /** [2] if the same counts twice over fit as well. */
      readonly multiples: readonly number[];
    }
  | {
      readonly verdict: "ambiguous";
      readonly solutions: number;
      readonly sizes: readonly Size[];
      readonly possible: readonly Possible[];
    }
  /** `cells`: the rows without any one of which the rest has a solution; none if more than one is wrong. */
  | { readonly verdict: "impossible"; readonly cells: readonly string[] }
);

interface Size {
  readonly n: number;
  readonly positives: number;
}

/** One size of a test set with, for each system, all counts that fit. */
interface Candidate extends Size {
  readonly fits: readonly (readonly Counts[])[];
}

/** For the arithmetic of whole numbers divided and multiplied again. */
const HAIR = 1e-9;

/**
 * ".652" stands for .6515 to .6525, by its own number of decimals; both ends belong to it, since 10 / 32 =
 * .3125 is rounded to .312 (half to even) or .313 (half up).
 */
export function printed(text: string, percent = false): Printed {
  const decimals = (text.split(".")[1] ?? "").length + (percent ? 2 : 0),
    value = Number((Number(text) / (percent ? 100 : 1)).toFixed(decimals)),
    half = 0.5 * 10 ** -decimals + HAIR;
  return { value, low: value - half, high: value + half };
}

/** The same score cut off after its last decimal instead of rounded. */
const cutOff = (score: Printed | null) =>
  score && { ...score, low: score.value - HAIR, high: 2 * score.high - score.value - 3 * HAIR };

/** The whole numbers k from 0 to n with k / n printed like this; all of them if nothing is printed. */
export function numerators(
  score: Printed | null | undefined,
  n: number,
): { readonly from: number; readonly to: number } {
  if (!score) return { from: 0, to: n };
  return { from: Math.max(0, Math.ceil(score.low * n)), to: Math.min(n, Math.floor(score.high * n)) };
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
/** As metricsOf, which computes all of them, too slowly for millions of counts. */
export const SCORE: Readonly<Record<string, (counts: Counts) => number>> = {
  accuracy: ({ tp, fp, fn, tn }) => ratio(tp + tn, tp + fp + fn + tn),
  precision: ({ tp, fp }) => ratio(tp, tp + fp),
  recall: ({ tp, fn }) => ratio(tp, tp + fn),
  f1: ({ tp, fp, fn }) => ratio(2 * tp, 2 * tp + fp + fn),
  macroF1: ({ tp, fp, fn, tn }) => (ratio(2 * tn, 2 * tn + fp + fn) + ratio(2 * tp, 2 * tp + fp + fn)) / 2,
};
const SCORES = Object.keys(SCORE);

const MOST_TRIED = 1e9; // some seconds
const MOST_KEPT = 120_000; // of one system

/** What is left of the counts that are tried, and kept, for one test set. */
class Budget {
  private tried = 0;
  constructor(
    private readonly testSet: string,
    private readonly remedy: string,
  ) {}
  /** @throws if so many counts fit, or are to be tried, that nothing could be said of them */
  spend(tried: number, kept: number): void {
    this.tried += tried;
    if (this.tried <= MOST_TRIED && kept <= MOST_KEPT) return;
    throw new Error(
      `"${this.testSet}": its scores leave too much open, ` +
        `${kept > MOST_KEPT ? `more than ${MOST_KEPT} counts of one system` : `more than ${MOST_TRIED} counts to try`}: ${this.remedy}`,
    );
  }
}

/** What would leave less open. */
const remedyOf = ({ sizes, below = 140 }: PublishedTable, set: number) =>
  sizes?.[set] === undefined
    ? `give its number of items (sizes), the row of the baseline that calls nothing positive (alwaysNegative), or a "below" under ${below}`
    : sizes[set].positives === undefined
      ? "give its number of positives too (sizes)"
      : "more of its scores, or more decimals, are needed";

/** All counts of n items, `positives` of them positive, that are printed as this cell. */
function countsOf(
  cell: readonly (Printed | null)[],
  { metrics }: PublishedTable,
  { n, positives }: Size,
  budget: Budget,
): Counts[] {
  const score = (name: MetricName) => cell[metrics.findIndex((metric) => metric === name)];
  const right = numerators(score("accuracy"), n),
    found = numerators(score("recall"), positives),
    asked = metrics.flatMap((metric, i) => {
      const printed = cell[i];
      return printed ? [{ of: SCORE[metric], ...printed }] : [];
    });
  const fits: Counts[] = [];
  for (let correct = right.from; correct <= right.to; correct++) {
    const first = Math.max(found.from, correct - n + positives),
      last = Math.min(found.to, correct);
    budget.spend(Math.max(0, last - first + 1), fits.length);
    for (let tp = first; tp <= last; tp++) {
      const tn = correct - tp,
        counts = { tp, fp: n - positives - tn, fn: positives - tp, tn };
      if (
        asked.every(({ of, low, high }) => {
          const exact = of(counts);
          return exact >= low && exact <= high;
        })
      )
        fits.push(counts);
    }
  }
  return fits;
}

/** Every size of a test set at which all systems have counts. */
function candidates(table: PublishedTable, set: number, budget: Budget): Candidate[] {
  const { alwaysNegative, sizes, systems, below = 140 } = table,
    known = sizes?.[set],
    kept = systems.map(() => 0),
    found: Candidate[] = [];
  for (let n = known?.n ?? 2; n <= (known?.n ?? below - 1); n++) {
    const negatives = numerators(alwaysNegative?.[set], n);
    for (
      let positives = Math.max(1, n - negatives.to);
      positives <= Math.min(n - 1, n - negatives.from);
      positives++
    ) {
      if (known?.positives !== undefined && known.positives !== positives) continue;
      const fits: Counts[][] = [];
      const fitsAll = systems.every(
        ({ cells }) => fits[fits.push(countsOf(cells[set], table, { n, positives }, budget)) - 1].length > 0,
      );
      if (!fitsAll) continue;
      found.push({ n, positives, fits });
      fits.forEach(({ length }, s) => {
        kept[s] += length;
      });
      budget.spend(0, Math.max(...kept));
    }
  }
  return found;
}

/** The factor by which all counts of one candidate are those of another, undefined if they are not. */
function factor(large: Candidate, small: Candidate): number | undefined {
  const k = large.n / small.n,
    keys = ["tp", "fp", "fn", "tn"] as const;
  const same = large.fits.every(
    (fits, s) =>
      fits.length === 1 &&
      small.fits[s].length === 1 &&
      keys.every((key) => fits[0][key] === k * small.fits[s][0][key]),
  );
  return k > 1 && same ? k : undefined;
}

/**
 * Groups of counts whose recall differs by less than .05 from the next: a second group is another story about
 * the system.
 */
function possible(system: string, fits: readonly Counts[]): Possible {
  const scores = fits
    .map((counts) => ({ recall: SCORE.recall(counts), precision: SCORE.precision(counts) }))
    .sort((a, b) => a.recall - b.recall);
  const groups: (typeof scores)[] = [];
  scores.forEach((score, i) => {
    if (i > 0 && score.recall - scores[i - 1].recall < 0.05) groups[groups.length - 1].push(score);
    else groups.push([score]);
  });
  const range = (values: readonly number[]) => ({ low: Math.min(...values), high: Math.max(...values) });
  const ranges = groups.map((group) => ({
    recall: range(group.map(({ recall }) => recall)),
    precision: range(group.map(({ precision }) => precision)),
  }));
  return { system, solutions: fits.length, groups: ranges };
}

const listed = (words: readonly string[], between: string) => words.map((word) => `"${word}"`).join(between);

function readSet(table: PublishedTable, set: number): Reading {
  const { systems, sizes, below = 140 } = table,
    testSet = table.testSets[set],
    budget = new Budget(testSet, remedyOf(table, set)),
    all = candidates(table, set, budget);
  if (all.length === 0) {
    const rest = (without: string): PublishedTable => ({
      ...table,
      systems: systems.filter(({ system }) => system !== without),
    });
    const solved = (other: PublishedTable) => candidates(other, set, budget).length > 0;
    const isCutOff = solved({
      ...table,
      systems: systems.map((row) => ({ ...row, cells: row.cells.map((cell) => cell.map(cutOff)) })),
      alwaysNegative: table.alwaysNegative?.map(cutOff),
    });
    const alone = (row: (typeof systems)[number]) =>
      solved({ ...table, systems: [row], alwaysNegative: undefined });
    const wrong = isCutOff ? [] : systems.filter((row) => !alone(row)).map(({ system }) => system);
    const cells =
      wrong.length > 0 || isCutOff
        ? wrong
        : systems.map(({ system }) => system).filter((system) => solved(rest(system)));
    if (wrong.length === 0 && !isCutOff && solved({ ...table, alwaysNegative: undefined }))
      cells.push("always negative");
    const where =
      sizes?.[set] === undefined
        ? `no test set of fewer than ${below} items`
        : `no counts of ${sizes[set].n} items`;
    const why = isCutOff
      ? "but cut off after their last decimal they could be"
      : wrong.length > 0
        ? `by itself, the cell of ${listed(wrong, ", of ")} is the score of no counts`
        : cells.length > 0
          ? `all but the cell of ${listed(cells, " or of ")} agree`
          : "more than one cell contradicts the others";
    return {
      testSet,
      verdict: "impossible",
      cells,
      sentence: `${testSet}: ${where} can give these scores, rounded as printed: ${why}.`,
    };
  }
  const certain = all.filter((one) => one.fits.every(({ length }) => length === 1));
  const basic = all.filter(
    (one) => !certain.includes(one) || !certain.some((other) => factor(one, other) !== undefined),
  );
  const [{ n, positives, fits }] = basic;
  if (basic.length === 1 && fits.every(({ length }) => length === 1)) {
    const multiples = all.map((one) => factor(one, basic[0])).filter((k): k is number => k !== undefined);
    const also = multiples.length === 0 ? "" : ` (or all of it ${multiples.join(" or ")} times over)`;
    const among = sizes?.[set] === undefined ? ` below ${below} items` : "";
    const sentence = `${testSet}: ${n} items, ${positives} of them positive, is the only reading of these scores${among}${also}.`;
    return {
      testSet,
      verdict: "one",
      n,
      positives,
      counts: fits.map(([counts]) => counts),
      multiples,
      sentence,
    };
  }
  const solutions = basic.reduce(
    (total, one) => total + one.fits.reduce((product, { length }) => product * length, 1),
    0,
  );
  const ranges = systems.map(({ system }, s) =>
    possible(
      system,
      basic.flatMap((one) => one.fits[s]),
    ),
  );
  const said = ranges.map(
    ({ system, solutions: count, groups }) =>
      `${system} has ${count} with recall ${groups.map(({ recall }) => `${share(recall.low)}–${share(recall.high)}`).join(" or ")}`,
  );
  const open = basic.length === 1 ? `the counts of ${n} items` : `${basic.length} sizes of the test set`;
  const sentence = `${testSet}: these scores leave ${open} open: ${said.join("; ")}.`;
  const tried = basic.map((one) => ({ n: one.n, positives: one.positives }));
  return { testSet, verdict: "ambiguous", solutions, sizes: tried, possible: ranges, sentence };
}

/**
 * The counts behind every cell of a published table, test set by test set, or that they are ambiguous or
 * impossible.
 * @throws if a row has not as many cells, or a cell not as many scores, as the table's heading says, and for
 *   a score of another name; and for a test set whose scores leave too much open to be tried
 */
export function readPublished(table: PublishedTable): Reading[] {
  const { testSets, metrics, systems, alwaysNegative, sizes } = table;
  const unknown = metrics.find((metric) => !SCORES.includes(metric));
  if (unknown !== undefined) throw new Error(`metrics: "${unknown}" is none of ${SCORES.join(", ")}`);
  for (const { system, cells } of systems) {
    if (cells.length !== testSets.length)
      throw new Error(`"${system}" has ${cells.length} cells for ${testSets.length} test sets`);
    const odd = cells.findIndex((cell) => cell.length !== metrics.length);
    if (odd >= 0)
      throw new Error(`"${system}", ${testSets[odd]}: ${cells[odd].length} scores for ${metrics.join(", ")}`);
  }
  for (const [name, row] of [
    ["always negative", alwaysNegative],
    ["sizes", sizes],
  ] as const) {
    if (row === undefined || row.length === testSets.length) continue;
    throw new Error(`${name}: ${row.length} values for ${testSets.length} test sets`);
  }
  return testSets.map((_, set) => readSet(table, set));
}
