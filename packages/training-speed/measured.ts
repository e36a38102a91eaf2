/** What bench/tips.ts has measured, and what it says. */
import { join } from "node:path";
import { decimals } from "../../lib/show/numbers";
import { projectRoot, readJson } from "../../lib/support/files";

const FILE = join(projectRoot, "bench", "tips.json");
const COMMAND = "node --import tsx bench/tips.ts";

/** A configuration and the same with the tip, in seconds; the i-th of both were measured in turn. */
export interface TipRow {
  /** "20 bfloat16": the number of the tip, and what of it is switched. */
  readonly tip: string;
  readonly off: readonly number[];
  readonly on: readonly number[];
  /** The most that the process has held, in GB. */
  readonly memory?: { readonly off: number; readonly on: number };
}

export interface Stage {
  readonly stage: string;
  readonly seconds: readonly number[];
}

export interface Tips {
  readonly machine: { readonly processor: string; readonly cores: number; readonly system: string };
  readonly date: string;
  readonly commit: string;
  readonly rows: readonly TipRow[];
  /** Each adds to the one before: seconds of an epoch. */
  readonly waterfall: readonly Stage[];
}

const isTimes = (times: unknown): times is readonly number[] =>
  Array.isArray(times) && times.length > 0 && times.every((one) => typeof one === "number" && one > 0);

/** @throws if there is no file, or a row has not as many times off as on, with the command that measures */
export function readTips(file = FILE): Tips {
  const found = readJson<Tips>(file);
  if (found === undefined) throw new Error(`there is no ${file}: measure it by ${COMMAND}`);
  for (const { tip, off, on } of found.rows)
    if (!isTimes(off) || !isTimes(on) || off.length !== on.length)
      throw new Error(
        `${file}, "${tip}": off and on are not lists of as many seconds; measure it by ${COMMAND} --only "${tip}"`,
      );
  for (const { stage, seconds } of found.waterfall)
    if (!isTimes(seconds))
      throw new Error(`${file}, "${stage}" has no seconds; measure it by ${COMMAND} --only waterfall`);
  return found;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b),
    middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Times as fast: of the medians, with the lowest and the highest of one pair. */
interface Ratio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

export const ratioOf = (off: readonly number[], on: readonly number[]): Ratio => {
  const pairs = off.map((seconds, i) => seconds / on[i]);
  return { ratio: median(off) / median(on), low: Math.min(...pairs), high: Math.max(...pairs) };
};

/** "1.72 × (1.68 to 1.75)" */
export const ratioInWords = ({ ratio, low, high }: Ratio): string =>
  `${decimals(ratio)} × (${decimals(low)} to ${decimals(high)})`;

/** Less is what machines differ by from one minute to the next. */
const LEAST = 0.02;

type Verdict = "faster" | "slower" | "nothing";

/**
 * faster or slower: every pair says so, and the medians differ by 2 % or more. Without any effect five pairs
 * agree in 1 of 16 cases.
 */
export function verdictOf({ ratio, low, high }: Ratio): Verdict {
  if (low > 1 && ratio >= 1 + LEAST) return "faster";
  return high < 1 && ratio <= 1 / (1 + LEAST) ? "slower" : "nothing";
}

export interface Effect extends Ratio {
  /** The number of the tip; NaN of what the guide does not list. */
  readonly number: number;
  /** What is switched. */
  readonly what: string;
  readonly verdict: Verdict;
  /** "bfloat16: 1.72 × (1.68 to 1.75)", or that it does nothing here. */
  readonly words: string;
}

export function effectOf({ tip, off, on }: TipRow): Effect {
  const [first, ...rest] = tip.split(" "),
    what = rest.join(" ");
  const ratio = ratioOf(off, on),
    verdict = verdictOf(ratio);
  return {
    ...ratio,
    ...{ number: /^\d{1,2}$/.test(first) ? Number(first) : Number.NaN, what, verdict },
    words: `${what}: ${verdict === "nothing" ? "does nothing here, " : ""}${ratioInWords(ratio)}`,
  };
}

/** "activations computed again: 1.50 GB → 1.13 GB"; empty where memory is not the point. */
export const memoryOf = ({ tip, memory }: TipRow): string =>
  memory ? `${tip.slice(tip.indexOf(" ") + 1)}: ${decimals(memory.off)} GB → ${decimals(memory.on)} GB` : "";
