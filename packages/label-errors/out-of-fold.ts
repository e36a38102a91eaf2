/**
 * What models say of each text that have not learnt from it: k-fold cross-validation with several seeds, each
 * with folds of its own. The encoder is frozen, so that a text's features are computed once for all of them.
 */

import { type MangaLine, type MangaOptions, readManga } from "../../lib/data/manga";
import { emotionsOf } from "../../lib/data/touches";
import type { ClassificationSettings, TrialRun } from "../../lib/experiment/spec";
import { planTrials, runTrials } from "../../lib/experiment/trials";
import { show } from "../../lib/show/display";
import { showJobs } from "../../lib/show/jobs";
import { runsTable } from "../../lib/show/runs";
import { planOf } from "../../lib/study/experiment";
import { type Item, type Task, textsThatFit } from "../../lib/study/task";
import { grouped } from "../../lib/support/groups";
import { COUNT, check } from "../../lib/support/settings";
import { corrected } from "../corrections";
import { foldSplits } from "./folds";

/** Texts whose labels are to be judged. */
export interface Judged<T extends Item = Item> {
  /** What the data are called, such as "lines". */
  readonly name: string;
  /** Which of several with the same name; left out of tables. */
  readonly part?: string;
  readonly task: Task<T>;
}

export interface OutOfFold {
  /** Of each seed, each item of the task and each class: [S, N, C]. */
  readonly probabilities: readonly (readonly (readonly number[])[])[];
  readonly runs: readonly TrialRun[];
}

export interface OutOfFoldOptions {
  /** Its folder in runs/. */
  readonly experiment: string;
  readonly folds: number;
  /** Each with its own folds, weights and order of texts. */
  readonly seeds: number;
  /** Over those of lib; the freeze mode is "fixed". */
  readonly settings?: Partial<ClassificationSettings>;
  /** Runs side by side; 2 by default. */
  readonly processes?: number;
  readonly fresh?: boolean;
}

/**
 * Trains folds × seeds of all that is judged in one pool, with live progress; what is stored is read.
 * @throws as foldSplits() and runTrials(); if a training diverged
 */
export async function outOfFold<J extends Judged>(
  all: readonly J[],
  { experiment, folds, seeds, settings = {}, processes = 2, fresh = false }: OutOfFoldOptions,
): Promise<(J & OutOfFold)[]> {
  check("seeds", seeds, COUNT);
  const planned = all.map(({ name, part, task }) => {
    const plan = planOf(task, { name: experiment, settings: { ...settings, freeze: "fixed" }, fresh });
    return Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
      planTrials({
        ...{ ...plan, keepWeights: false, seeds: 1 },
        splits: foldSplits(task, { folds, seed }).map((split) => ({
          ...split,
          name: part === undefined ? split.name : `${part}, ${split.name}`,
        })),
        systems: [{ system: name, settings: { initSeed: seed, orderSeed: seed } }],
      }),
    );
  });
  const runs = await runTrials(planned.flat(), { processes, onJobs: showJobs() });
  await show(runsTable(runs), { runs });
  let next = 0;
  return all.map((judged, i) => {
    const own = runs.slice(next, (next += planned[i].length));
    return { ...judged, runs: own, probabilities: together(judged.task, own) };
  });
}

/** The answers of all folds of each seed, in the order of the items. */
function together({ items }: Task, runs: readonly TrialRun[]): number[][][] {
  return [...grouped(runs, ({ trial }) => trial.settings.initSeed).values()].map((ofSeed) => {
    const said = new Map<string, readonly number[]>();
    for (const { trial, result } of ofSeed) {
      if (result.probabilities === undefined)
        throw new Error(
          `${trial.system}, ${trial.testSet}: training diverged, so that its texts have no probabilities; try a lower learning rate`,
        );
      result.items.forEach((id, i) => said.set(id, result.probabilities![i]));
    }
    return items.map(({ id }) => [...said.get(id)!]);
  });
}

export interface LineOptions extends Pick<Task, "maxLength"> {
  readonly columns?: MangaOptions["names"];
  /** A file or folder of corrections; "" for none. */
  readonly corrections: string;
  readonly model: string;
}

/**
 * Lines of manga with all their emotions as classes, the most frequent first, and no test set: all of them
 * are judged.
 * @throws DataError as mangaTask() does
 */
export async function linesWithoutSplit(
  path: string,
  { columns, corrections, model, maxLength }: LineOptions,
): Promise<Task<MangaLine>> {
  const lines = corrected(readManga(path, { names: columns }), corrections, {
    labelOf: ({ emotion }) => emotion,
    withLabel: (line, emotion) => ({ ...line, emotion }),
  });
  const { items, ...task } = await textsThatFit(lines, { model, maxLength }),
    classes = emotionsOf(items);
  return {
    ...task,
    items,
    labels: items.map(({ emotion }) => classes.indexOf(emotion)),
    classes,
    splits: [],
  };
}
