/**
 * How long a report will still take: by what its notebooks took before, made the same way, and by the pace of
 * those that are done. What was never made this way takes as long as the others on average.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeBeside } from "../../lib/support/files";
import { isObject } from "../hf-files";

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;

/**
 * @param before minutes that each notebook took before, in the order of the report
 * @param done minutes of those that are done; undefined for one that was re-used
 * @param now minutes that the one under way has taken
 * @returns minutes; undefined while nothing is known
 */
export function minutesLeft(
  before: readonly (number | undefined)[],
  done: readonly (number | undefined)[],
  now: number,
): number | undefined {
  const executed = done.flatMap((took, i) => (took === undefined ? [] : [{ took, before: before[i] }])),
    both = executed.filter((one) => one.before !== undefined);
  const pace =
    both.length === 0 ? 1 : sum(both.map(({ took }) => took)) / sum(both.map((one) => one.before!));
  const known = before.flatMap((one) => (one === undefined ? [] : [one * pace])),
    usual = mean(executed.length > 0 ? executed.map(({ took }) => took) : known);
  if (Number.isNaN(usual)) return undefined;
  const [current = 0, ...rest] = before
    .slice(done.length)
    .map((one) => (one === undefined ? usual : one * pace));
  return Math.max(0, current - now) + sum(rest);
}

const readMinutes = (path: string): Record<string, number> => {
  try {
    const value: unknown = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
    const entries = isObject(value) ? Object.entries(value) : [];
    return Object.fromEntries(
      entries.filter((one): one is [string, number] => typeof one[1] === "number" && one[1] >= 0),
    );
  } catch {
    return {};
  }
};

/** The clock of a report, whose minutes are kept beside executed notebooks for the next one. */
export class ReportClock {
  readonly #path: string;
  readonly #before: readonly (number | undefined)[];
  readonly #done: (number | undefined)[] = [];
  #start = 0;

  /**
   * @param folder in which executed notebooks are kept; a damaged file of minutes counts as missing
   * @param ways how each notebook is made, such as "01-freeze-modes, as committed", in the report's order,
   *   with minutes that may be supposed where it was never made so
   */
  constructor(
    folder: string,
    private readonly ways: readonly { readonly way: string; readonly supposed?: number }[],
  ) {
    this.#path = join(folder, "minutes.json");
    const kept = new Map(Object.entries(readMinutes(this.#path)));
    this.#before = ways.map(({ way, supposed }) => kept.get(way) ?? supposed);
  }

  /** The next notebook begins. */
  start(): void {
    this.#start = performance.now();
  }

  /** The notebook under way has ended after so many minutes; undefined if it was re-used. */
  end(minutes: number | undefined): void {
    const { way } = this.ways[this.#done.length];
    this.#done.push(minutes);
    if (minutes !== undefined)
      writeBeside(this.#path, `${JSON.stringify({ ...readMinutes(this.#path), [way]: minutes })}\n`);
  }

  /** Minutes left of all; undefined while nothing is known. */
  left(): number | undefined {
    return minutesLeft(this.#before, this.#done, (performance.now() - this.#start) / 60_000);
  }
}
