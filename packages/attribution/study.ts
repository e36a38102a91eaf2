/** The marks of many test lines by every seed of a system, in both ways, and their curves of deletion. */

import type { TrialRun } from "../../lib/experiment/spec";
import { showProgress } from "../../lib/show/progress";
import type { Results } from "../../lib/study/experiment";
import { grouped } from "../../lib/support/groups";
import { meant } from "../../lib/support/nearest";
import { Random } from "../../lib/support/random";
import { COUNT, check } from "../../lib/support/settings";
import { trainedModel } from "../export";
import { curvesOf, randomCurves } from "./deletion";
import { type Answered, answersOf, WAYS, type Way } from "./marks";
import { openScorer, type Scorer } from "./scorer";
import { lineOf } from "./words";

export const RANDOM = "random words";
export type Order = Way | typeof RANDOM;

export interface SeedMarks {
  readonly seed: number;
  /** Of each line, in the order of the set's items. */
  readonly answered: Readonly<Record<Way, readonly Answered[]>>;
  /** [line][share] */
  readonly curves: Readonly<Record<Order, readonly (readonly number[])[]>>;
}

export interface Study {
  readonly system: string;
  /** One a test set: [set].seeds[seed]. */
  readonly sets: readonly { readonly testSet: string; readonly seeds: readonly SeedMarks[] }[];
}

export interface StudyOptions {
  readonly system: string;
  /** Of each test set, drawn; all where there are fewer. 100 by default. */
  readonly lines?: number;
  /** Orders of words at random for each line and seed; 5 by default. */
  readonly draws?: number;
}

/**
 * The runs of a system by test set, each with the seeds that diverged on none.
 * @throws if there are none
 */
export function runsOf({ runs }: Results, system: string): ReadonlyMap<string, readonly TrialRun[]> {
  const own = runs.filter(({ trial }) => trial.system === system);
  if (own.length === 0)
    throw new Error(
      `no runs of "${system}": ${meant(system, [...new Set(runs.map(({ trial }) => trial.system))])}`,
    );
  const lost = new Set(
    own.flatMap(({ trial, result }) => (result.diverged === undefined ? [] : [trial.settings.initSeed])),
  );
  const kept = own.filter(({ trial }) => !lost.has(trial.settings.initSeed));
  if (kept.length === 0) throw new Error(`every run of "${system}" diverged: lower the learning rate`);
  return grouped(kept, ({ trial }) => trial.testSet);
}

/** Asks a run's model, with the weights of its best epoch, and frees it. @throws as trainedModel() */
export async function asking<T>(run: TrialRun, ask: (scorer: Scorer) => T): Promise<T> {
  const scorer = await openScorer(await trainedModel(run));
  try {
    return ask(scorer);
  } finally {
    scorer.dispose();
  }
}

/**
 * Marks test lines with every seed of a system, in both ways, and leaves words out by them and at random.
 *
 *     const study = await studyMarks(results, { system: "BERT last", lines: 100 });
 *     await showDeletion(study);
 *     await showAgreement(study);
 *
 * @throws with the systems that there are if it is none; if a run came without its weights, or is of no
 *   encoder
 */
export async function studyMarks(
  results: Results,
  { system, lines: most = 100, draws = 5 }: StudyOptions,
): Promise<Study> {
  check("lines", most, COUNT);
  check("draws", draws, COUNT);
  const { items, tokenizer, maxLength } = results.task,
    byId = new Map(items.map((item) => [item.id, item]));
  const progress = showProgress(),
    bySet = [...runsOf(results, system)],
    total = bySet.reduce((sum, [, runs]) => sum + runs.length, 0);
  let done = 0;
  const sets: { testSet: string; seeds: SeedMarks[] }[] = [];
  for (const [testSet, runs] of bySet) {
    const drawn = new Random(1).shuffled([...runs[0].result.items]).slice(0, most);
    const lines = drawn
      .map((id) => lineOf(byId.get(id)!, tokenizer, maxLength))
      .filter(({ words }) => words.length > 0);
    const seeds: SeedMarks[] = [];
    for (const run of runs) {
      const seed = run.trial.settings.initSeed;
      seeds.push(
        await asking(run, (scorer): SeedMarks => {
          const [gradient, left] = WAYS.map((way) => answersOf(scorer, lines, way));
          const random = new Random(seed);
          return {
            seed,
            answered: { [WAYS[0]]: gradient, [WAYS[1]]: left } as SeedMarks["answered"],
            curves: {
              [WAYS[0]]: curvesOf(scorer, gradient),
              [WAYS[1]]: curvesOf(scorer, left),
              [RANDOM]: randomCurves(scorer, left, { draws, random }),
            } as SeedMarks["curves"],
          };
        }),
      );
      progress({ task: `marks of ${system}`, done: ++done, total });
      await new Promise((resolve) => setImmediate(resolve)); // interrupts and progress get their turn
    }
    sets.push({ testSet, seeds });
  }
  return { system, sets };
}
