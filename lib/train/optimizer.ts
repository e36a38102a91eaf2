/** The optimiser and the schedule of fine-tuning, from its settings. */

import {
  type AdamOptions,
  addDecayedWeights,
  clipByGlobalNorm,
  type Optimizer,
  scaleByAdam,
  scaleByParameter,
} from "../../packages/tfjs-graph";
import type { Model } from "../models/model";
import { isDecayed } from "../models/registry";
import { depthOf, parameterGroup } from "./freeze";
import type { TrainSettings } from "./settings";

/** PyTorch's defaults. */
export const ADAM: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, biasCorrection: true };

/**
 * Rates by layer: with ξ = layerDecay layer k of L learns at η ξ^(L - k), the embeddings at η ξ^L, pooler and
 * head at η (Sun et al. 2019, 5.4.3; in Howard and Ruder 2018 ξ is 1 / 2.6), the head at headLearningRate
 * where there is one. As factors of η, which the schedule moves.
 */
function factorsOf(
  { learningRate, layerDecay = 1, headLearningRate = learningRate }: Rates,
  model: Pick<Model, "layers">,
): (parameter: string) => number {
  return (parameter) =>
    parameterGroup(model, parameter) === "head"
      ? headLearningRate / learningRate
      : layerDecay ** Math.max(0, depthOf(model, parameter) - 1);
}

type Rates = Pick<TrainSettings, "learningRate" | "layerDecay" | "headLearningRate">;
type Settings = Rates &
  Pick<TrainSettings, "optimizer" | "clipNorm" | "weightDecay" | "weightDecayOn" | "biasCorrection">;

/**
 * PyTorch's AdamW, or its Adam, after clipping.
 * @param model whose layers rates by layer tell apart; without one all is head
 */
export function optimizerOf(settings: Settings, model: Pick<Model, "layers"> = { layers: [] }): Optimizer {
  const { optimizer, clipNorm, weightDecay, weightDecayOn, biasCorrection } = settings;
  const clip = clipByGlobalNorm(clipNorm),
    adam = scaleByAdam({ ...ADAM, biasCorrection: biasCorrection ?? ADAM.biasCorrection }),
    decay = addDecayedWeights(weightDecay, weightDecayOn === "all" ? () => true : isDecayed);
  const chain = optimizer === "adamw" ? [clip, adam, decay] : [clip, decay, adam];
  const { layerDecay, headLearningRate } = settings;
  return layerDecay === undefined && headLearningRate === undefined
    ? chain
    : [...chain, scaleByParameter(factorsOf(settings, model))];
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
