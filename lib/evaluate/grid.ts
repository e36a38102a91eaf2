/** Runs of systems in the order that scores, intervals and tests take them: by seed, and then by test set. */
import { grouped } from "../support/groups";
import type { Ending } from "./ending";
import type { Predictions } from "./intervals";

/** What one run of a system predicted on one test set. */
export interface SystemRun extends Predictions {
  readonly system: string;
  readonly testSet: string;
  /**
   * null where no chance is in it (the majority class, TF-IDF): such a system is paired with every seed of
   * another.
   */
  readonly seed: number | null;
  /**
   * What became of its training, of several in pooled(), none without training: failed and diverged ones are
   * counted, and kept in every number.
   */
  readonly endings?: readonly Ending[];
}

type Seed = SystemRun["seed"];
/** The runs of one system by seed, each in the order of the test sets. */
export type BySeed = ReadonlyMap<Seed, readonly SystemRun[]>;

/**
 * The runs of one system by seed; seeds without all test sets are left out.
 * @throws if a run is there twice
 */
export function bySeedOf(runs: readonly SystemRun[], testSets: readonly string[]): BySeed {
  const bySeed = [...grouped(runs, ({ seed }) => seed)].map(([seed, own]) => {
    const sets = new Map(own.map((run) => [run.testSet, run]));
    const twice = own.find(({ testSet }, i) => own.slice(0, i).some((run) => run.testSet === testSet));
    if (twice) throw new Error(`"${twice.system}", seed ${seed}, is there twice on ${twice.testSet}`);
    return [seed, testSets.flatMap((testSet) => sets.get(testSet) ?? [])] as const;
  });
  return new Map(bySeed.filter(([, runs]) => runs.length === testSets.length));
}

/** runs[set][seed], a system without chance repeated for every seed. */
export function gridOf(bySeed: BySeed, seeds: readonly Seed[] = [...bySeed.keys()]): SystemRun[][] {
  const columns = seeds.map((seed) => bySeed.get(seed) ?? bySeed.get(null) ?? []);
  return columns[0].map((_, set) => columns.map((sets) => sets[set]));
}

/** The seeds for which both have runs; [null] if there is no chance in either. */
export function commonSeeds(one: BySeed, other: BySeed): Seed[] {
  const common = [...new Set([...one.keys(), ...other.keys()])].filter((seed) =>
    [one, other].every((system) => system.has(seed) || system.has(null)),
  );
  const numbered = common.filter((seed) => seed !== null);
  return numbered.length > 0 ? numbered : common;
}
