/** Numbers as tables, charts and sentences print them, each kind in one way. */
import type { ComparisonRow, Versus } from "../evaluate/comparison";
import type { Interval } from "../evaluate/intervals";

/** "0.69", "−0.10": below zero with a minus sign, and none before what is rounded to zero. */
export function decimals(value: number, digits = 2): string {
  const size = Math.abs(value).toFixed(digits);
  return value < 0 && Number(size) !== 0 ? `−${size}` : size;
}

/** As charts hold numbers: a shorter notebook, and no digit that could be seen. */
export const rounded = (value: number) => Number(value.toPrecision(5));

/** ".652": a share, as papers print it. */
export const share = (value: number) => decimals(value, 3).replace(/^0/, "");

/** p as it is printed: ".031", "< .001", "–" where there is none. */
export const probability = (p = Number.NaN) => (Number.isNaN(p) ? "–" : p < 0.001 ? "< .001" : share(p));

/** "p = .031", "p < .001" */
export const probabilityInWords = (p: number) => `p ${p < 0.001 ? "" : "= "}${probability(p)}`;

/** "+0.03", "−0.10" */
export const signed = (value: number, digits = 2) =>
  `${value < 0 ? "−" : "+"}${decimals(Math.abs(value), digits)}`;

/** "0.708–0.747"; where one end is below zero "−7.01 to −6.80", as a dash beside a minus sign misleads. */
export const range = ({ low, high }: Interval, digits = 3) =>
  [low, high].map((end) => decimals(end, digits)).join(low < 0 ? " to " : "–");

/** "0.69 (0.66 to 0.72)": a mean with its 95 % interval. */
export const withInterval = (value: number, { low, high }: Interval, digits = 2) =>
  `${decimals(value, digits)} (${decimals(low, digits)} to ${decimals(high, digits)})`;

/**
 * "BERT last 0.69 (0.66 to 0.72)", of a row of a comparison.
 *
 *     inWords(rowOf(compareBy(results, "macroF1"), TFIDF));
 */
export const inWords = (row: ComparisonRow, digits = 2) =>
  `${row.system} ${withInterval(row.mean, row, digits)}`;

/**
 * "+0.03 (−0.01 to +0.07)": a difference with its 95 % interval.
 *
 *     differenceInWords({ difference: 0.03, low: -0.01, high: 0.07 });
 */
export const differenceInWords = ({ difference, low, high }: Pick<Versus, "difference" | "low" | "high">) =>
  `${signed(difference)} (${signed(low)} to ${signed(high)})`;

/**
 * "6 seeds"
 *
 *     plural(results.runs.length, "run");
 */
export const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** "48 s", "3 min 20 s", "2 h 5 min" */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000),
    minutes = Math.floor(seconds / 60),
    hours = Math.floor(minutes / 60);
  if (minutes === 0) return `${seconds} s`;
  return hours === 0 ? `${minutes} min ${seconds % 60} s` : `${hours} h ${minutes % 60} min`;
}

/** The newest numbers of some work: "epoch 3", "loss 0.412" */
export const namedValues = (values: Readonly<Record<string, number>> = {}) =>
  Object.entries(values).map(
    ([name, value]) => `${name} ${Number.isInteger(value) ? value : decimals(value, 3)}`,
  );
