/** The optimiser and the schedule of fine-tuning, from its settings. */

import {
  type AdamOptions,
  addDecayedWeights,
  clipByGlobalNorm,
  type Optimizer,
  scaleByAdam,
} from "../../packages/tfjs-graph";
import { isDecayed } from "../models/registry";
import type { TrainSettings } from "./settings";

/** PyTorch's defaults. */
export const ADAM: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, biasCorrection: true };

/** PyTorch's AdamW, or its Adam, after clipping. */
export function optimizerOf({
  optimizer,
  clipNorm,
  weightDecay,
  weightDecayOn,
  biasCorrection,
}: Pick<
  TrainSettings,
  "optimizer" | "clipNorm" | "weightDecay" | "weightDecayOn" | "biasCorrection"
>): Optimizer {
  const clip = clipByGlobalNorm(clipNorm),
    adam = scaleByAdam({ ...ADAM, biasCorrection: biasCorrection ?? ADAM.biasCorrection }),
    decay = addDecayedWeights(weightDecay, weightDecayOn === "all" ? () => true : isDecayed);
  return optimizer === "adamw" ? [clip, adam, decay] : [clip, decay, adam];
}

/**
 * The learning rate of each step, counted from 0: it grows from 0 over the warm-up, then falls to 0 at the
 * end of all steps, equal to transformers' get_linear_schedule_with_warmup, or stays.
 * @param steps of the whole run
 */
export function scheduleOf(
  { schedule, learningRate, warmupRatio }: Pick<TrainSettings, "schedule" | "learningRate" | "warmupRatio">,
  steps: number,
): (step: number) => number {
  const warmUp = Math.round(warmupRatio * steps);
  return (step) => {
    if (step < warmUp) return (learningRate * step) / warmUp;
    if (schedule === "constant") return learningRate;
    return learningRate * Math.max(0, (steps - step) / Math.max(1, steps - warmUp));
  };
}
