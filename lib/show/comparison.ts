/** Compared systems as a table, one row a system, and as bars with every seed as a point. */
import type { Comparison } from "../evaluate/comparison";
import { type Predictions, seedsAndItems, summary } from "../evaluate/intervals";
import type { Score } from "./charts";
import { range, table, type TableOptions } from "./tables";
import type { Bundle } from "./style";

const spread = (mean: number, sd: number) => (Number.isNaN(sd) ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${sd.toFixed(3)}`);
const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
const probability = (p: number) => (p < 0.001 ? "< .001" : p.toFixed(3).replace(/^0/, ""));

/**
 * Several metrics of the same systems side by side: mean ± sd over seeds, below it the 95 % interval; then of the first metric the
 * difference to the baseline with its interval and Holm-corrected p of the sign-flip test.
 * @param metrics heading → comparison, each of the same runs
 */
export function comparisonTable(metrics: Readonly<Record<string, Comparison>>, { caption, mark = (system) => system }: Pick<TableOptions, "caption"> & { readonly mark?: (system: string) => string } = {}): Bundle {
  const entries = Object.entries(metrics), [first, main] = entries[0];
  const byChance = (system: string) => main.points.some((point) => point.system === system && point.seed !== null);
  const compared = main.rows.some(({ difference }) => !Number.isNaN(difference));
  return table(main.rows.map((row, i) => ({
    system: mark(row.system),
    seeds: byChance(row.system) ? row.seeds : "–",
    "failed runs": byChance(row.system) ? `${row.failed} of ${row.runs}` : "–",
    ...Object.fromEntries(entries.map(([name, { rows }]) =>
      [name, `${spread(rows[i].mean, rows[i].sd)}\n${range(rows[i])}`])),
    ...(compared && {
      [`Δ ${first}`]: Number.isNaN(row.difference) ? "–" : `${signed(row.difference)}\n${signed(row.differenceLow)} to ${signed(row.differenceHigh)}`,
      "p (Holm)": Number.isNaN(row.holm) ? "–" : probability(row.holm),
    }),
  })), { caption });
}

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
