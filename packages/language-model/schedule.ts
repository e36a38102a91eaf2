/**
 * How likely a step of training reads the gold character instead of the model's own, after Bengio, Vinyals,
 * Jaitly and Shazeer 2015, "Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks" (arXiv
 * 1506.03099). i counts mini-batches; k, c and ε are called as there.
 */
import { checkFields, FRACTION, listOf, whole } from "../../lib/support/settings";

export type Schedule =
  /** Teacher forcing, 1, and always sampling, 0: the paper's two extremes. */
  | { readonly decay: "none"; readonly gold: 0 | 1 }
  /** max(ε, k - c i) */
  | { readonly decay: "linear"; readonly k: number; readonly c: number; readonly least: number }
  /** k^i, k < 1 */
  | { readonly decay: "exponential"; readonly k: number }
  /** k / (k + exp(i / k)), k ≥ 1 */
  | { readonly decay: "inverse sigmoid"; readonly k: number };

/** ε_i: the chance of the gold character at mini-batch i, counted from 0. */
export function goldChance(schedule: Schedule, i: number): number {
  switch (schedule.decay) {
    case "none":
      return schedule.gold;
    case "linear":
      return Math.max(schedule.least, schedule.k - schedule.c * i);
    case "exponential":
      return schedule.k ** i;
    case "inverse sigmoid":
      return schedule.k / (schedule.k + Math.exp(i / schedule.k));
  }
}

/** The row that others are compared with, and the paper's other extreme. */
export const TEACHER_FORCING = "teacher forcing",
  ALWAYS = "always sampling";

/** The k of the inverse sigmoid that is at `last` at mini-batch i: the chance grows with k. */
function inverseSigmoid(i: number, last: number): number {
  let [low, high] = [1, 1000 * i];
  for (let halving = 0; halving < 60; halving++) {
    const k = (low + high) / 2;
    if (goldChance({ decay: "inverse sigmoid", k }, i) < last) low = k;
    else high = k;
  }
  return high;
}

/**
 * The rows that are compared, by their names, such as "linear to 0.5". The paper leaves k and c to the speed
 * at which a model learns: here all three decays get the constants that bring them to the same chance at the
 * last step, for each of `lasts`.
 */
export function schedules(steps: number, lasts: readonly number[]): Readonly<Record<string, Schedule>> {
  checkFields({ steps, lasts }, { steps: whole(2), lasts: listOf(FRACTION) });
  const end = steps - 1;
  const decays = lasts.flatMap((last): (readonly [string, Schedule])[] => [
    [`linear to ${last}`, { decay: "linear", k: 1, c: (1 - last) / end, least: last }],
    [`exponential to ${last}`, { decay: "exponential", k: last ** (1 / end) }],
    [`inverse sigmoid to ${last}`, { decay: "inverse sigmoid", k: inverseSigmoid(end, last) }],
  ]);
  return {
    [TEACHER_FORCING]: { decay: "none", gold: 1 },
    ...Object.fromEntries(decays),
    [ALWAYS]: { decay: "none", gold: 0 },
  };
}
