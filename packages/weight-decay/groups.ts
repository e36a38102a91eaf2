/** The two groups of parameters that weight decay tells apart, and what it can do to them in a run. */
import type { TrialRun } from "../../lib/experiment/spec";
import { isDecayed } from "../../lib/models/registry";
import type { Weights } from "../../lib/support/host-array";
import { normsOf, WEIGHT_NORM } from "../../lib/train/norms";
import { scheduleOf } from "../../lib/train/optimizer";
import type { TrainSettings } from "../../lib/train/settings";
import { readMetrics } from "../run-log";

/** matrices: what decays by default; spared: biases, and scale and shift of normalisations. */
export type DecayGroup = "matrices" | "spared";
export const GROUPS: readonly DecayGroup[] = ["matrices", "spared"];

/** Parameters by group, in their order: every name stands in one of the two. */
export const decayGroups = (names: readonly string[]): Readonly<Record<DecayGroup, readonly string[]>> => ({
  matrices: names.filter(isDecayed),
  spared: names.filter((name) => !isDecayed(name)),
});

export type GroupNorms = Readonly<Record<DecayGroup, number>>;

/** The Euclidean norm of all parameters of each group together. @param norms of each parameter */
function together(norms: Readonly<Record<string, number>>): GroupNorms {
  const groups = decayGroups(Object.keys(norms));
  const of = (group: DecayGroup) =>
    Math.sqrt(groups[group].reduce((sum, name) => sum + norms[name] * norms[name], 0));
  return { matrices: of("matrices"), spared: of("spared") };
}

export const groupNorms = (weights: Weights): GroupNorms => together(normsOf(weights));

/** After so many steps. */
export type NormsAt = { readonly step: number } & GroupNorms;

/**
 * Norms of what a run trains, over its steps, from its log.
 * @throws if it was trained without weightNorms
 */
export function loggedNorms({ folder }: Pick<TrialRun, "folder">): NormsAt[] {
  const looks = readMetrics(folder).flatMap(({ step, ...values }) => {
    const norms = Object.entries(values).flatMap(([key, norm]) =>
      key.startsWith(WEIGHT_NORM) ? [[key.slice(WEIGHT_NORM.length), norm] as const] : [],
    );
    return norms.length > 0 ? [{ step, ...together(Object.fromEntries(norms)) }] : [];
  });
  if (looks.length === 0)
    throw new Error(`${folder} has no norms of weights in its log: train it with weightNorms`);
  return looks;
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
