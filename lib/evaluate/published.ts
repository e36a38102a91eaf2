/**
 * A published table, read again: rounded scores of a small test set fix the whole numbers behind them. Every
 * size and number of positives is tried; what is kept gives the printed baseline and has counts TP, FP, FN,
 * TN for every system's printed scores.
 */
import { binaryConfusion, type Metrics, metricsOf } from "./confusion";
import type { Interval } from "./intervals";

export interface Counts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

export interface PublishedTable {
  /** What a cell prints, in this order; precision, recall and F1 are those of the positive class. */
  readonly metrics: readonly Exclude<keyof Metrics, "n">[];
  /** Decimals printed: .652 has 3. */
  readonly decimals: number;
  readonly testSets: readonly string[];
  /** cells[set][metric]; null where nothing is printed. Averages over test sets are not read. */
  readonly systems: readonly {
    readonly system: string;
    readonly cells: readonly (readonly (number | null)[])[];
  }[];
  /** The row of the baseline that calls nothing positive: its accuracy on each test set. */
  readonly alwaysNegative?: { readonly decimals: number; readonly accuracy: readonly (number | null)[] };
  /** Where the report gives them, for each test set. */
  readonly sizes?: readonly { readonly n: number; readonly positives?: number }[];
  /** Where it does not, only sizes below this are tried: 140 by default. */
  readonly below?: number;
}

/**
 * What one system's cell can stand for: ranges over all counts that fit, one entry for each group of
 * neighbouring counts.
 */
export interface Possible {
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

/** Half a unit of the last decimal; the hair more lets 10/32 = .3125 be printed as .312 or .313. */
export const tolerance = (decimals: number) => 0.5 * 10 ** -decimals + 1e-9;

/** The whole numbers k from 0 to n with k / n printed as `value`; all of them if nothing is printed. */
export function numerators(
  value: number | null | undefined,
  n: number,
  within: number,
): { readonly from: number; readonly to: number } {
  if (value === null || value === undefined) return { from: 0, to: n };
  return {
    from: Math.max(0, Math.ceil((value - within) * n)),
    to: Math.min(n, Math.floor((value + within) * n)),
  };
}

/** All counts of n items, `positives` of them positive, that are printed as this cell. */
function countsOf(
  cell: readonly (number | null)[],
  { metrics, decimals }: PublishedTable,
  { n, positives }: Size,
): Counts[] {
  const within = tolerance(decimals),
    printed = (name: keyof Metrics) => cell[metrics.findIndex((metric) => metric === name)];
  const right = numerators(printed("accuracy"), n, within),
    found = numerators(printed("recall"), positives, within);
  const fits: Counts[] = [];
  for (let correct = right.from; correct <= right.to; correct++) {
    for (let tp = Math.max(found.from, correct - n + positives); tp <= Math.min(found.to, correct); tp++) {
      const tn = correct - tp,
        counts = { tp, fp: n - positives - tn, fn: positives - tp, tn };
      const exact = metricsOf(binaryConfusion(counts));
      if (
        metrics.every((metric, i) => cell[i] === null || Math.abs(exact[metric] - Number(cell[i])) <= within)
      )
        fits.push(counts);
    }
  }
  return fits;
}

/** Every size of a test set at which all systems have counts. */
function candidates(table: PublishedTable, set: number): Candidate[] {
  const { alwaysNegative, sizes, systems, below = 140 } = table,
    known = sizes?.[set],
    found: Candidate[] = [];
  for (let n = known?.n ?? 2; n <= (known?.n ?? below - 1); n++) {
    const negatives = numerators(alwaysNegative?.accuracy[set], n, tolerance(alwaysNegative?.decimals ?? 0));
    for (
      let positives = Math.max(1, n - negatives.to);
      positives <= Math.min(n - 1, n - negatives.from);
      positives++
    ) {
      if (known?.positives !== undefined && known.positives !== positives) continue;
      const fits: Counts[][] = [];
      const fitsAll = systems.every(
        ({ cells }) => fits[fits.push(countsOf(cells[set], table, { n, positives })) - 1].length > 0,
      );
      if (fitsAll) found.push({ n, positives, fits });
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
  const scores = fits.map((counts) => metricsOf(binaryConfusion(counts))).sort((a, b) => a.recall - b.recall);
  const groups: Metrics[][] = [];
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

const decimal = (x: number) => x.toFixed(3).replace(/^0/, "");
const listed = (words: readonly string[], between: string) => words.map((word) => `"${word}"`).join(between);

function readSet(table: PublishedTable, set: number): Reading {
  const { systems, sizes, below = 140 } = table,
    testSet = table.testSets[set],
    all = candidates(table, set);
  if (all.length === 0) {
    const rest = (without: string): PublishedTable => ({
      ...table,
      systems: systems.filter(({ system }) => system !== without),
    });
    const solved = (other: PublishedTable) => candidates(other, set).length > 0;
    const alone = (row: (typeof systems)[number]) =>
      solved({ ...table, systems: [row], alwaysNegative: undefined });
    const wrong = systems.filter((row) => !alone(row)).map(({ system }) => system);
    const cells =
      wrong.length > 0 ? wrong : systems.map(({ system }) => system).filter((system) => solved(rest(system)));
    if (wrong.length === 0 && solved({ ...table, alwaysNegative: undefined })) cells.push("always negative");
    const where =
      sizes?.[set] === undefined
        ? `no test set of fewer than ${below} items`
        : `no counts of ${sizes[set].n} items`;
    const why =
      wrong.length > 0
        ? `by itself, the cell of ${listed(wrong, ", of ")} is the score of no counts`
        : cells.length > 0
          ? `all but the cell of ${listed(cells, " or of ")} agree`
          : "more than one cell contradicts the others";
    return {
      testSet,
      verdict: "impossible",
      cells,
      sentence: `${testSet}: ${where} can give these scores: ${why}.`,
    };
  }
  const basic = all.filter((one) => !all.some((other) => factor(one, other) !== undefined));
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
      `${system} has ${count} with recall ${groups.map(({ recall }) => `${decimal(recall.low)}–${decimal(recall.high)}`).join(" or ")}`,
  );
  const open = basic.length === 1 ? `the counts of ${n} items` : `${basic.length} sizes of the test set`;
  const sentence = `${testSet}: these scores leave ${open} open: ${said.join("; ")}.`;
  const tried = basic.map((one) => ({ n: one.n, positives: one.positives }));
  return { testSet, verdict: "ambiguous", solutions, sizes: tried, possible: ranges, sentence };
}

/**
 * The counts behind every cell of a published table, test set by test set, or that they are ambiguous or
 * impossible.
 * @throws if a row has not as many cells, or a cell not as many scores, as the table's heading says
 */
export function readPublished(table: PublishedTable): Reading[] {
  const { testSets, metrics, systems, alwaysNegative, sizes } = table;
  for (const { system, cells } of systems) {
    if (cells.length !== testSets.length)
      throw new Error(`"${system}" has ${cells.length} cells for ${testSets.length} test sets`);
    const odd = cells.findIndex((cell) => cell.length !== metrics.length);
    if (odd >= 0)
      throw new Error(`"${system}", ${testSets[odd]}: ${cells[odd].length} scores for ${metrics.join(", ")}`);
  }
  for (const [name, row] of [
    ["always negative", alwaysNegative?.accuracy],
    ["sizes", sizes],
  ] as const) {
    if (row === undefined || row.length === testSets.length) continue;
    throw new Error(`${name}: ${row.length} values for ${testSets.length} test sets`);
  }
  return testSets.map((_, set) => readSet(table, set));
}
