/** Softmax of the logits of one text, [C]: the probabilities of its classes. */
export function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits),
    highest = Math.max(...values); // taken off, so that exp cannot overflow
  const powers = values.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
