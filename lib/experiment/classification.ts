/**
 * One run of a text classifier: a BERT or a doc2vec, a head and a freeze mode, trained on one split with one
 * seed; the epoch with the best validation accuracy is kept and the test set is touched once. Everything that
 * decides the result is in the Trial, so that a run can be done in any process and its stored result found
 * again.
 */
import { join } from "node:path";
import { writeSafetensors } from "../../packages/hf-files";
import type { RunLog } from "../../packages/run-log";
import type { SnapshotSettings } from "../../packages/snapshots";
import { backendName, ready, threadCount } from "../../packages/tfjs-graph";
import { type Confusion, confusionOf, majority, metricsOf } from "../evaluate/confusion";
import { hasFailed, labelCounts } from "../evaluate/ending";
import { sizeOf } from "../support/host-array";
import type { OnProgress } from "../support/progress";
import { cellSignal, StoppedError } from "../support/stop";
import { DivergedError, type Reached, train } from "../train/fit";
import { predict } from "../train/predict";
import { checkTrial } from "./check";
import { storeSplit } from "./dataset";
import { keyOf } from "./key";
import { portable } from "./places";
import { prepare } from "./prepare";
import { withProbabilities } from "./probabilities";
import { type RunOptions, runOnce, storedRun } from "./run";
import type { ClassificationResult, Trial, TrialRun } from "./spec";

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

/** @throws if a stored result lacks what tables and notebooks read */
function checkResult(result: unknown): void {
  const { gold, predicted, items, history, test } = result as ClassificationResult;
  for (const [name, list] of Object.entries({ gold, predicted, items, history }))
    if (!Array.isArray(list)) throw new Error(`it has no list "${name}"`);
  if (predicted.length !== gold.length || items.length !== gold.length)
    throw new Error(`${gold.length} gold classes, ${predicted.length} answers, ${items.length} items`);
  if (typeof test?.accuracy !== "number") throw new Error('it has no scores ("test")');
}

/**
 * The stored result of a trial, or undefined if it has not been run.
 * @throws if its files are damaged, with the remedy
 */
export function storedTrial(trial: Trial): TrialRun | undefined {
  const stored = storedRun<ClassificationResult>(keyOf(trial), {
    check: checkResult,
    rescore: (result) => rescored(result, trial.classes.length),
  });
  return stored && { ...stored, result: withProbabilities(stored.folder, stored.result), trial };
}

interface RunTrialOptions extends Pick<RunOptions, "ifBusy" | "signal"> {
  readonly onProgress?: OnProgress;
}

/**
 * Gives the stored result of a trial, or trains it, from its last snapshot if it was begun. The signal, by
 * default that of an interrupted cell, has a snapshot written after the step under way and stops it.
 * @throws as checkTrial; if the trial asks for other threads than TensorFlow has; BusyError if another
 *   process works on it and `ifBusy` is "leave"; StoppedError if the signal fires
 */
export async function runTrial(
  trial: Trial,
  { onProgress, ifBusy, signal = cellSignal() }: RunTrialOptions = {},
): Promise<TrialRun> {
  checkTrial(trial);
  await ready();
  const { system, testSet, settings, classes, force } = trial;
  storeSplit(trial.split);
  const trainAndTest = async (
    folder: string,
    log: RunLog,
    snapshots: SnapshotSettings,
  ): Promise<ClassificationResult> => {
    const start = performance.now();
    if (settings.threads !== threadCount)
      throw new Error(
        `the run asks for ${settings.threads} threads, but TensorFlow was started with ${threadCount}: set TF_NUM_INTRAOP_THREADS=${settings.threads}`,
      );
    const { model, freeze, cache, data } = await prepare(trial);
    const trainable = Object.keys(model.weights).filter(freeze);
    const size = (names: readonly string[]) =>
      names.reduce((total, name) => total + sizeOf(model.weights[name].shape), 0);
    const result = (
      { history, bestEpoch, notes, secondsBefore }: Reached,
      answers: Pick<ClassificationResult, "predicted" | "probabilities" | "failed" | "diverged">,
    ): ClassificationResult => {
      const gold = data.test.labels,
        confusion = confusionOf(gold, answers.predicted, classes.length);
      return {
        test: testScores(confusion),
        confusion,
        items: data.test.items.map(({ id }) => id),
        gold,
        ...answers,
        history,
        bestEpoch,
        labelCounts: labelCounts(data),
        ...(notes.length > 0 && { notes }),
        counts: {
          train: data.train.items.length,
          validation: data.validation.items.length,
          test: data.test.items.length,
          tooLong: data.train.tooLong + data.validation.tooLong + data.test.tooLong,
        },
        parameters: { trained: size(trainable), frozen: size(Object.keys(model.weights)) - size(trainable) },
        backend: backendName(),
        seconds: secondsBefore + (performance.now() - start) / 1000,
      };
    };
    try {
      const trained = await train({
        model,
        freeze,
        data,
        toPredict: data.test.texts,
        settings,
        ...(settings.classWeights === "balanced" && {
          classWeights: balancedWeights(data.train.labels, classes.length),
        }),
        cache,
        task: system,
        onProgress,
        onMetrics: (metrics) => log.metrics(metrics),
        signal,
        snapshots: { ...snapshots, everySeconds: trial.checkpointSeconds, onSave: () => log.flush() },
      });
      if (trained.aborted) signal?.throwIfAborted();
      const predictions = await predict(trained.model, data.test.texts, { freeze, cache });
      if (trial.keepWeights ?? true) {
        const weights = trainable.map((name) => [name, trained.model.weights[name]]);
        writeSafetensors(join(folder, "trained.safetensors"), Object.fromEntries(weights), "f16");
      }
      const tested = result(trained, {
        predicted: predictions.map(({ label }) => label),
        probabilities: predictions.map(({ probabilities }) => probabilities.map((p) => Number(p.toFixed(4)))),
        failed: trained.failed,
      });
      const { accuracy, f1, macroF1 } = tested.test;
      log.last({
        "test/accuracy": accuracy,
        ...(f1 !== undefined && { "test/f1": f1 }),
        "test/macro_f1": macroF1,
      });
      return tested;
    } catch (error) {
      if (error instanceof DivergedError) {
        // It is a result too: it is counted, and predicts the majority class of training.
        const { label } = majority(data.train.labels);
        const predicted = data.test.labels.map(() => label);
        return result(
          { ...error.reached, bestEpoch: 0 },
          { predicted, failed: false, diverged: error.message },
        );
      }
      throw signal?.aborted
        ? new StoppedError(`${system} was stopped: the same call goes on where it was`)
        : error;
    }
  };
  const about = { system, testSet },
    sources = { model: portable(trial.model.folder) };
  const stored = await runOnce(keyOf(trial), trainAndTest, {
    force,
    about,
    sources,
    ifBusy,
    check: checkResult,
    signal,
  });
  return { ...stored, trial };
}

/** n / (C · count of the class), as scikit-learn's class_weight="balanced"; 0 for a class without an item. */
export function balancedWeights(labels: readonly number[], classes: number): number[] {
  return Array.from({ length: classes }, (_, c) => {
    const count = labels.filter((label) => label === c).length;
    return count === 0 ? 0 : labels.length / (classes * count);
  });
}
