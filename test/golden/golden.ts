/**
 * Golden numbers: what a component's code gives for small cases, kept in a file with the component's version.
 * Says whether they still stand, and whether the file may be written anew.
 *
 * A case whose inputs are changed on purpose gets another name: a name stands for the same question for ever.
 */
import type { Component } from "../../lib/versions";

/** Series of numbers by name. */
export type Case = Readonly<Record<string, ArrayLike<number>>>;

export interface Golden {
  readonly component: Component;
  readonly version: number;
  /** What decides the last bits: on an equal one numbers are compared by their bits. */
  readonly machine: Readonly<Record<string, string>>;
  readonly cases: Readonly<Record<string, Case>>;
}

/** Elsewhere numbers may differ by so much, as a share of the number, or of 1 where it is smaller. */
export const TOLERANCE = 1e-5;

export const distance = (a: number, b: number): number => Math.abs(a - b) / Math.max(1, Math.abs(b));

/** A number with the fewest digits that give it back: float32 where it is one, else float64. */
export function shortest(value: number): number {
  if (!Number.isFinite(value)) throw new Error(`${value} is no golden number`);
  if (Math.fround(value) !== value) return value;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

/** Where two files of one component differ. */
export interface Difference {
  /** Numbers compared, and those that moved. */
  readonly compared: number;
  readonly moved: number;
  /** The first that moved, with its case, old and new. */
  readonly first: string;
  /** The largest distance. */
  readonly largest: number;
  /** Cases that only one of the two has. */
  readonly added: readonly string[];
  readonly gone: readonly string[];
}

const sameMachine = (a: Golden, b: Golden) => {
  const parts = new Set([...Object.keys(a.machine), ...Object.keys(b.machine)]);
  return [...parts].every((part) => a.machine[part] === b.machine[part]);
};

/** Compares bits on equal machines, else within TOLERANCE; a series of another length has moved. */
export function differenceOf(stored: Golden, now: Golden): Difference {
  const tolerance = sameMachine(stored, now) ? 0 : TOLERANCE;
  let [compared, moved, largest, first] = [0, 0, 0, ""];
  const note = (where: string, old: number | undefined, value: number | undefined) => {
    const far = old === undefined || value === undefined ? Infinity : distance(value, old);
    compared++;
    largest = Math.max(largest, far);
    if (far <= tolerance) return;
    first ||= `${where}: ${old ?? "nothing"} → ${value ?? "nothing"}`;
    moved++;
  };
  const names = Object.keys(stored.cases).filter((name) => now.cases[name]);
  for (const name of names) {
    const [before, after] = [stored.cases[name], now.cases[name]];
    for (const series of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [old, value] = [before[series] ?? [], after[series] ?? []];
      for (let i = 0; i < Math.max(old.length, value.length); i++)
        note(`case "${name}", ${series}[${i}]`, old[i], value[i]);
    }
  }
  const only = (one: Golden, other: Golden) => Object.keys(one.cases).filter((name) => !other.cases[name]);
  return { compared, moved, first, largest, added: only(now, stored), gone: only(stored, now) };
}

export interface Verdict {
  /** What is wrong and what to do; undefined if the file holds. */
  readonly problem?: string;
  /** Whether the file may be written anew. */
  readonly writable: boolean;
}

const WRITE = "npm test -- --golden";

/** Whether a component's numbers and its version still belong together. */
export function verdict(stored: Golden | undefined, now: Golden): Verdict {
  const { component, version } = now;
  const history = `HISTORY.${component} in lib/versions.ts`;
  if (stored === undefined)
    return { problem: `${component} has no golden numbers: run ${WRITE}`, writable: true };
  if (version < stored.version) {
    const problem =
      `the golden numbers of ${component} are of version ${stored.version}, but ${history} has ${version} lines: ` +
      `put the line back, or take the older test/golden/${component}.json from git as well`;
    return { problem, writable: false };
  }
  const { compared, moved, first, added, gone } = differenceOf(stored, now);
  const cases = [
    ...(added.length > 0 ? [`new: ${added.join(", ")}`] : []),
    ...(gone.length > 0 ? [`gone: ${gone.join(", ")}`] : []),
  ].join("; ");
  const movement = `${first} (${moved} of ${compared} numbers moved)`;
  if (version === stored.version) {
    if (moved > 0) {
      const remedy = `undo the change, or add a line to ${history} and run ${WRITE}`;
      return {
        problem: `numbers of ${component} moved, but its version stands at ${version}. ${movement}: ${remedy}`,
        writable: false,
      };
    }
    return cases === ""
      ? { writable: false }
      : {
          problem: `the golden cases of ${component} are not those of its file, ${cases}: run ${WRITE}`,
          writable: true,
        };
  }
  const raised = `the version of ${component} was raised from ${stored.version} to ${version}`;
  if (moved === 0 && cases === "") {
    const remedy = `take the line out of ${history}, or add a case to test/golden/${component}.test.ts that shows what changed`;
    return { problem: `${raised}, but none of ${compared} numbers moved: ${remedy}`, writable: false };
  }
  return {
    problem: `${raised}, but test/golden/${component}.json is still that of ${stored.version}. ${moved > 0 ? movement : cases}: run ${WRITE}`,
    writable: true,
  };
}

/** A golden file, a series a line, so that git shows what moved. */
export function goldenText({ cases, ...head }: Golden): string {
  const block = (entries: readonly (readonly [string, string])[], indent: string) =>
    `{\n${entries.map(([name, value]) => `${indent}  ${JSON.stringify(name)}: ${value}`).join(",\n")}\n${indent}}`;
  const series = (one: Case) =>
    Object.entries(one).map(([name, all]) => [name, JSON.stringify(Array.from(all))] as const);
  const all = Object.entries(cases).map(([name, one]) => [name, block(series(one), "    ")] as const);
  const fields = Object.entries(head).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return `${block([...fields, ["cases", block(all, "  ")]], "")}\n`;
}
