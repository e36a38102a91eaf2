/** An experiment of a notebook: systems × test sets × seeds, trained or read where they are stored. */
import { frame } from "../../packages/danfojs-frame";
import { baselineRuns } from "../evaluate/baselines";
import type { NamedRun } from "../evaluate/comparison";
import { endingOf } from "../evaluate/ending";
import { storeDataset } from "../experiment/dataset";
import type { ClassificationSettings, Trial, TrialRun } from "../experiment/spec";
import { planTrials, predictionsOf, runTrials } from "../experiment/trials";
import { show } from "../show/display";
import { showJobs } from "../show/jobs";
import { runsTable } from "../show/runs";
import type { Item, Task } from "./task";

/** What run() takes. */
export interface Experiment {
  /** Its folder in runs/, such as "02-reviews". */
  readonly name: string;
  /** What each differs in, by its name in tables. */
  readonly systems: Readonly<Record<string, Partial<ClassificationSettings>>>;
  /** Their number: of initial weights and of the order of texts. */
  readonly seeds: number;
  /** What all systems have in common, over CLASSIFICATION_DEFAULTS (experiment/spec.ts). */
  readonly settings?: Partial<ClassificationSettings>;
  /** Trainings that are planned elsewhere, such as those of doc2vec. */
  readonly more?: readonly Trial[];
  /** Runs side by side, one thread each; 2 by default. */
  readonly processes?: number;
  /** True trains again what is stored. */
  readonly fresh?: boolean;
}

/** What run() gives, and everything that shows results takes. */
export interface Results<T extends Item = Item> {
  readonly task: Task<T>;
  readonly runs: readonly TrialRun[];
  /** What each baseline and each run says of each test item: the rows of every table. */
  readonly answers: readonly NamedRun[];
}

/**
 * Trains what has no stored result, with live progress, and gives all results beside those of the baselines:
 * always one class, and TF-IDF with a logistic regression.
 *
 *     const systems = { "BERT fixed": { freeze: "fixed" }, "BERT last": { freeze: "last" } } as const;
 *     const results = await run(task, { name: "example", systems, seeds: 1, settings: { epochs: 1 } });
 *     await showScores(results, { metrics: ["accuracy", "macroF1"] });
 *
 * @throws with the setting and what it may be; the first crashing run's error
 */
export async function run<T extends Item>(
  task: Task<T>,
  { name, systems, seeds, settings = {}, more = [], processes = 2, fresh = false }: Experiment,
): Promise<Results<T>> {
  const { items, labels, classes, splits, model, maxLength } = task;
  const trials = planTrials({
    experiment: name,
    systems: Object.entries(systems).map(([system, own]) => ({ system, settings: own })),
    splits,
    seeds,
    classes,
    model,
    force: fresh,
    dataset: storeDataset(items.map((item, i) => ({ ...item, label: labels[i] }))),
    settings: { maxLength, ...settings },
  });
  const runs = await runTrials([...trials, ...more], { processes, onJobs: showJobs() });
  await show(runsTable(runs), { runs });
  return { task, runs, answers: [...baselineRuns(task), ...predictionsOf(runs)] };
}

/**
 * One row a run, as a DataFrame of danfojs: system, test set, seed, scores, what became of it, seconds.
 *
 *     const scores = await resultsFrame(results);
 *     await show(scores.groupby(["system"]).col(["accuracy"]).mean());
 */
export const resultsFrame = ({ runs }: Results) =>
  frame(
    runs.map(({ trial: { system, testSet, settings }, result }) => ({
      system,
      "test set": testSet,
      seed: settings.initSeed,
      accuracy: result.test.accuracy,
      "macro F1": result.test.macroF1,
      ...(result.test.f1 !== undefined && { F1: result.test.f1 }),
      ending: endingOf(result),
      epochs: result.history.length,
      seconds: result.seconds,
    })),
  );
