/** An experiment of a notebook: systems × test sets × seeds, trained or read where they are stored. */
import { frame } from "../../packages/danfojs-frame";
import type { Doc2vecOptions } from "../../packages/doc2vec";
import { limitOf } from "../data/encode";
import type { Split } from "../data/split";
import { baselineRuns } from "../evaluate/baselines";
import type { NamedRun } from "../evaluate/comparison";
import { endingOf } from "../evaluate/ending";
import { storeDataset } from "../experiment/dataset";
import { planDoc2vec } from "../experiment/doc2vec-trials";
import type { ClassificationSettings, Trial, TrialRun } from "../experiment/spec";
import { planTrials, predictionsOf, runTrials, type TrialPlan } from "../experiment/trials";
import { show } from "../show/display";
import { showJobs } from "../show/jobs";
import { showProgress } from "../show/progress";
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
  /** False stores no trained weights, for many runs whose numbers alone are wanted. */
  readonly keepWeights?: boolean;
}

/** What run() gives, and everything that shows results takes. */
export interface Results<T extends Item = Item> {
  readonly task: Task<T>;
  readonly runs: readonly TrialRun[];
  /** What each baseline and each run says of each test item: the rows of every table. */
  readonly answers: readonly NamedRun[];
}

/**
 * Systems by what they train: "BERT last + 3MLP".
 *
 *     const systems = systemsOf({ freeze: "fixed", head: "linear" }, { freeze: "last", head: "3MLP" });
 */
export const systemsOf = (...settings: readonly Partial<ClassificationSettings>[]): Experiment["systems"] =>
  Object.fromEntries(settings.map((one) => [`BERT ${one.freeze} + ${one.head}`, one]));

/** What trials of a task have in common, for planTrials(); its texts are stored for them. */
export const planOf = (
  { items, labels, classes, splits, model, ...limit }: Task,
  { name, settings = {}, fresh = false }: Pick<Experiment, "name" | "settings" | "fresh">,
): Omit<TrialPlan, "systems" | "seeds"> => ({
  experiment: name,
  splits,
  classes,
  model,
  force: fresh,
  dataset: storeDataset(items.map((item, i) => ({ ...item, label: labels[i] }))),
  settings: { ...limitOf(limit), ...settings },
});

/** What doc2vecTrials() takes: the rest as run() does. */
interface Doc2vecExperiment extends Omit<Experiment, "systems"> {
  /** Of each system what its doc2vec reads for a split, never its test texts; of none it is left out. */
  readonly texts: Readonly<Record<string, (split: Split) => readonly string[]>>;
  /** Its settings, over its defaults. */
  readonly doc2vec: Partial<Doc2vecOptions>;
}

/**
 * Trials of a head over doc2vec's vectors, one doc2vec for each system, test set and seed: what run() takes
 * as `more`.
 *
 *     const more = await doc2vecTrials(task, {
 *       name: "example",
 *       texts: { "doc2vec + linear": ({ train }) => train.map((item) => task.items[item].text) },
 *       doc2vec: { epochs: 1, minCount: 1 },
 *       seeds: 1,
 *       settings: { epochs: 1 },
 *     });
 *
 * @throws with the setting and what it may be
 */
export const doc2vecTrials = (
  task: Task,
  { texts, doc2vec, ...experiment }: Doc2vecExperiment,
): Promise<Trial[]> =>
  planDoc2vec({
    ...planOf(task, experiment),
    seeds: experiment.seeds,
    systems: Object.entries(texts)
      .filter(([, ofSplit]) => task.splits.every((split) => ofSplit(split).length > 0))
      .map(([system, ofSplit]) => ({ system, texts: ofSplit })),
    doc2vec,
    onProgress: showProgress(),
  });

interface Part<T extends Item> {
  readonly task: Task<T>;
  readonly trials: readonly Trial[];
  /** What stands behind the names of its systems while they are trained. */
  readonly name?: string;
}

/** Trains the trials of several tasks in one pool. */
async function trained<T extends Item>(parts: readonly Part<T>[], processes = 2): Promise<Results<T>[]> {
  const trials = parts.flatMap(({ trials, name }) =>
    trials.map((trial) => (name === undefined ? trial : { ...trial, system: `${trial.system}, ${name}` })),
  );
  const runs = await runTrials(trials, { processes, onJobs: showJobs() });
  await show(runsTable(runs), { runs });
  let next = 0;
  return parts.map(({ task, trials }) => {
    const own = trials.map((trial) => ({ ...runs[next++], trial }));
    return { task, runs: own, answers: [...baselineRuns(task), ...predictionsOf(own)] };
  });
}

const trialsOf = (task: Task, { systems, more = [], keepWeights, ...experiment }: Experiment): Trial[] => [
  ...planTrials({
    ...planOf(task, experiment),
    seeds: experiment.seeds,
    systems: Object.entries(systems).map(([system, own]) => ({ system, settings: own })),
    ...(keepWeights === false && { keepWeights }),
  }),
  ...more,
];

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
export async function run<T extends Item>(task: Task<T>, experiment: Experiment): Promise<Results<T>> {
  const trials = trialsOf(task, experiment);
  return (await trained([{ task, trials }], experiment.processes))[0];
}

/**
 * run() on several tasks in one pool: labels, lengths of context, kinds of training texts. While they are
 * trained, a task's name stands behind those of its systems.
 *
 *     const other = withClasses(lines, ["joy", "other"], ({ emotion }) => (emotion === "喜楽" ? 0 : 1));
 *     const tried = { name: "example", systems: systemsOf({ freeze: "fixed", head: "linear" }), seeds: 1 };
 *     const each = await runEach({ joy: lines, other }, tried);
 *
 * @throws as run() does
 */
export async function runEach<T extends Item>(
  tasks: Readonly<Record<string, Task<T>>>,
  experiment: Omit<Experiment, "more">,
): Promise<Record<string, Results<T>>> {
  const names = Object.keys(tasks);
  const each = await trained(
    names.map((name) => ({ name, task: tasks[name], trials: trialsOf(tasks[name], experiment) })),
    experiment.processes,
  );
  return Object.fromEntries(names.map((name, i) => [name, each[i]]));
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
