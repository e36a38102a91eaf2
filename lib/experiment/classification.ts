/**
 * One run of a text classifier: a BERT or a doc2vec, a head and a freeze mode, trained on one split with one
 * seed; the epoch with the best validation accuracy is kept and the test set is touched once. Everything that
 * decides the result is in the Trial, so that a run can be done in any process and its stored result found
 * again.
 */
import { join } from "node:path";
import { writeSafetensors } from "../../packages/hf-files";
import { backendName, type Precision, ready, threadCount } from "../../packages/tfjs-graph";
import type { Split } from "../data/split";
import {
  type ClassScores,
  type Confusion,
  confusionOf,
  type Metrics,
  majority,
  metricsOf,
} from "../evaluate/confusion";
import { hasFailed, type LabelCounts, labelCounts } from "../evaluate/ending";
import type { Head } from "../models/heads";
import type { Pooling } from "../models/pooling";
import { sizeOf } from "../support/host-array";
import type { OnProgress } from "../support/progress";
import { cellSignal, StoppedError } from "../support/stop";
import type { CheckpointSettings } from "../train/checkpoints";
import { DivergedError, type EpochRecord } from "../train/epochs";
import type { FreezeMode } from "../train/freeze";
import { type TrainResult, train } from "../train/loop";
import { ADAM, ADAMW } from "../train/optimizer";
import { predict } from "../train/predict";
import { checkTrial } from "./check";
import { type StoredDataset, storeSplit } from "./dataset";
import { keyOf } from "./key";
import type { RunLog } from "./log";
import { materialOf } from "./material";
import { portable } from "./places";
import { withProbabilities } from "./probabilities";
import { type RunOptions, runOnce, type Stored, storedRun } from "./run";

export interface ClassificationSettings {
  readonly head: Head;
  readonly freeze: FreezeMode;
  readonly pooling: Pooling;
  /** False: the same network with random weights, to show what pre-training gives. */
  readonly pretrained: boolean;
  /** Takes no head from the model, which may bring one of another task. */
  readonly newHead?: true;
  /**
   * alike: segment 1 starts as segment 0, for texts in context and a model whose pre-training saw no pairs
   * (models/segments.ts).
   */
  readonly segments?: "alike";
  readonly epochs: number;
  readonly batchSize: number;
  /** The highest learning rate. */
  readonly learningRate: number;
  readonly schedule: "linear" | "constant";
  /** Share of all steps in which the rate grows from 0. */
  readonly warmupRatio: number;
  readonly optimizer: "adamw" | "adam";
  /**
   * false leaves out Adam's correction of its moments, as Google's BERT code did: the first steps are several
   * times as large.
   */
  readonly biasCorrection?: false;
  readonly weightDecay: number;
  /** The gradients' global norm is cut to this; 0 leaves them. */
  readonly clipNorm: number;
  /** balanced: a class counts the more the rarer it is, as in scikit-learn. */
  readonly classWeights: "none" | "balanced";
  /** Texts of more tokens are dropped and counted. */
  readonly maxLength: number;
  /** Of the weights that are not pre-trained. */
  readonly initSeed: number;
  /** Of the order of the texts and of dropout. */
  readonly orderSeed: number;
  /** TensorFlow's threads: they decide the last bits. */
  readonly threads: number;
  /** Logs the gradients' norm of embeddings, each layer, pooler and head at every step. */
  readonly gradientNorms?: true;
  /** As in TrainSettings; float32 where left out. */
  readonly precision?: Precision;
}

export const CLASSIFICATION_DEFAULTS: ClassificationSettings = {
  head: "linear",
  freeze: "all",
  pooling: "cls",
  pretrained: true,
  epochs: 3,
  batchSize: 16,
  learningRate: 5e-5,
  schedule: "linear",
  warmupRatio: 0.1,
  optimizer: "adamw",
  weightDecay: 0.01,
  clipNorm: 1,
  classWeights: "none",
  maxLength: 128,
  initSeed: 1,
  orderSeed: 1,
  threads: 1,
};

/** What runs and their names in tables: `system` is a row, `testSet` a column (a touch, or "test"). */
export interface Trial {
  readonly experiment: string;
  readonly system: string;
  readonly testSet: string;
  readonly settings: ClassificationSettings;
  readonly classes: readonly string[];
  readonly dataset: StoredDataset;
  readonly split: Split;
  readonly model: { readonly folder: string; readonly sha256: string };
  /** Trains although a result is stored. */
  readonly force?: boolean;
  /** memory computes the features of what is frozen anew instead of taking those on disk. */
  readonly features?: "memory";
  /** false stores no trained weights, for many runs whose numbers alone are wanted. */
  readonly keepWeights?: boolean;
  /** Between two checkpoints within an epoch; 60 if left out. */
  readonly checkpointSeconds?: number;
}

export interface ClassificationResult {
  /** Of two classes the scores of the second one too, the positive. */
  readonly test: Metrics & Partial<ClassScores>;
  readonly confusion: Confusion;
  /** Gold and predicted classes of the test items, in the order of `items`. */
  readonly items: readonly string[];
  readonly gold: readonly number[];
  readonly predicted: readonly number[];
  /** Of every class, [test items, C], to 4 digits; none where training diverged. */
  readonly probabilities?: readonly (readonly number[])[];
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  /** The last epoch is no better than the majority class of training (evaluate/ending.ts). */
  readonly failed: boolean;
  /** With `history` all that `failed` follows from; results of before have none. */
  readonly labelCounts?: LabelCounts;
  /** Why there are no more epochs, if the loss stopped being a number or exploded. */
  readonly diverged?: string;
  /** Where the run went on after it had been ended; checkpoints that could not be used. */
  readonly notes?: readonly string[];
  readonly counts: {
    readonly train: number;
    readonly validation: number;
    readonly test: number;
    readonly tooLong: number;
  };
  readonly parameters: { readonly trained: number; readonly frozen: number };
  readonly backend: string;
  readonly seconds: number;
}

export interface TrialRun extends Stored<ClassificationResult> {
  readonly trial: Trial;
}

const testScores = (confusion: Confusion): ClassificationResult["test"] =>
  confusion.length === 2 ? metricsOf(confusion, 1) : metricsOf(confusion);

/** Scores made anew from what a result holds; undefined if it does not tell whether the run has failed. */
function rescored(result: ClassificationResult, classes: number): ClassificationResult | undefined {
  const confusion = confusionOf(result.gold, result.predicted, classes),
    { labelCounts: counts, history, diverged } = result;
  return (
    counts && {
      ...result,
      test: testScores(confusion),
      confusion,
      failed: diverged === undefined && hasFailed(history, counts),
    }
  );
}

/** The stored result of a trial, or undefined if it has not been run. */
export function storedTrial(trial: Trial): TrialRun | undefined {
  const stored = storedRun<ClassificationResult>(keyOf(trial), (result) =>
    rescored(result, trial.classes.length),
  );
  return stored && { ...stored, result: withProbabilities(stored.folder, stored.result), trial };
}

/**
 * Gives the stored result of a trial, or trains it, from its last checkpoint if it was begun.
 * @param signal writes a checkpoint after the step under way and stops; by default the signal of an
 *   interrupted cell
 * @throws as checkTrial; BusyError if another process works on it and `ifBusy` is "leave"; StoppedError if
 *   the signal fires
 */
export async function runClassification(
  trial: Trial,
  onProgress: OnProgress = () => {},
  { ifBusy, signal = cellSignal() }: Pick<RunOptions, "ifBusy" | "signal"> = {},
): Promise<TrialRun> {
  checkTrial(trial);
  await ready();
  const about = { system: trial.system, testSet: trial.testSet };
  const sources = { model: portable(trial.model.folder) };
  storeSplit(trial.split);
  const work = (folder: string, log: RunLog, resume: CheckpointSettings) =>
    classify(trial, { folder, log, resume, onProgress, signal });
  const stored = await runOnce(keyOf(trial), work, { force: trial.force, about, sources, ifBusy, signal });
  return { ...stored, trial };
}

interface Surroundings {
  readonly folder: string;
  readonly log: RunLog;
  readonly resume: CheckpointSettings;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

async function classify(
  trial: Trial,
  { folder, log, resume, onProgress, signal }: Surroundings,
): Promise<ClassificationResult> {
  const start = performance.now();
  const { settings, classes } = trial;
  if (settings.threads !== threadCount) {
    throw new Error(
      `the run asks for ${settings.threads} threads, but TensorFlow was started with ${threadCount}: set TF_NUM_INTRAOP_THREADS=${settings.threads}`,
    );
  }
  const { model, freeze, cache, data } = await materialOf(trial);
  const base = settings.optimizer === "adamw" ? ADAMW : ADAM;
  const {
    epochs,
    batchSize,
    learningRate,
    schedule,
    warmupRatio,
    weightDecay,
    clipNorm,
    orderSeed,
    precision = "float32",
  } = settings;

  const size = (names: readonly string[]) =>
    names.reduce((total, name) => total + sizeOf(model.weights[name].shape), 0);
  const trainable = Object.keys(model.weights).filter(freeze);
  const common = {
    counts: {
      train: data.train.items.length,
      validation: data.validation.items.length,
      test: data.test.items.length,
      tooLong: data.train.tooLong + data.validation.tooLong + data.test.tooLong,
    },
    parameters: { trained: size(trainable), frozen: size(Object.keys(model.weights)) - size(trainable) },
    backend: backendName(),
  };
  const result = (
    { predicted, probabilities }: Pick<ClassificationResult, "predicted" | "probabilities">,
    reached: Pick<TrainResult, "history" | "bestEpoch" | "failed" | "notes" | "secondsBefore"> & {
      readonly diverged?: string;
    },
  ): ClassificationResult => {
    const { history, bestEpoch, failed, diverged, notes, secondsBefore } = reached;
    const gold = data.test.labels,
      confusion = confusionOf(gold, predicted, classes.length);
    return {
      test: testScores(confusion),
      confusion,
      items: data.test.items.map(({ id }) => id),
      gold,
      predicted,
      ...(probabilities && { probabilities }),
      history,
      bestEpoch,
      failed,
      labelCounts: labelCounts(data),
      ...(diverged !== undefined && { diverged }),
      ...(notes.length > 0 && { notes }),
      ...common,
      seconds: secondsBefore + (performance.now() - start) / 1000,
    };
  };
  try {
    const trained = await train({
      model,
      freeze,
      data,
      onProgress,
      onMetrics: (metrics) => log.metrics(metrics),
      task: trial.system,
      signal,
      checkpoint: { ...resume, everySeconds: trial.checkpointSeconds, onSave: () => log.flush() },
      settings: {
        epochs,
        batchSize,
        learningRate,
        schedule,
        warmupRatio,
        cache,
        seed: orderSeed,
        precision,
        optimizer: { ...base, weightDecay, clipNorm, biasCorrection: settings.biasCorrection ?? true },
        gradientNorms: settings.gradientNorms ?? false,
        classWeights:
          settings.classWeights === "balanced"
            ? balancedWeights(data.train.labels, classes.length)
            : undefined,
      },
    });
    if (trained.aborted) signal?.throwIfAborted();
    const predictions = await predict(trained.model, data.test.texts, { freeze, cache });
    if (trial.keepWeights ?? true) {
      writeSafetensors(
        join(folder, "trained.safetensors"),
        Object.fromEntries(trainable.map((name) => [name, trained.model.weights[name]])),
        "f16",
      );
    }
    const tested = result(
      {
        predicted: predictions.map(({ label }) => label),
        probabilities: predictions.map(({ probabilities }) => probabilities.map((p) => Number(p.toFixed(4)))),
      },
      trained,
    );
    const { accuracy, f1, macroF1 } = tested.test;
    log.last({
      "test/accuracy": accuracy,
      ...(f1 !== undefined && { "test/f1": f1 }),
      "test/macro_f1": macroF1,
    });
    return tested;
  } catch (error) {
    if (!(error instanceof DivergedError))
      throw signal?.aborted
        ? new StoppedError(`${trial.system} was stopped: the same call goes on where it was`)
        : error;
    // A run that diverges is a result too: it is counted, and predicts the majority class of training.
    const { label } = majority(data.train.labels);
    return result(
      { predicted: data.test.labels.map(() => label) },
      { ...error.reached, bestEpoch: 0, failed: false, diverged: error.message },
    );
  }
}

/** n / (C · count of the class), as scikit-learn's class_weight="balanced"; 0 for a class without an item. */
export function balancedWeights(labels: readonly number[], classes: number): number[] {
  return Array.from({ length: classes }, (_, c) => {
    const count = labels.filter((label) => label === c).length;
    return count === 0 ? 0 : labels.length / (classes * count);
  });
}
