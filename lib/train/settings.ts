/** The settings of a training. */

import type { AdamW, Precision } from "../../packages/tfjs-graph";
import {
  ABOVE_0,
  BELOW_1,
  COUNT,
  checkFields,
  FLAG,
  FROM_0,
  oneOf,
  optional,
  RATIO,
  type Rule,
  type Rules,
  SEED,
} from "../support/settings";
import { EXPLOSION, type ExplosionSettings } from "./explosion";
import { ADAMW } from "./optimizer";

export interface TrainSettings {
  readonly epochs: number;
  readonly batchSize: number;
  /** The highest learning rate; it grows from 0 over the share `warmupRatio` of all steps. */
  readonly learningRate: number;
  readonly warmupRatio: number;
  /** linear: the rate then falls to 0 at the end; constant: it stays. */
  readonly schedule: "linear" | "constant";
  readonly optimizer: AdamW;
  /** A weight for every class in the loss; all 1 if left out. */
  readonly classWeights?: readonly number[];
  /**
   * Of the order of the items and of dropout. Initial weights have their own seed where the model is made.
   */
  readonly seed: number;
  /** Where features of frozen layers are kept; "memory" for models with random weights. */
  readonly cache: "disk" | "memory";
  readonly explosion: ExplosionSettings;
  /**
   * Parts that a batch is computed in, for less memory: one step of the optimiser for all of them, with the
   * loss and gradients of the whole batch within rounding (dropout masks differ). It must divide batchSize.
   */
  readonly accumulate: number;
  /** Logs the gradients' norm of the embeddings, each layer, the pooler and the head at every step. */
  readonly gradientNorms: boolean;
  /** Of matrix products while training and validating; predictions and cached features are float32. */
  readonly precision: Precision;
}

/** 16 texts a batch and 5e-5 as in Devlin et al. 2019. */
export const TRAIN_DEFAULTS: TrainSettings = {
  epochs: 3,
  batchSize: 16,
  learningRate: 5e-5,
  warmupRatio: 0.1,
  schedule: "linear",
  optimizer: ADAMW,
  seed: 1,
  cache: "disk",
  explosion: EXPLOSION,
  accumulate: 1,
  gradientNorms: false,
  precision: "float32",
};

const made = (words: string): Rule => ({
  words,
  fits: (value) => value !== null && typeof value === "object",
});

export const TRAIN_RULES: Rules<TrainSettings> = {
  epochs: COUNT,
  batchSize: COUNT,
  learningRate: FROM_0, // 0 measures the losses of a model as it is
  warmupRatio: RATIO,
  schedule: oneOf("linear", "constant"),
  optimizer: made("an optimiser such as ADAMW"),
  classWeights: optional({
    words: "a list of numbers of at least 0, one a class",
    fits: (value) => Array.isArray(value) && value.every(FROM_0.fits),
  }),
  seed: SEED,
  cache: oneOf("disk", "memory"),
  explosion: made("EXPLOSION or another object with factor and steps"),
  accumulate: COUNT,
  gradientNorms: FLAG,
  precision: oneOf("float32", "bfloat16"),
};

const OPTIMIZER: Rules<AdamW> = {
  kind: oneOf("adamw", "adam"),
  beta1: BELOW_1,
  beta2: BELOW_1,
  epsilon: ABOVE_0,
  biasCorrection: FLAG,
  weightDecay: FROM_0,
  decayed: { words: "a function of a parameter's name", fits: (value) => typeof value === "function" },
  clipNorm: FROM_0,
};

/** @throws if a batch cannot be cut into so many equal parts */
export function checkParts(batchSize: number, accumulate: number): void {
  if (batchSize % accumulate !== 0)
    throw new Error(
      `a batch of ${batchSize} texts cannot be cut into ${accumulate} equal parts (accumulate)`,
    );
}

/** The settings with the defaults for what they leave out. @throws with each that is not what it may be */
export function resolveTrainSettings(settings: Partial<TrainSettings> = {}): TrainSettings {
  const resolved = { ...TRAIN_DEFAULTS, ...settings };
  checkFields(resolved, TRAIN_RULES);
  checkFields(resolved.optimizer, OPTIMIZER, "optimizer: ");
  checkFields(resolved.explosion, { factor: ABOVE_0, steps: COUNT }, "explosion: ");
  checkParts(resolved.batchSize, resolved.accumulate);
  return resolved;
}
