/** Compared systems as a table, one row a system; all numbers and tests are folded beneath. */
import type { Comparison, ComparisonRow, Versus } from "../evaluate/comparison";
import { decimals, probability, range, signed } from "./numbers";
import type { Bundle } from "./style";
import { type TableOptions, table } from "./tables";

type Cells = Readonly<Record<string, string | number>>;

const difference = ({ difference: d, low, high }: Versus, digits?: number) =>
  `${signed(d, digits)}\n${signed(low, digits)} to ${signed(high, digits)}`;

/** In the open with 2 digits; what is folded has 3. */
const score = (row: ComparisonRow) =>
  `${decimals(row.mean)}${Number.isNaN(row.sd) ? "" : ` ± ${decimals(row.sd)}`}\n${range(row, 2)}`;

/** Seeds and what became of the runs; diverged runs have a column only in a table that has some. */
function seedsOf(comparisons: readonly Comparison[]) {
  const diverged = comparisons.some(({ rows }) => rows.some((row) => row.diverged > 0));
  return ({ points }: Comparison, row: ComparisonRow): Cells => {
    const byChance = points.some((point) => point.system === row.system && point.seed !== null);
    const of = (count: number) => (byChance && row.runs > 0 ? `${count} of ${row.runs}` : "–");
    return {
      seeds: byChance ? row.seeds : "–",
      "failed runs": of(row.failed),
      ...(diverged && { "diverged runs": of(row.diverged) }),
    };
  };
}

/**
 * The difference to the baseline, or to the best where no baseline is named, and its p; nothing in a table of
 * one system.
 */
function versusOf(metric: string, rows: readonly ComparisonRow[]): (row: ComparisonRow) => Cells {
  const which = rows.some(({ baseline }) => baseline !== undefined) ? "baseline" : "best";
  const other = rows.map((row) => row[which]?.other).find((name) => name !== undefined);
  return ({ [which]: versus }): Cells =>
    other === undefined
      ? {}
      : {
          [`Δ ${metric} to\n${which === "best" ? "the best" : other}`]: versus ? difference(versus) : "–",
          p: probability(versus?.holm),
        };
}

interface ComparisonTableOptions extends Pick<TableOptions, "caption"> {
  /** How a system is named in the first column, for instance with a star. */
  readonly mark?: (system: string) => string;
  /**
   * Comparisons of one metric (of labels, of lengths) stand below each other, as compareAll() gives them: the
   * heading of the first column, which names a comparison, and that of the score.
   */
  readonly below?: { readonly group: string; readonly metric: string };
}

/**
 * Several metrics of the same systems side by side: mean ± sd over seeds, below it the 95 % interval; then of
 * the first metric the difference to the baseline (to the best system where none is named) with its p, what a
 * reader must know, and, folded, all numbers: seeds, mean, sd, median and interval of every metric, and the
 * tests against the baseline and against the best.
 * @param comparisons heading → comparison, each of the same runs; with `below` by their names
 */
export function comparisonTable(
  comparisons: Readonly<Record<string, Comparison>>,
  { caption, mark = (system) => system, below }: ComparisonTableOptions = {},
): Bundle {
  const entries = Object.entries(comparisons),
    { group, metric } = below ?? { group: "metric", metric: entries[0][0] };
  const rows = (below ? entries : entries.slice(0, 1)).flatMap(([name, main]) =>
    main.rows.map((row, i) => ({
      ...{ main, row, i },
      name: below ? { [group]: name } : {},
      scores: below ? [[metric, main] as const] : entries,
    })),
  );
  const versus = versusOf(
      metric,
      rows.map(({ row }) => row),
    ),
    seeds = seedsOf(rows.map(({ main }) => main));
  const compact = rows.map(({ name, main, scores, row, i }) => ({
    ...name,
    system: mark(row.system),
    ...seeds(main, row),
    ...Object.fromEntries(scores.map(([heading, one]) => [heading, score(one.rows[i])])),
    ...versus(row),
  }));
  /** One row a system and comparison. */
  const spread = table(
    entries.flatMap(([name, comparison]) =>
      comparison.rows.map((row) => ({
        [group]: name,
        system: mark(row.system),
        ...seeds(comparison, row),
        mean: row.mean,
        sd: row.sd,
        median: row.median,
        "95 % interval": range(row),
      })),
    ),
    { caption: "Over seeds: their number, mean, standard deviation, median, interval" },
  );
  /** All rows that are compared with the baseline, or with the best, with all numbers of the test. */
  const tests = (["baseline", "best"] as const).map((which) => ({
    caption: `Against the ${which === "best" ? "best system" : "baseline"}: difference with its interval and its test`,
    rows: rows.flatMap(({ name, row: { system, [which]: versus, baseline } }) =>
      versus === undefined || (which === "best" && baseline?.other === versus.other)
        ? []
        : [
            {
              ...name,
              system: mark(system),
              against: versus.other,
              [`Δ ${metric}`]: difference(versus, 3),
              p: probability(versus.p),
              "p, corrected": probability(versus.holm),
              clear: versus.clear,
              "visible from": versus.visible,
            },
          ],
    ),
  }));
  const compared = rows.some(({ row }) => row.best !== undefined);
  return table(compact, {
    caption,
    notes: [
      ...(compared
        ? [
            `p: of a test of ${metric} itself, over items and seeds (answers to an item swapped, seeds' deviations turned), corrected for all comparisons of the table. Below .05 a difference is called clear.`,
          ]
        : []),
      ...new Set(rows.flatMap(({ main }) => main.notes)),
    ],
    summary: "All numbers and tests",
    folded:
      rows.length < 2
        ? []
        : [
            spread,
            ...tests.flatMap(({ rows, caption }) => (rows.length === 0 ? [] : [table(rows, { caption })])),
          ],
  });
}
