/**
 * Trains a classifier: any row of layers that ends in logits [B, C]. It knows layers, encoded texts and
 * labels, no BERT. Frozen layers are computed once (features.ts) and have no dropout.
 */

import {
  crossEntropy,
  type Engine,
  type EngineSettings,
  openEngine,
  openUsedRows,
  ready,
  type StepContext,
  type Tensor,
} from "../../packages/tfjs-graph";
import { hasFailed, labelCounts } from "../evaluate/ending";
import type { Model } from "../models/model";
import { cellSignal } from "../support/stop";
import type { TokenIds } from "../tokenizer/tokenizer";
import { type EpochRecord, Run, type RunOptions } from "./epochs";
import { type Freeze, parameterGroup } from "./freeze";
import { type DecayGroups, decayGroups } from "./optimizer";
import { resolveTrainSettings, type TrainSettings } from "./settings";
import { type Examples, Feed, tailOf } from "./tail";

export interface TrainRequest extends RunOptions {
  readonly model: Model;
  readonly freeze: Freeze;
  readonly settings?: Partial<TrainSettings>;
}

export interface TrainResult {
  readonly history: readonly EpochRecord[];
  /**
   * The epoch with the highest validation accuracy, the first of equals; 0 (the initial weights) if none was
   * finished.
   */
  readonly bestEpoch: number;
  /** The model with the weights of that epoch. */
  readonly model: Model;
  /** Whether its last epoch is no better than the majority class of training (evaluate/ending.ts). */
  readonly failed: boolean;
  /** True if the signal stopped the run. */
  readonly aborted: boolean;
  /** Where the run went on after it had been ended, and checkpoints that could not be used. */
  readonly notes: readonly string[];
  /** Of training, before this process went on with it. */
  readonly secondsBefore: number;
  readonly trainable: readonly string[];
  readonly decay: DecayGroups;
  readonly engine: { readonly mode: "traced" | "eager"; readonly reason: string };
}

let unfinished: (() => TrainResult) | undefined;

/**
 * What the last training had reached if it did not come to its end: for the next cell, since `await train(…)`
 * in an interrupted one gives nothing, and after a loss that exploded.
 */
export function stoppedTraining(): TrainResult | undefined {
  return unfinished?.();
}

/**
 * Trains what `freeze` leaves free and keeps the best epoch.
 * @throws if a setting is not what it may be; DivergedError if the loss stops being a number or explodes:
 *   with the step, the batch's lines and the learning rate
 */
export async function train(request: TrainRequest): Promise<TrainResult> {
  unfinished = undefined;
  const { model, freeze, data, onProgress, signal = cellSignal() } = request;
  const resolved = resolveTrainSettings(request.settings);
  await ready();
  checkLabels("training", data.train, resolved);
  checkLabels("validation", data.validation, resolved);
  const { batchSize, cache, optimizer, accumulate, gradientNorms, precision } = resolved;
  const texts = [...data.train.texts, ...data.validation.texts];
  const { trainable, weights, apply, features } = await tailOf({
    model,
    freeze,
    texts,
    cache,
    onProgress,
    signal,
  });
  const common = { batchSize, features, longest: model.maxTokens };
  const feeds = {
    train: new Feed(data.train.texts, { ...common, rows: batchSize / accumulate }),
    validation: new Feed(data.validation.texts, common),
  };
  const engine = openFor(model, texts, {
    weights,
    trainable,
    optimizer,
    precision,
    accumulate: accumulate > 1,
    ...(gradientNorms && { stageOf: (name: string) => parameterGroup(model, name) }),
    loss: (context) => {
      const logits = apply(context);
      return { loss: lossOf(logits, context), report: logits };
    },
    outputs: apply,
    trainShapes: [feeds.train.shapes(true)],
    outputShapes: [feeds.validation.shapes(false)],
  });
  try {
    const run = new Run({ ...request, signal, engine, trainable, feeds, settings: resolved }),
      counts = labelCounts(data);
    const reached = (): TrainResult => {
      const { best, ...rest } = run.reached();
      return {
        ...rest,
        trainable,
        model: { ...model, weights: { ...model.weights, ...best } },
        failed: hasFailed(rest.history, counts),
        decay: decayGroups(trainable, optimizer),
        engine: { mode: engine.mode, reason: engine.reason },
      };
    };
    unfinished = reached;
    await run.all();
    const result = reached();
    if (!result.aborted) unfinished = undefined;
    return result;
  } finally {
    engine.dispose();
  }
}

/**
 * An engine for batches of these texts: of the model's word embeddings it holds those of their words (and
 * padding, 0).
 */
export function openFor({ lookup }: Model, texts: readonly TokenIds[], settings: EngineSettings): Engine {
  if (!lookup || !settings.weights[lookup]) return openEngine(settings);
  const ids = new Set([0]);
  for (const text of texts) text.ids.forEach((id) => ids.add(id));
  return openUsedRows(settings, { table: lookup, ids });
}

const lossOf = (logits: Tensor, { inputs }: StepContext) =>
  crossEntropy(logits, inputs.labels, inputs.weights);

function checkLabels(part: string, { texts, labels }: Examples, { classWeights }: TrainSettings): void {
  if (texts.length === 0 || texts.length !== labels.length) {
    throw new Error(
      `the ${part} set has ${texts.length} texts and ${labels.length} labels; both must be equal and not 0`,
    );
  }
  const isClass = (label: number) =>
    Number.isInteger(label) && label >= 0 && label < (classWeights?.length ?? Infinity);
  const wrong = labels.findIndex((label) => !isClass(label));
  if (wrong < 0) return;
  throw new Error(
    `item ${wrong} of the ${part} set has the label ${labels[wrong]}: labels are class numbers from 0 on`,
  );
}
