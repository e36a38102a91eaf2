/** Compared systems as a table, one row a system, and as bars with every seed as a point. */
import type { Comparison, ComparisonRow, Versus } from "../evaluate/comparison";
import { type Predictions, seedsAndItems, summary } from "../evaluate/intervals";
import type { Score } from "./charts";
import { range, table, type TableOptions, withFolded } from "./tables";
import type { Bundle } from "./style";

const spread = (mean: number, sd: number) => (Number.isNaN(sd) ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${sd.toFixed(3)}`);
const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
/** p as it is printed: ".031", "< .001", "–" where there is none. */
export const probability = (p = Number.NaN) => (Number.isNaN(p) ? "–" : p < 0.001 ? "< .001" : p.toFixed(3).replace(/^0/, ""));

const difference = ({ difference: d, low, high }: Versus) => `${signed(d)}\n${signed(low)} to ${signed(high)}`;

export interface ComparisonTableOptions extends Pick<TableOptions, "caption"> {
  /** How a system is named in the first column, for instance with a star. */
  readonly mark?: (system: string) => string;
}

/**
 * Several metrics of the same systems side by side: mean ± sd over seeds, below it the 95 % interval; then of the first metric the
 * difference to the baseline (to the best system where none is named) with p of both tests, what a reader must know, and, folded, all
 * numbers: n, mean, sd, median and interval of every metric, and the tests against the baseline and against the best.
 * @param metrics heading → comparison, each of the same runs
 */
export function comparisonTable(metrics: Readonly<Record<string, Comparison>>, { caption, mark = (system) => system }: ComparisonTableOptions = {}): Bundle {
  const entries = Object.entries(metrics), [first, main] = entries[0];
  const byChance = (system: string) => main.points.some((point) => point.system === system && point.seed !== null);
  const against = main.rows.some(({ baseline }) => baseline !== undefined) ? "baseline" as const : "best" as const;
  const other = main.rows.map((row) => row[against]?.system).find((name) => name !== undefined);
  const compact = table(main.rows.map((row, i) => ({
    system: mark(row.system),
    seeds: byChance(row.system) ? row.seeds : "–",
    "failed runs": byChance(row.system) ? `${row.failed} of ${row.runs}` : "–",
    ...Object.fromEntries(entries.map(([name, { rows }]) => [name, `${spread(rows[i].mean, rows[i].sd)}\n${range(rows[i])}`])),
    ...(other !== undefined && {
      [`Δ ${first} to\n${other}`]: row[against] ? difference(row[against] as Versus) : "–",
      "p\nseeds": probability(row[against]?.holm), "p\nitems": probability(row[against]?.mcnemarHolm),
    }),
  })), { caption });

  const spreads = table(entries.flatMap(([metric, { rows }]) => rows.map((row) => ({
    metric, system: mark(row.system), n: row.seeds, mean: row.mean, sd: row.sd, median: row.median, "95 % interval": range(row),
    failed: byChance(row.system) ? `${row.failed} of ${row.runs}` : "–",
  }))), { caption: "Over seeds: n, mean, standard deviation, median, interval" });
  const tests = (["baseline", "best"] as const).flatMap((which) => {
    const rows = main.rows.flatMap((row) => (row[which] === undefined ? [] : [{ system: row.system, versus: row[which] as Versus }]));
    if (rows.length === 0 || (which === "best" && rows[0].versus.system === other && against === "baseline")) return [];
    return [table(rows.map(({ system, versus }) => ({
      system: mark(system), [`Δ ${first}`]: difference(versus), "p seeds": probability(versus.p), "Holm ": probability(versus.holm),
      "right alone": versus.alone, "other alone": versus.otherAlone, "p items": probability(versus.mcnemar), Holm: probability(versus.mcnemarHolm),
    })), { caption: `Against ${rows[0].versus.system}${which === "best" ? ", the best" : ""}` })];
  });
  const notes = [
    ...(other === undefined ? [] : ["p seeds: exact sign-flip test over seeds (would other seeds say the same?); p items: McNemar's exact test of right and wrong " +
      "answers, an item answered as most seeds answer it (would other items?). Both with Holm's correction for all systems of the table."]),
    ...main.notes,
  ];
  return withFolded(compact, { notes, summary: "All numbers and tests", folded: other === undefined ? [] : [spreads, ...tests] });
}

/** "BERT last 0.69 (0.66 to 0.72)": a system with its mean and 95 % interval, for sentences. */
export const inWords = ({ system, mean, low, high }: ComparisonRow, digits = 2) =>
  `${system} ${mean.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;

/** "6 seeds" */
export const seedsInWords = (seeds: number) => `${seeds} ${seeds === 1 ? "seed" : "seeds"}`;

/** The rows of a comparison as bars beside those of scoresOf(): the mean over test sets, with every seed as a point. */
export const meanScores = ({ rows, points }: Comparison, name: string): Score[] => rows.map(({ system, mean, low, high }) =>
  ({ touch: name, system, value: mean, low, high, seeds: points.filter((point) => point.system === system).map(({ value }) => value) }));

/** What of each run is needed for bars. */
interface TestedRun extends Predictions {
  readonly system: string;
  readonly testSet: string;
}

/** One bar for each system and test set, with the 95 % interval over seeds and items. */
export function scoresOf(runs: readonly TestedRun[], metric: (one: Predictions) => number, draws: number): Score[] {
  const groups = new Map<string, TestedRun[]>();
  for (const run of runs) groups.set(`${run.testSet}\n${run.system}`, [...(groups.get(`${run.testSet}\n${run.system}`) ?? []), run]);
  return [...groups.values()].map((own) => {
    const seeds = own.map(metric);
    return { touch: own[0].testSet, system: own[0].system, value: summary(seeds).mean, ...seedsAndItems([own], metric, { draws }), seeds };
  });
}
