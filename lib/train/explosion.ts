/** When a training has gone wrong for good: its loss is no number any more, or it explodes. */

export interface ExplosionSettings {
  /**
   * The loss explodes when it is above `factor` times its level at the start for `steps` steps in a row. The
   * level is the loss of the first step, before anything is learnt, or ln C, that of guessing among C
   * classes, if that is higher. 10 · ln 2 nats are a probability of 1 in 1,000 for the true one of two
   * classes, in the mean over a batch; runs that come to something stay far below it.
   */
  readonly factor: number;
  readonly steps: number;
}

export const EXPLOSION: ExplosionSettings = { factor: 10, steps: 10 };

/** JSON, for checkpoints. */
export interface LossWatch {
  /** The loss that must not be exceeded; 0 before the first step. */
  readonly bound: number;
  /** Steps in a row above it. */
  readonly above: number;
}

export const NO_LOSS: LossWatch = { bound: 0, above: 0 };

/** The watch after one more step. */
export function watched(
  { bound, above }: LossWatch,
  loss: number,
  classes: number,
  { factor }: ExplosionSettings,
): LossWatch {
  if (bound === 0) return { bound: factor * Math.max(loss, Math.log(classes)), above: 0 };
  return { bound, above: loss > bound ? above + 1 : 0 };
}
