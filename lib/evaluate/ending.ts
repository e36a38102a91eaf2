/**
 * What became of a training, in the words of all tables and sentences. Failed (Dodge et al. 2020, Mosbach et
 * al. 2021): it ends no better than always giving the class that is most frequent in training. Diverged: its
 * loss stopped being a number or exploded (train/explosion.ts). A run whose process broke has crashed
 * (runs/log.ts): it has no result, and so no ending.
 */

export type Ending = "successful" | "failed" | "diverged";
export const ENDINGS: readonly Ending[] = ["successful", "failed", "diverged"];

/** How often each class occurs in the items learnt from and in those that validate, [C] each. */
export interface LabelCounts {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/** Counts the labels of both parts, up to the highest class that occurs. */
export function labelCounts({
  train,
  validation,
}: { readonly [part in keyof LabelCounts]: { readonly labels: readonly number[] } }): LabelCounts {
  const classes = [...train.labels, ...validation.labels].reduce((a, b) => Math.max(a, b), 0) + 1;
  const count = (labels: readonly number[]) => {
    const counts = new Array<number>(classes).fill(0);
    for (const label of labels) counts[label]++;
    return counts;
  };
  return { train: count(train.labels), validation: count(validation.labels) };
}

/** Validation accuracy of always giving the class that is most frequent in training, the lowest of equals. */
export function majorityAccuracy({ train, validation }: LabelCounts): number {
  const label = train.indexOf(Math.max(...train));
  return validation[label] / validation.reduce((a, b) => a + b, 0);
}

/** Whether a training without divergence has failed; not before its first epoch has ended. */
export function hasFailed(
  history: readonly { readonly validationAccuracy: number }[],
  counts: LabelCounts,
): boolean {
  const last = history[history.length - 1];
  return last !== undefined && last.validationAccuracy <= majorityAccuracy(counts);
}

/** The word for a stored result. */
export const endingOf = ({
  failed,
  diverged,
}: {
  readonly failed: boolean;
  readonly diverged?: string;
}): Ending => (diverged !== undefined ? "diverged" : failed ? "failed" : "successful");
