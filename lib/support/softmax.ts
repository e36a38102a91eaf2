/** What logits of one text, [C], say: the one place where exp is kept from overflowing. */

/** log Σ exp of the logits. */
export function logSumExp(logits: ArrayLike<number>): number {
  const highest = Math.max(...Array.from(logits));
  let sum = 0;
  for (let c = 0; c < logits.length; c++) sum += Math.exp(logits[c] - highest);
  return highest + Math.log(sum);
}

/** The probabilities of the classes, [C]. */
export function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits),
    highest = Math.max(...values);
  const powers = values.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
