/** The settings of a training: what of it a study may vary, with one default each. */

import type { Precision } from "../../packages/tfjs-graph";
import {
  ABOVE_0,
  COUNT,
  checkFields,
  FRACTION,
  FROM_0,
  FROM_1,
  oneOf,
  optional,
  RATIO,
  type Rules,
  SEED,
  SHARE,
  whole,
} from "../support/settings";

export interface TrainSettings {
  readonly epochs: number;
  readonly batchSize: number;
  /**
   * false draws each batch from texts of all lengths, padded to its longest, as Hugging Face's Trainer does
   * unless told to group them (train/batches.ts): a run then takes longer, and of few texts may learn more
   * (docs/speed.md).
   */
  readonly groupByLength?: false;
  /** The highest learning rate; it grows from 0 over the share `warmupRatio` of all steps. */
  readonly learningRate: number;
  /** linear: the rate then falls to 0 at the end; constant: it stays. */
  readonly schedule: "linear" | "constant";
  readonly warmupRatio: number;
  /** Each layer learns at so many times the rate of the one above it (train/optimizer.ts). */
  readonly layerDecay?: number;
  /** Of the head, in the place of `learningRate`, with the same warm-up and schedule. */
  readonly headLearningRate?: number;
  readonly optimizer: "adamw" | "adam";
  /**
   * false leaves out Adam's correction of its moments, as Google's BERT code did: the first steps are several
   * times as large.
   */
  readonly biasCorrection?: false;
  /** Decoupled with adamw; with adam it is L2 in the loss, which Adam's moments then scale. */
  readonly weightDecay: number;
  /** all: biases and normalisations shrink too, which BERT's authors leave out. */
  readonly weightDecayOn?: "all";
  /** The share of the truth that is spread over all classes (train/loss.ts). */
  readonly labelSmoothing?: number;
  /** The exponent of focal loss (train/loss.ts); 2 in Lin et al. 2017. */
  readonly focal?: number;
  /** Each epoch trains one more layer, from the head down (train/unfreezing.ts). */
  readonly unfreezing?: "gradual";
  /**
   * Validates and keeps averages of the weights, a ← a + (1 - emaDecay)(w - a) after each step, which begin
   * after the first one (Polyak and Juditsky 1992; as torch.optim.swa_utils computes them).
   */
  readonly emaDecay?: number;
  /**
   * Keeps the mean of the weights at the end of the last so many epochs (Izmailov et al. 2018, without their
   * cyclic rate): before them validation shows the weights, from then on their mean so far.
   */
  readonly swaEpochs?: number;
  /** The weight of a teacher's answers (packages/distillation), the labels having the rest. */
  readonly softTargets?: number;
  /** Divides the logits of both; 1 if left out. */
  readonly temperature?: number;
  /** The gradients' global norm is cut to this; 0 leaves them. */
  readonly clipNorm: number;
  /**
   * Of the order of the texts and of dropout. Initial weights have their own seed where the model is made.
   */
  readonly orderSeed: number;
  /** Logs the gradients' norm of the embeddings, each layer, the pooler and the head at every step. */
  readonly gradientNorms?: true;
  /** Logs the norm of every trained parameter so many times: at the beginning, evenly between, at the end. */
  readonly weightNorms?: number;
  /**
   * Of matrix products while training and validating, float32 where left out; predictions and cached features
   * are float32.
   */
  readonly precision?: Precision;
  /** A layer's activations are computed again in the backward pass instead of being kept. */
  readonly checkpointing?: true;
  /** Equal parts of a batch that are computed one after another; their gradients add up to the batch's. */
  readonly accumulate?: number;
}

/** 16 texts a batch, 5e-5 and clipping at 1 as in Devlin et al. 2019; weight decay as in PyTorch's AdamW. */
export const TRAIN_DEFAULTS: TrainSettings = {
  epochs: 3,
  batchSize: 16,
  learningRate: 5e-5,
  schedule: "linear",
  warmupRatio: 0.1,
  optimizer: "adamw",
  weightDecay: 0.01,
  clipNorm: 1,
  orderSeed: 1,
};

export const TRAIN_RULES: Rules<TrainSettings> = {
  epochs: COUNT,
  batchSize: COUNT,
  groupByLength: optional(oneOf(false)),
  learningRate: FROM_0, // 0 measures the losses of a model as it is
  schedule: oneOf("linear", "constant"),
  warmupRatio: RATIO,
  layerDecay: optional(SHARE),
  headLearningRate: optional(ABOVE_0),
  optimizer: oneOf("adamw", "adam"),
  biasCorrection: optional(oneOf(false)),
  weightDecay: FROM_0,
  weightDecayOn: optional(oneOf("all")),
  labelSmoothing: optional(FRACTION),
  focal: optional(FROM_1),
  unfreezing: optional(oneOf("gradual")),
  emaDecay: optional(FRACTION),
  swaEpochs: optional(COUNT),
  softTargets: optional(SHARE),
  temperature: optional(ABOVE_0),
  clipNorm: FROM_0,
  orderSeed: SEED,
  gradientNorms: optional(oneOf(true)),
  weightNorms: optional(whole(2)),
  precision: optional(oneOf("float32", "bfloat16")),
  checkpointing: optional(oneOf(true)),
  accumulate: optional(COUNT),
};

/** @throws if settings are each what they may be, but not together */
export function checkTogether({
  epochs,
  learningRate,
  headLearningRate,
  unfreezing,
  emaDecay,
  swaEpochs,
}: TrainSettings): void {
  const averages = emaDecay !== undefined ? "emaDecay" : swaEpochs !== undefined ? "swaEpochs" : undefined;
  if (unfreezing !== undefined && averages !== undefined)
    throw new Error(`unfreezing and ${averages}: what is trained later has no averages yet: leave out one`);
  if (emaDecay !== undefined && swaEpochs !== undefined)
    throw new Error("emaDecay and swaEpochs are two averages of the weights: leave out one");
  if (swaEpochs !== undefined && swaEpochs > epochs)
    throw new Error(`swaEpochs = ${swaEpochs}, but there are ${epochs} epochs: take at most as many`);
  if (headLearningRate !== undefined && learningRate === 0)
    throw new Error(
      "headLearningRate is a multiple of learningRate, which is 0: take a small one, or the freeze mode fixed",
    );
}

/**
 * The settings with the defaults for what they leave out. Those of a larger thing, of which a training is a
 * part, may come whole: what is not the training's is left out.
 * @throws with each that is not what it may be
 */
export function resolveTrainSettings(settings: Partial<TrainSettings> = {}): TrainSettings {
  const given = Object.entries(settings).filter(([name]) => name in TRAIN_RULES);
  const resolved: TrainSettings = { ...TRAIN_DEFAULTS, ...Object.fromEntries(given) };
  checkFields(resolved, TRAIN_RULES);
  checkTogether(resolved);
  return resolved;
}
