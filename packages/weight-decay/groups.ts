/** The two groups of parameters that weight decay tells apart, and what it can do to them in a run. */
import { join } from "node:path";
import type { TrialRun } from "../../lib/experiment/spec";
import { isDecayed } from "../../lib/models/registry";
import type { Weights } from "../../lib/support/host-array";
import { scheduleOf } from "../../lib/train/optimizer";
import type { TrainSettings } from "../../lib/train/settings";
import { readSafetensors } from "../hf-files";

/** matrices: what decays by default; spared: biases, and scale and shift of normalisations. */
export type DecayGroup = "matrices" | "spared";

/** Parameters by group, in their order: every name stands in one of the two. */
export const decayGroups = (names: readonly string[]): Readonly<Record<DecayGroup, readonly string[]>> => ({
  matrices: names.filter(isDecayed),
  spared: names.filter((name) => !isDecayed(name)),
});

/** The Euclidean norm of all parameters of a group together. */
export function normOf(weights: Weights, group: DecayGroup): number {
  const sums = decayGroups(Object.keys(weights))[group].map((name) =>
    (weights[name].data as Float32Array).reduce((sum, value) => sum + value * value, 0),
  );
  return Math.sqrt(sums.reduce((sum, one) => sum + one, 0));
}

/**
 * Norms of what a run has trained, from the weights that it keeps: those of its best epoch, in 16 bits.
 * @throws if the run keeps none
 */
export function endNorms({ folder }: Pick<TrialRun, "folder">): Readonly<Record<DecayGroup, number>> {
  const weights = readSafetensors(join(folder, "trained.safetensors"));
  return { matrices: normOf(weights, "matrices"), spared: normOf(weights, "spared") };
}

export type Rates = Pick<TrainSettings, "schedule" | "learningRate" | "warmupRatio" | "weightDecay">;

/**
 * What decoupled decay alone leaves of a weight after a run: the product of 1 - rate · decay over its steps.
 *
 * @param steps of the whole run
 */
export function shrinkage(settings: Rates, steps: number): number {
  const rateOf = scheduleOf(settings, steps);
  return Array.from({ length: steps }, (_, step) => 1 - rateOf(step) * settings.weightDecay).reduce(
    (left, factor) => left * factor,
    1,
  );
}

/**
 * The steps of a run of the same settings after which decay alone has taken this share of a weight; Infinity
 * without decay. A schedule's mean rate does not depend on the number of steps, but for rounding.
 * @param share such as .01
 */
export function stepsToShrink(settings: Rates, share: number): number {
  const long = 10_000,
    perStep = -Math.log(shrinkage(settings, long)) / long;
  return perStep === 0 ? Number.POSITIVE_INFINITY : Math.ceil(-Math.log(1 - share) / perStep);
}
