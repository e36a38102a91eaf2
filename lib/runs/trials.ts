/** Many trials at once: what is stored is read, the rest is trained side by side. */
import type { Split } from "../data/split";
import type { NamedRun } from "../evaluate/comparison";
import { sha256, sha256OfFile } from "../files";
import { openCheckpoint } from "../models/checkpoint";
import { modelFolder } from "../models/hub";
import { ready } from "../tensor/backend";
import { openTokenizer } from "../text/tokenizer";
import { CLASSIFICATION_DEFAULTS, type ClassificationSettings, storedTrial, type Trial, type TrialRun } from "./classification";
import { inPool, type PoolOptions } from "./pool";

/** A row of a table: its name, and how it differs from the other rows. */
export interface System {
  readonly system: string;
  readonly settings: Partial<ClassificationSettings>;
}

export interface TrialPlan extends Pick<Trial, "experiment" | "classes" | "dataset" | "model" | "force"> {
  readonly systems: readonly System[];
  readonly splits: readonly Split[];
  /** Number of seeds: 1, 2, … is both the seed of the weights and that of the order. */
  readonly seeds: number;
  /** What all systems have in common, over CLASSIFICATION_DEFAULTS. */
  readonly settings: Partial<ClassificationSettings>;
}

/** Every system on every split with every seed; the test set of a trial is its split's name. */
export function planTrials({ systems, splits, seeds, settings, ...common }: TrialPlan): Trial[] {
  return systems.flatMap(({ system, settings: own }) => splits.flatMap((split) => Array.from({ length: seeds }, (_, i) => ({
    ...common, system, testSet: split.name, split,
    settings: { ...CLASSIFICATION_DEFAULTS, ...settings, ...own, initSeed: i + 1, orderSeed: i + 1 },
  }))));
}

/** Runs as rows of a comparison: what they predicted, and whether they failed. */
export const judged = (runs: readonly TrialRun[]): NamedRun[] => runs.map(({ trial, result: { gold, predicted, items, failed } }) =>
  ({ system: trial.system, testSet: trial.testSet, seed: trial.settings.initSeed, gold, predicted, items, failed }));

/** Runs every trial that has no stored result and gives all results in the order of the trials. */
export async function runTrials(trials: readonly Trial[], options: Omit<PoolOptions, "threads"> = {}): Promise<TrialRun[]> {
  await ready(); // the backend is part of a run's name
  const stored = trials.map((trial) => (trial.force ? undefined : storedTrial(trial)));
  const threads = new Set(trials.map(({ settings }) => settings.threads));
  const trained = new Map<Trial, TrialRun>();
  for (const count of threads) {
    const missing = trials.filter((trial, i) => stored[i] === undefined && trial.settings.threads === count);
    const runs = await inPool<Trial, TrialRun>(missing, ({ system, testSet, settings }) => `${system}, ${testSet}, seed ${settings.initSeed}`, { ...options, threads: count });
    missing.forEach((trial, i) => trained.set(trial, runs[i]));
  }
  return trials.map((trial, i) => stored[i] ?? (trained.get(trial) as TrialRun));
}

export interface ModelChoice {
  readonly folder: string;
  /** Over the weights, the configuration and the vocabulary. */
  readonly sha256: string;
}

/**
 * A model by folder or by hub name, checked: its tokenizer is one that komalab reads, its weights are a BERT's.
 * @throws with the file and the remedy if it is not
 */
export async function chooseModel(model: string): Promise<ModelChoice> {
  const folder = await modelFolder(model);
  await openTokenizer(folder);
  const { file } = openCheckpoint(folder);
  const parts = await Promise.all([file, `${folder}/config.json`, `${folder}/vocab.txt`].map(sha256OfFile));
  return { folder, sha256: sha256(parts.join()) };
}
