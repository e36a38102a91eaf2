/**
 * Registers the tests of one component's golden numbers: that they stand, and that each constant moves one of
 * them.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { projectRoot, readJson, writeBeside } from "../../lib/support/files";
import { type Component, versions } from "../../lib/versions";
import { type Case, differenceOf, distance, type Golden, goldenText, shortest, verdict } from "./golden";
import { machine } from "./machine";

/** Constants that decide numbers, in groups: lib's own, handed to the cases so that a test can change one. */
type Constants = Readonly<Record<string, object>>;
type Cases<C> = Readonly<Record<string, (constants: C) => Case | Promise<Case>>>;

export interface Change<C> {
  /** group.name in the constants. */
  readonly constant: string;
  readonly to: unknown;
  /** The case that it must move. */
  readonly of: keyof C & string;
}

export interface Check<C extends Constants, K extends Cases<C>> {
  readonly component: Component;
  /** Its release, or wasm; left out where JavaScript alone computes. */
  readonly tensorflow?: string;
  readonly constants: C;
  readonly cases: K;
  readonly changes?: readonly Change<K>[];
  /** Series that must move with a constant; counts may jump at a touch, and say little. All if left out. */
  readonly smooth?: (series: string) => boolean;
}

/** A changed constant moves a number by more than this. */
const SHARP = 1e-3;

export function golden<C extends Constants, K extends Cases<C>>(check: Check<C, K>): void {
  const { component, tensorflow, constants, cases, changes = [], smooth = () => true } = check;
  const path = join(projectRoot, "test/golden", `${component}.json`);
  const known = new Map<string, Promise<Case>>();
  const numbersOf = async (name: string, given: C): Promise<Case> => {
    const numbers = Object.entries(await cases[name](given));
    return Object.fromEntries(numbers.map(([series, all]) => [series, Array.from(all, shortest)]));
  };
  const asTheyAre = (name: string) => {
    const found = known.get(name) ?? numbersOf(name, constants);
    known.set(name, found);
    return found;
  };

  describe(`golden numbers of ${component}`, () => {
    test("stand, or its version is raised", async (t) => {
      const stored = readJson<Golden>(path);
      const now: Record<string, Case> = {};
      for (const name of Object.keys(cases)) now[name] = await asTheyAre(name);
      const found: Golden = {
        component,
        version: versions[component],
        machine: machine(tensorflow),
        cases: now,
      };
      const { problem, writable } = verdict(stored, found);
      if (problem !== undefined && writable && process.env.KOMALAB_GOLDEN === "write") {
        writeBeside(path, goldenText(found));
        t.diagnostic(`wrote test/golden/${component}.json`);
        return;
      }
      assert.ok(problem === undefined, problem);
      const { compared, largest } = differenceOf(stored as Golden, found);
      t.diagnostic(`${component}: ${compared} numbers, the farthest off by ${largest.toPrecision(2)}`);
    });

    for (const { constant, to, of } of changes) {
      const [group, name] = constant.split(".");
      const { [name]: from } = constants[group] as Readonly<Record<string, unknown>>;
      const shown = (value: unknown) =>
        typeof value === "function" ? "a rule" : (JSON.stringify(value) ?? "lib's");
      test(`${constant} decides "${of}"`, async (t) => {
        assert.ok(name in constants[group], `lib has no ${constant}`);
        assert.notDeepEqual(from, to);
        const [before, after] = [
          await asTheyAre(of),
          await numbersOf(of, { ...constants, [group]: { ...constants[group], [name]: to } }),
        ];
        const moved = farthest(before, after, smooth);
        t.diagnostic(
          `${constant.padEnd(26)} ${shown(from)} → ${shown(to)} moves "${of}" by ${moved.toPrecision(3)}`,
        );
        assert.ok(moved > SHARP, `moves "${of}" by ${moved} alone: make the case sharper`);
      });
    }
  });
}

/** The largest distance between numbers of two outcomes of a case. */
function farthest(before: Case, after: Case, smooth: (series: string) => boolean): number {
  let largest = 0;
  for (const [series, old] of Object.entries(before)) {
    if (!smooth(series)) continue;
    if (after[series]?.length !== old.length) return Infinity;
    for (let i = 0; i < old.length; i++) largest = Math.max(largest, distance(after[series][i], old[i]));
  }
  return largest;
}
