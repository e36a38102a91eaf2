/** Many trials at once: what is stored is read, the rest is trained side by side. */
import { join } from "node:path";
import { ready } from "../../packages/tfjs-graph";
import type { Split } from "../data/split";
import type { NamedRun } from "../evaluate/comparison";
import { endingOf } from "../evaluate/ending";
import {
  type Brought,
  checkHead,
  checkVocabulary,
  headOf,
  loadPretrained,
  pretrainedFolder,
} from "../models/pretrained";
import { sha256, sha256OfFile, writeBeside } from "../support/files";
import { COUNT, check } from "../support/settings";
import { openTokenizer, tokenizerHash } from "../tokenizer/tokenizer";
import { checkTrial } from "./check";
import {
  CLASSIFICATION_DEFAULTS,
  type ClassificationSettings,
  storedTrial,
  type Trial,
  type TrialRun,
} from "./classification";
import { ListedError, MISSING_VARIABLE } from "./missing";
import { inPool, type Job, type PoolOptions } from "./pool";

/** A row of a table: its name, and how it differs from the other rows. */
export interface System {
  readonly system: string;
  readonly settings: Partial<ClassificationSettings>;
}

export interface TrialPlan extends Pick<Trial, "experiment" | "classes" | "dataset" | "force"> {
  readonly model: ModelChoice;
  readonly systems: readonly System[];
  readonly splits: readonly Split[];
  /** Number of seeds: 1, 2, … is both the seed of the weights and that of the order. */
  readonly seeds: number;
  /** What all systems have in common, over CLASSIFICATION_DEFAULTS. */
  readonly settings: Partial<ClassificationSettings>;
}

/**
 * Every system on every split with every seed; the test set of a trial is its split's name.
 * @throws if `seeds` is no number of seeds, the model brings a head for other classes, or as checkTrial, with
 *   the system
 */
export function planTrials({ systems, splits, seeds, settings, model, ...common }: TrialPlan): Trial[] {
  check("seeds", seeds, COUNT);
  for (const { settings: own } of systems) checkModel(model, { ...settings, ...own }, common.classes);
  const { folder, sha256 } = model;
  const trials = systems.flatMap(({ system, settings: own }) =>
    splits.flatMap((split) =>
      Array.from({ length: seeds }, (_, i) => ({
        ...common,
        model: { folder, sha256 },
        system,
        testSet: split.name,
        split,
        settings: { ...CLASSIFICATION_DEFAULTS, ...settings, ...own, initSeed: i + 1, orderSeed: i + 1 },
      })),
    ),
  );
  for (const trial of trials) checkTrial(trial, `${trial.system}: `);
  return trials;
}

/** Runs as rows of a comparison: what they predicted, and what became of them. */
export const judged = (runs: readonly TrialRun[]): NamedRun[] =>
  runs.map(({ trial, result }) => ({
    system: trial.system,
    testSet: trial.testSet,
    seed: trial.settings.initSeed,
    gold: result.gold,
    predicted: result.predicted,
    items: result.items,
    endings: [endingOf(result)],
  }));

/** What a run is called in messages, and what it is counted under. */
export const describe = ({ system, testSet, settings }: Trial) => ({
  name: `${system}, ${testSet}, seed ${settings.initSeed}`,
  group: system,
});

/**
 * Runs every trial that has no stored result and gives all results in the order of the trials; undefined for
 * what crashed, which can only be with `keepGoing`.
 * @throws if there is none; ListedError if what is missing is to be listed, not run
 */
export async function settleTrials(
  trials: readonly Trial[],
  options: Omit<PoolOptions, "threads"> = {},
): Promise<(TrialRun | undefined)[]> {
  if (trials.length === 0)
    throw new Error("there is nothing to run: a list of systems, splits or other settings is empty");
  await ready(); // the backend is part of a run's name
  const runs: (TrialRun | undefined)[] = trials.map((trial) =>
    trial.force ? undefined : storedTrial(trial),
  );
  const jobs: Job[] = trials.map((trial, i) => ({
    ...describe(trial),
    ...(runs[i] ? { state: "stored", share: 1 } : { state: "waiting", share: 0 }),
  }));
  options.onJobs?.(jobs);
  const list = process.env[MISSING_VARIABLE],
    missing = trials.filter((_, i) => runs[i] === undefined);
  if (list !== undefined && missing.length > 0) {
    writeBeside(list, missing.map((trial) => `${JSON.stringify(trial)}\n`).join(""));
    throw new ListedError(`${missing.length} runs without a result are listed in ${list}`);
  }
  for (const threads of new Set(trials.map(({ settings }) => settings.threads))) {
    const missing = [...trials.keys()].filter(
      (i) => runs[i] === undefined && trials[i].settings.threads === threads,
    );
    const onJobs =
      options.onJobs &&
      ((part: readonly Job[]) => {
        part.forEach((job, k) => (jobs[missing[k]] = job));
        options.onJobs?.([...jobs]);
      });
    const done = await inPool<Trial, TrialRun>(
      missing.map((i) => trials[i]),
      describe,
      { ...options, threads, onJobs },
    );
    done.forEach((run, k) => (runs[missing[k]] = run));
  }
  return runs;
}

/**
 * Runs every trial that has no stored result and gives all results in the order of the trials.
 * @throws the first crashing trial's error
 */
export async function runTrials(
  trials: readonly Trial[],
  options: Omit<PoolOptions, "threads" | "keepGoing"> = {},
): Promise<TrialRun[]> {
  return (await settleTrials(trials, { ...options, keepGoing: false })) as TrialRun[];
}

export interface ModelChoice {
  readonly folder: string;
  /** Over the weights, the configuration and all that decides tokens, the dictionary of words too. */
  readonly sha256: string;
  /** The head that it brings, if it does. */
  readonly head?: Brought;
}

/** @throws if a head that a model brings is taken for a task of other classes */
function checkModel(
  { folder, head: brought }: ModelChoice,
  settings: Partial<ClassificationSettings>,
  classes: readonly string[],
): void {
  const { head, pretrained, newHead } = { ...CLASSIFICATION_DEFAULTS, ...settings };
  if (brought && head === "linear" && pretrained && !newHead) checkHead(folder, brought, classes);
}

/**
 * A model by folder or by hub name, checked: its tokenizer is one that komalab reads, its weights are a
 * BERT's, and its files belong together.
 * @throws with the file and the remedy if it is not
 */
export async function chooseModel(model: string): Promise<ModelChoice> {
  const folder = await pretrainedFolder(model);
  const { vocabulary } = await openTokenizer(folder);
  const pretrained = loadPretrained(folder);
  checkVocabulary(pretrained, vocabulary.pieces);
  const parts = await Promise.all([
    tokenizerHash(folder),
    ...[...pretrained.files, join(folder, "config.json")].map(sha256OfFile),
  ]);
  return {
    folder,
    sha256: sha256(parts.join()),
    head: headOf(pretrained),
  };
}
