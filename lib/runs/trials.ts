/** Many trials at once: what is stored is read, the rest is trained side by side. */
import { sha256, sha256OfFile } from "../files";
import { openCheckpoint } from "../models/checkpoint";
import { modelFolder } from "../models/hub";
import { ready } from "../tensor/backend";
import { openTokenizer } from "../text/tokenizer";
import { storedTrial, type Trial, type TrialRun } from "./classification";
import { inPool, type PoolOptions } from "./pool";

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
