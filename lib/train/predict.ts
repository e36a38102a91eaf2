/** What a model says of texts: logits, losses, classes. C classes. */

import { type Engine, openEngine, ready } from "../../packages/tfjs-graph";
import type { TokenIds } from "../../packages/tokenizer";
import type { Model } from "../models/model";
import type { OnProgress } from "../support/progress";
import { logSumExp, softmax } from "../support/softmax";
import { BatchLoader, planBatches } from "./batches";
import { areKept, trainableLayers } from "./features";
import type { Freeze } from "./freeze";

/** The logits of every text, [C] each, in their order, without dropout. */
export const logitsOf = (loader: BatchLoader, engine: Engine): Float32Array[] =>
  answersOf(loader, engine, (row) => row);

/** What is made of the logits [C] of every text. */
function answersOf<T>(loader: BatchLoader, engine: Engine, answer: (logits: Float32Array) => T): T[] {
  const answers = new Array<T>(loader.texts.length);
  for (const { items, tokens } of planBatches(loader)) {
    const {
      shape: [, classes],
      data,
    } = engine.outputs(loader.inputs(items, tokens));
    items.forEach(
      (item, row) =>
        (answers[item] = answer(Float32Array.from(data.subarray(row * classes, (row + 1) * classes)))),
    );
  }
  return answers;
}

/** The class with the highest logit, the first of equals. */
export function bestClass(logits: ArrayLike<number>): number {
  return Array.from(logits).reduce((best, logit, i) => (logit > logits[best] ? i : best), 0);
}

/** The mean cross entropy in nats, weighted by class, and the accuracy of logits [C] against true classes. */
export function lossAndAccuracy(
  logits: readonly ArrayLike<number>[],
  labels: readonly number[],
  classWeights?: readonly number[],
): { readonly loss: number; readonly accuracy: number } {
  let [loss, weights, right] = [0, 0, 0];
  logits.forEach((row, i) => {
    const weight = classWeights?.[labels[i]] ?? 1;
    loss += weight * (logSumExp(row) - row[labels[i]]);
    weights += weight;
    if (bestClass(row) === labels[i]) right++;
  });
  return { loss: loss / weights, accuracy: right / logits.length };
}

interface Prediction {
  /** The class number. */
  readonly label: number;
  /** One for each class; their sum is 1. */
  readonly probabilities: readonly number[];
}

interface PredictOptions {
  readonly batchSize?: number;
  /** The freeze mode of the training: what was frozen is taken from the features that are kept. */
  readonly freeze?: Freeze;
  readonly cache?: "disk" | "memory";
  readonly onProgress?: OnProgress;
}

/**
 * The classes that a model gives to texts, in their order. Holds the model in TensorFlow until it is done,
 * and of many texts nothing but their answers.
 * @throws if a text is longer than the model takes
 */
export async function predict(
  model: Model,
  texts: readonly TokenIds[],
  options: PredictOptions = {},
): Promise<Prediction[]> {
  const { batchSize = 16, freeze = () => true, cache = "disk", onProgress } = options;
  if (texts.length === 0) return [];
  await ready();
  const { weights, apply, features } = await trainableLayers({
    model,
    freeze: areKept(texts) ? freeze : () => true,
    texts,
    cache,
    onProgress,
  });
  const loader = new BatchLoader(texts, { batchSize, features, longest: model.maxTokens });
  const engine = openEngine({ weights, outputs: apply, outputShapes: [loader.shapes(false)] });
  try {
    return answersOf(loader, engine, (row) => ({ label: bestClass(row), probabilities: softmax(row) }));
  } finally {
    engine.dispose();
  }
}
