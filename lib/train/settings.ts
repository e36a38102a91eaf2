/** The settings of a training. */
import type { AdamW } from "../tensor/adam";
import type { Precision } from "../tensor/engine-types";
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
  /** Where features of frozen stages are kept; "memory" for models with random weights. */
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
