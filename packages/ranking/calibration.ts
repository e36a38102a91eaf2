/** Whether probabilities are as high as answers are right (Guo et al. 2017). */

import type { Predictions } from "../../lib/evaluate/intervals";
import { COUNT, check } from "../../lib/support/settings";

/** Answers whose probability is above `above` and at most `to`. */
export interface ReliabilityBin {
  readonly above: number;
  readonly to: number;
  readonly n: number;
  /** Mean probability of the answers, and the share of them that is right; NaN without any. */
  readonly confidence: number;
  readonly accuracy: number;
}

/**
 * Answers by their probability, in bins of equal width: what a reliability diagram draws.
 * @throws if there are no probabilities, or `bins` is no number of bins
 */
export function reliabilityBins(
  { gold, predicted, probabilities }: Predictions,
  bins = 10,
): ReliabilityBin[] {
  check("bins", bins, COUNT);
  if (probabilities === undefined)
    throw new Error("these predictions have no probabilities, whose calibration could be judged");
  const sums = Array.from({ length: bins }, () => ({ n: 0, confidence: 0, right: 0 }));
  predicted.forEach((label, item) => {
    const probability = probabilities[item][label];
    const bin = sums.find((_, i) => probability <= (i + 1) / bins) ?? sums[bins - 1]; // 1 + a rounding error
    bin.n++;
    bin.confidence += probability;
    if (label === gold[item]) bin.right++;
  });
  return sums.map(({ n, confidence, right }, i) => ({
    above: i / bins,
    to: (i + 1) / bins,
    n,
    confidence: confidence / n,
    accuracy: right / n,
  }));
}

/**
 * Expected calibration error: how far probability and share of right answers are apart, the mean over bins by
 * their items.
 * @throws as reliabilityBins() does
 */
export function calibrationError(predictions: Predictions, bins = 10): number {
  const filled = reliabilityBins(predictions, bins).filter(({ n }) => n > 0);
  const gaps = filled.reduce(
    (sum, { n, confidence, accuracy }) => sum + n * Math.abs(accuracy - confidence),
    0,
  );
  return gaps / predictions.gold.length;
}
