/**
 * How many labels are wrong, as confident learning estimates it (Northcutt, Jiang and Chuang 2021,
 * "Confident Learning: Estimating Uncertainty in Dataset Labels", equation 1): a text is counted for the
 * class that is at least as likely as it is on average among the texts that bear it; of several, for the
 * likeliest of them.
 */

/**
 * The confident joint, uncalibrated: [C given, C taken] texts; what is confidently of no class is left out.
 * @param probabilities [N, C], of models that have not learnt from the text
 */
export function confidentJoint(
  labels: readonly number[],
  probabilities: readonly (readonly number[])[],
): number[][] {
  const classes = probabilities[0].length,
    counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const thresholds = counts.map((_, c) => {
    const own = [...labels.keys()].filter((item) => labels[item] === c);
    return own.reduce((sum, item) => sum + probabilities[item][c], 0) / own.length; // NaN of none: none is taken for it
  });
  labels.forEach((label, item) => {
    const row = probabilities[item],
      sure = [...row.keys()].filter((c) => row[c] >= thresholds[c] - 1e-6); // cleanlab's tolerance
    if (sure.length > 0) counts[label][sure.reduce((a, b) => (row[b] > row[a] ? b : a))]++;
  });
  return counts;
}

/** Texts that are counted for another class than their label's. */
export const estimatedErrors = (joint: readonly (readonly number[])[]): number =>
  joint.reduce((sum, row, given) => sum + row.reduce((a, n, taken) => a + (taken === given ? 0 : n), 0), 0);
