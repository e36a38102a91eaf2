/** Compared systems as a table, one row a system, and as bars with every seed as a point. */
import {
  type Comparison,
  type ComparisonRow,
  type MetricName,
  pooled,
  rowOf,
  type SystemRun,
  scoreBy,
  type Versus,
} from "../evaluate/comparison";
import { type Predictions, seedsAndItems, summary } from "../evaluate/intervals";
import { grouped } from "../support/groups";
import type { Score } from "./charts";
import type { Bundle } from "./style";
import { range, type TableOptions, table, withFolded } from "./tables";
import type { TrendPoint } from "./trend";

const DIGITS = 2; // of the table in the open; what is folded has 3
const spread = (mean: number, sd: number) =>
  Number.isNaN(sd) ? mean.toFixed(DIGITS) : `${mean.toFixed(DIGITS)} ± ${sd.toFixed(DIGITS)}`;
/** "+0.03", "−0.10" */
export const signed = (value: number, digits = DIGITS) =>
  `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
/** p as it is printed: ".031", "< .001", "–" where there is none. */
export const probability = (p = Number.NaN) =>
  Number.isNaN(p) ? "–" : p < 0.001 ? "< .001" : p.toFixed(3).replace(/^0/, "");

const difference = ({ difference: d, low, high }: Versus, digits = DIGITS) =>
  `${signed(d, digits)}\n${signed(low, digits)} to ${signed(high, digits)}`;

export interface ComparisonTableOptions extends Pick<TableOptions, "caption"> {
  /** How a system is named in the first column, for instance with a star. */
  readonly mark?: (system: string) => string;
}

/** What a reader of p values must know, and the notes of the comparisons. */
const remarks = (comparisons: readonly Comparison[]) => [
  ...(comparisons.every(({ rows }) => rows.every(({ best }) => best === undefined))
    ? []
    : [
        "p seeds: exact sign-flip test over seeds (would other seeds say the same?); p items: McNemar's exact test of right and wrong answers, " +
          "an item answered as most seeds answer it (would other items?). Both with Holm's correction for all comparisons of the table.",
      ]),
  ...new Set(comparisons.flatMap(({ notes }) => notes)),
];

const byChance = ({ points }: Comparison, system: string) =>
  points.some((point) => point.system === system && point.seed !== null);
/** Diverged runs have a column only in a table that has some. */
function seedsOf(comparisons: readonly Comparison[]) {
  const diverged = comparisons.some(({ rows }) => rows.some((row) => row.diverged > 0));
  return (comparison: Comparison, row: ComparisonRow): Readonly<Record<string, string | number>> => {
    const known = byChance(comparison, row.system);
    const of = (count: number) => (known && row.runs > 0 ? `${count} of ${row.runs}` : "–");
    return {
      seeds: known ? row.seeds : "–",
      "failed runs": of(row.failed),
      ...(diverged && { "diverged runs": of(row.diverged) }),
    };
  };
}
const score = (row: ComparisonRow) => `${spread(row.mean, row.sd)}\n${range(row, DIGITS)}`;

/**
 * The difference to the baseline, or to the best where no baseline is named, and p of both tests; nothing in
 * a table of one system.
 */
function versusOf(
  metric: string,
  rows: readonly ComparisonRow[],
): (row: ComparisonRow) => Readonly<Record<string, string>> {
  const which = rows.some(({ baseline }) => baseline !== undefined)
    ? ("baseline" as const)
    : ("best" as const);
  const other = rows.map((row) => row[which]?.system).find((name) => name !== undefined);
  return ({ [which]: versus }): Record<string, string> =>
    other === undefined
      ? {}
      : {
          [`Δ ${metric} to\n${which === "best" ? "the best" : other}`]: versus ? difference(versus) : "–",
          "p\nseeds": probability(versus?.holm),
          "p\nitems": probability(versus?.mcnemarHolm),
        };
}

/** One row a system and comparison with seeds, mean, sd, median, interval. */
const spreads = (
  named: readonly (readonly [Readonly<Record<string, string>>, Comparison])[],
  mark: (system: string) => string,
) =>
  table(
    named.flatMap(([name, comparison]) =>
      comparison.rows.map((row) => ({
        ...name,
        system: mark(row.system),
        ...seedsOf(named.map(([, one]) => one))(comparison, row),
        mean: row.mean,
        sd: row.sd,
        median: row.median,
        "95 % interval": range(row),
      })),
    ),
    { caption: "Over seeds: their number, mean, standard deviation, median, interval" },
  );

/** All rows that are compared with the baseline, or with the best, with all numbers of both tests. */
function testsOf(
  which: "baseline" | "best",
  metric: string,
  named: readonly (readonly [Readonly<Record<string, string>>, Comparison])[],
  mark: (system: string) => string,
): Bundle[] {
  const rows = named.flatMap(([name, comparison]) =>
    comparison.rows.flatMap(({ system, [which]: versus, baseline }) =>
      versus === undefined || (which === "best" && baseline?.system === versus.system)
        ? []
        : [
            {
              ...name,
              system: mark(system),
              against: versus.system,
              [`Δ ${metric}`]: difference(versus, 3),
              "p seeds": probability(versus.p),
              "Holm ": probability(versus.holm),
              "right alone": versus.alone,
              "other alone": versus.otherAlone,
              "p items": probability(versus.mcnemar),
              Holm: probability(versus.mcnemarHolm),
            },
          ],
    ),
  );
  return rows.length === 0
    ? []
    : [
        table(rows, {
          caption: `Against the ${which === "best" ? "best system" : "baseline"}: difference with its interval, both tests`,
        }),
      ];
}

const SUMMARY = "All numbers and tests";

export interface MetricsTableOptions extends ComparisonTableOptions {
  /** Metrics whose numbers are folded alone, so that the table stays as wide as a page. */
  readonly folded?: readonly string[];
}

/**
 * Several metrics of the same systems side by side: mean ± sd over seeds, below it the 95 % interval; then of
 * the first metric the difference to the baseline (to the best system where none is named) with p of both
 * tests, what a reader must know, and, folded, all numbers: seeds, mean, sd, median and interval of every
 * metric, and the tests against the baseline and against the best.
 * @param metrics heading → comparison, each of the same runs
 */
export function comparisonTable(
  metrics: Readonly<Record<string, Comparison>>,
  { caption, mark = (system) => system, folded: hidden = [] }: MetricsTableOptions = {},
): Bundle {
  const entries = Object.entries(metrics),
    [first, main] = entries[0],
    versus = versusOf(first, main.rows);
  const shown = entries.filter(([name]) => !hidden.includes(name));
  const compact = table(
    main.rows.map((row, i) => ({
      system: mark(row.system),
      ...seedsOf([main])(main, row),
      ...Object.fromEntries(shown.map(([name, { rows }]) => [name, score(rows[i])])),
      ...versus(row),
    })),
    { caption },
  );
  const tests = (["baseline", "best"] as const).flatMap((which) => testsOf(which, first, [[{}, main]], mark));
  const folded =
    main.rows.length < 2
      ? []
      : [
          spreads(
            entries.map(([metric, one]) => [{ metric }, one]),
            mark,
          ),
          ...tests,
        ];
  return withFolded(compact, { notes: remarks([main]), summary: SUMMARY, folded });
}

export interface GroupedTableOptions extends ComparisonTableOptions {
  /** Headings of the first column, which names a comparison, and of the score. */
  readonly group: string;
  readonly metric: string;
  /** Further columns of a row, before its score. */
  readonly more?: (group: string, system: string) => Readonly<Record<string, string | number>>;
}

/**
 * Several comparisons of one metric below each other (of labels, of lengths), as compareAll() gives them; all
 * numbers are folded beneath.
 */
export function groupedTable(
  groups: Readonly<Record<string, Comparison>>,
  { caption, mark = (system) => system, group, metric, more = () => ({}) }: GroupedTableOptions,
): Bundle {
  const entries = Object.entries(groups),
    named = entries.map(([name, one]) => [{ [group]: name }, one] as const);
  const versus = versusOf(
    metric,
    entries.flatMap(([, { rows }]) => rows),
  );
  const compact = table(
    entries.flatMap(([name, one]) =>
      one.rows.map((row) => ({
        [group]: name,
        system: mark(row.system),
        ...seedsOf(entries.map(([, each]) => each))(one, row),
        ...more(name, row.system),
        [metric]: score(row),
        ...versus(row),
      })),
    ),
    { caption },
  );
  const tests = (["baseline", "best"] as const).flatMap((which) => testsOf(which, metric, named, mark));
  return withFolded(compact, {
    notes: remarks(entries.map(([, one]) => one)),
    summary: SUMMARY,
    folded: [spreads(named, mark), ...tests],
  });
}

/**
 * F1 of every class with its macro and weighted means, one row a system: means over seeds, the items of all
 * test sets together; folded, precision and recall too. As scikit-learn's classification_report, where a
 * score that is undefined is 0.
 */
export function classTable(
  runs: readonly SystemRun[],
  { classes, caption }: { readonly classes: readonly string[]; readonly caption: string },
): Bundle {
  const systems = [...grouped(pooled(runs), ({ system }) => system)];
  const counts = classes.map((_, c) => systems[0][1][0].gold.filter((label) => label === c).length);
  const mean = (own: readonly Predictions[], metric: MetricName, positive?: number) =>
    summary(own.map(scoreBy(metric, { classes, positive }))).mean;
  const main = systems.map(([system, own]) => ({
    system,
    ...Object.fromEntries(
      classes.map((name, c) => [`${name}\n(${counts[c]})`, mean(own, "f1", c).toFixed(DIGITS)]),
    ),
    "macro\nF1": mean(own, "macroF1").toFixed(DIGITS),
    "weighted\nF1": mean(own, "weightedF1").toFixed(DIGITS),
  }));
  const folded = systems.flatMap(([system, own]) => [
    ...classes.map((name, c) => ({
      system,
      class: name,
      precision: mean(own, "precision", c),
      recall: mean(own, "recall", c),
      F1: mean(own, "f1", c),
      items: counts[c],
    })),
    ...(["macro", "weighted"] as const).map((kind) => ({
      system,
      class: `${kind} mean`,
      precision: mean(own, `${kind}Precision`),
      recall: mean(own, kind === "macro" ? "macroRecall" : "accuracy"),
      F1: mean(own, `${kind}F1`),
      items: counts.reduce((a, b) => a + b),
    })),
  ]);
  return withFolded(table(main, { caption }), {
    summary: "Precision, recall and F1 of every class",
    folded: [table(folded, { caption: "Means over seeds; the weighted mean of recall is accuracy" })],
  });
}

/** "BERT last 0.69 (0.66 to 0.72)": a system with its mean and 95 % interval, for sentences. */
export const inWords = ({ system, mean, low, high }: ComparisonRow, digits = 2) =>
  `${system} ${mean.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;

/** "+0.03 (−0.01 to +0.07)": a difference with its 95 % interval, for sentences. */
export const differenceInWords = ({ difference: d, low, high }: Versus) =>
  `${signed(d)} (${signed(low)} to ${signed(high)})`;

/** "6 seeds" */
export const seedsInWords = (seeds: number) => `${seeds} ${seeds === 1 ? "seed" : "seeds"}`;

/** One value a seed; none of a system without chance. */
const seedValues = (points: Comparison["points"], system: string) =>
  points.flatMap((point) => (point.system === system && point.seed !== null ? [point.value] : []));

/**
 * The rows of a comparison as bars beside those of scoresOf(): the mean over test sets, with every seed as a
 * point.
 */
export const meanScores = ({ rows, points }: Comparison, name: string): Score[] =>
  rows.map(({ system, mean, low, high }) => ({
    testSet: name,
    system,
    value: mean,
    low,
    high,
    seeds: seedValues(points, system),
  }));

/** A row as trend() draws it; a system without chance has no seeds. */
export function trendPoint(comparison: Comparison, system: string): Omit<TrendPoint, "series" | "x"> {
  const { mean: value, low, high } = rowOf(comparison, system);
  return {
    value,
    low,
    high,
    seeds: seedValues(comparison.points, system),
  };
}

/** What of each run is needed for bars. */
interface TestedRun extends Predictions {
  readonly system: string;
  readonly testSet: string;
  /** null: a system without chance, whose one value is no seed's. */
  readonly seed: number | null;
}

/** One bar for each system and test set, with the 95 % interval over seeds and items. */
export function scoresOf(
  runs: readonly TestedRun[],
  metric: (one: Predictions) => number,
  bootstrapSamples: number,
): Score[] {
  return [...grouped(runs, (run) => `${run.testSet}\n${run.system}`).values()].map((own) => {
    const values = own.map(metric);
    return {
      testSet: own[0].testSet,
      system: own[0].system,
      value: summary(values).mean,
      ...seedsAndItems([own], metric, { bootstrapSamples }),
      seeds: own.every(({ seed }) => seed === null) ? [] : values,
    };
  });
}
