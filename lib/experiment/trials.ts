/** Many trials at once: what is stored is read, the rest is trained side by side. */
import { join } from "node:path";
import { ready } from "../../packages/tfjs-graph";
import { openTokenizer, tokenizerHash } from "../../packages/tokenizer";
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
import { readConfig } from "../models/registry";
import { sha256, sha256OfFile, writeBeside } from "../support/files";
import { grouped } from "../support/groups";
import { COUNT, check } from "../support/settings";
import { checkTrial } from "./check";
import { storedTrial } from "./classification";
import { bytesOf, checkDisk, workOf } from "./cost";
import { isEncoder } from "./doc2vec";
import { ListedError, MISSING_VARIABLE } from "./missing";
import { inPool, type Job, type PoolOptions } from "./pool";
import { CLASSIFICATION_DEFAULTS, type ClassificationSettings, type Trial, type TrialRun } from "./spec";

/** A row of a table: its name, and how it differs from the other rows. */
interface System {
  readonly system: string;
  readonly settings: Partial<ClassificationSettings>;
}

export interface TrialPlan
  extends Pick<Trial, "experiment" | "classes" | "dataset" | "force" | "keepWeights"> {
  readonly model: ModelChoice;
  readonly systems: readonly System[];
  readonly splits: readonly Split[];
  /**
   * Number of seeds: 1, 2, … is both the seed of the weights and that of the order, unless a system names one
   * of them. Or these seeds.
   */
  readonly seeds: number | readonly number[];
  /** What all systems have in common, over CLASSIFICATION_DEFAULTS and what is the model's own. */
  readonly settings: Partial<ClassificationSettings>;
}

/** CLASSIFICATION_DEFAULTS, with the pooling and the adapted maps that are a model's own. */
function defaultsOf(folder: string): ClassificationSettings {
  if (!isEncoder(folder)) return CLASSIFICATION_DEFAULTS;
  const { config, names } = readConfig(join(folder, "config.json"));
  const { pooling = CLASSIFICATION_DEFAULTS.pooling } = config;
  return { ...CLASSIFICATION_DEFAULTS, pooling, loraTargets: names.adapted };
}

/**
 * Every system on every split with every seed; the test set of a trial is its split's name.
 * @throws if `seeds` is no number of seeds, the model brings a head for other classes, or as checkTrial, with
 *   the system
 */
export function planTrials({ systems, splits, seeds, settings, model, ...common }: TrialPlan): Trial[] {
  if (typeof seeds === "number") check("seeds", seeds, COUNT);
  const chosen = typeof seeds === "number" ? Array.from({ length: seeds }, (_, i) => i + 1) : seeds;
  for (const { settings: own } of systems) checkModel(model, { ...settings, ...own }, common.classes);
  const { folder, sha256 } = model,
    defaults = defaultsOf(folder);
  const trials = systems.flatMap(({ system, settings: own }) =>
    splits.flatMap((split) =>
      chosen.map((seed) => ({
        ...common,
        model: { folder, sha256 },
        system,
        testSet: split.name,
        split,
        settings: { ...defaults, ...settings, initSeed: seed, orderSeed: seed, ...own },
      })),
    ),
  );
  for (const trial of trials) checkTrial(trial, `${trial.system}: `);
  return trials;
}

/** Runs as rows of a comparison: what they predicted of their test items, and what became of them. */
export const predictionsOf = (runs: readonly TrialRun[]): NamedRun[] =>
  runs.map(({ trial, result }) => ({
    system: trial.system,
    testSet: trial.testSet,
    seed: trial.settings.initSeed,
    gold: result.gold,
    predicted: result.predicted,
    ...(result.probabilities && { probabilities: result.probabilities }),
    items: result.items,
    endings: [endingOf(result)],
  }));

/** What a run is called in messages. */
export const nameOf = ({ system, testSet, settings }: Trial): string =>
  `${system}, ${testSet}, seed ${settings.initSeed}`;

/**
 * Runs every trial that has no stored result, side by side, and gives all results in the order of the trials.
 * With `keepGoing` one that crashes ends no other, and is undefined.
 * @throws if there is none, `processes` is no number of them, or the disk is too small; without `keepGoing`
 *   the first crashing trial's error; ListedError if what is missing is to be listed, not run; AbortError if
 *   `signal` fires
 */
export function runTrials(
  trials: readonly Trial[],
  options: PoolOptions & { readonly keepGoing: true },
): Promise<(TrialRun | undefined)[]>;
export function runTrials(
  trials: readonly Trial[],
  options?: Omit<PoolOptions, "keepGoing">,
): Promise<TrialRun[]>;
export async function runTrials(
  trials: readonly Trial[],
  options: PoolOptions = {},
): Promise<(TrialRun | undefined)[]> {
  if (trials.length === 0)
    throw new Error("there is nothing to run: a list of systems, splits or other settings is empty");
  if (options.processes !== undefined) check("processes", options.processes, COUNT);
  await ready(); // the backend is part of a run's name
  const damaged = new Map<number, string>();
  const runs = trials.map((trial, i) => {
    try {
      return trial.force ? undefined : storedTrial(trial);
    } catch (error) {
      if (!options.keepGoing) throw error;
      damaged.set(i, `${nameOf(trial)}: ${(error as Error).message}`);
      return undefined;
    }
  });
  const jobs = trials.map((trial, i): Job => {
    const named = { name: nameOf(trial), group: trial.system, work: workOf(trial) },
      error = damaged.get(i);
    if (error !== undefined) return { ...named, state: "crashed", share: 1, error };
    if (runs[i]) return { ...named, state: "stored", share: 1 };
    return { ...named, bytes: bytesOf(trial), state: "waiting", share: 0 };
  });
  options.onJobs?.([...jobs]);
  const missing = [...trials.keys()].filter((i) => runs[i] === undefined && !damaged.has(i));
  const list = process.env[MISSING_VARIABLE];
  if (list !== undefined && missing.length > 0) {
    writeBeside(list, missing.map((i) => `${JSON.stringify(trials[i])}\n`).join(""));
    throw new ListedError(`${missing.length} runs without a result are listed in ${list}`);
  }
  checkDisk(missing.map((i) => jobs[i].bytes ?? 0));
  for (const [threads, waiting] of grouped(missing, (i) => trials[i].settings.threads))
    await inPool({ trials, jobs, waiting, threads }, options, (i, run) => (runs[i] = run));
  return runs;
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
 * A model by folder or by hub name, checked: its tokenizer is one that komalab reads, its weights are
 * its encoder's, and its files belong together.
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
