/** What a model says of texts: logits, losses, classes. C classes. */

import { type Engine, openEngine, ready } from "../../packages/tfjs-graph";
import { logSumExp, softmax } from "../baselines/softmax";
import type { Model } from "../models/model";
import type { OnProgress } from "../support/progress";
import type { TokenIds } from "../tokenizer/tokenizer";
import { planBatches } from "./batches";
import type { Freeze } from "./freeze";
import { Feed, tailOf } from "./tail";

/** The logits of every text, [C] each, without dropout. */
export function logitsOf(feed: Feed, engine: Engine): Float32Array[] {
  const logits = new Array<Float32Array>(feed.texts.length);
  for (const { items, tokens } of planBatches(feed)) {
    const {
      shape: [, classes],
      data,
    } = engine.outputs(feed.inputs(items, tokens));
    items.forEach(
      (item, row) => (logits[item] = Float32Array.from(data.subarray(row * classes, (row + 1) * classes))),
    );
  }
  return logits;
}

/** The class with the highest logit, the first of equals. */
export function bestClass(logits: ArrayLike<number>): number {
  return Array.from(logits).reduce((best, logit, i) => (logit > logits[best] ? i : best), 0);
}

export interface Judgement {
  /** Mean cross entropy in nats, weighted by class. */
  readonly loss: number;
  readonly accuracy: number;
}

/** Loss and accuracy of logits against the true classes. */
export function judge(
  logits: readonly ArrayLike<number>[],
  labels: readonly number[],
  classWeights?: readonly number[],
): Judgement {
  let [loss, weights, right] = [0, 0, 0];
  logits.forEach((row, i) => {
    const weight = classWeights?.[labels[i]] ?? 1;
    loss += weight * (logSumExp(row) - row[labels[i]]);
    weights += weight;
    if (bestClass(row) === labels[i]) right++;
  });
  return { loss: loss / weights, accuracy: right / logits.length };
}

export interface Prediction {
  /** The class number. */
  readonly label: number;
  /** One for each class; their sum is 1. */
  readonly probabilities: readonly number[];
}

export interface PredictOptions {
  readonly batchSize?: number;
  /** The freeze mode of the training: what was frozen is taken from the kept features. */
  readonly freeze?: Freeze;
  readonly cache?: "disk" | "memory";
  readonly onProgress?: OnProgress;
}

/** The classes that a model gives to texts, in their order. */
export async function predict(
  model: Model,
  texts: readonly TokenIds[],
  options: PredictOptions = {},
): Promise<Prediction[]> {
  const { batchSize = 16, freeze = () => true, cache = "disk", onProgress } = options;
  if (texts.length === 0) return [];
  await ready();
  const { weights, apply, features } = await tailOf({ model, freeze, texts, cache, onProgress });
  const feed = new Feed(texts, { batchSize, features, longest: model.maxTokens });
  const engine = openEngine({ weights, outputs: apply, outputShapes: [feed.shapes(false)] });
  try {
    return logitsOf(feed, engine).map((row) => ({ label: bestClass(row), probabilities: softmax(row) }));
  } finally {
    engine.dispose();
  }
}
