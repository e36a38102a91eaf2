/** Norms of weights on their way through a training: when they are taken, and under which names. */
import type { Weights } from "../support/host-array";

/** What a parameter's name follows where its norm is logged. */
export const WEIGHT_NORM = "train/weight_norm/";

/** So many steps from 0, before the first, to the last one, at equal distances. */
export const looksAt = (looks: number, steps: number): ReadonlySet<number> =>
  new Set(Array.from({ length: looks }, (_, i) => Math.round((i * steps) / (looks - 1))));

/** The Euclidean norm of each parameter. */
export const normsOf = (weights: Weights): Record<string, number> =>
  Object.fromEntries(
    Object.entries(weights).map(([name, { data }]) => [
      name,
      Math.sqrt((data as Float32Array).reduce((sum, value) => sum + value * value, 0)),
    ]),
  );
