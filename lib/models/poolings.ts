/** The poolings by name, apart from what computes them: settings are checked without TensorFlow. */

/**
 * cls: the first token's vector, as BERT was made for; mean: the mean over all tokens but padding; max: of
 * each dimension the largest among them; target-mean: the mean over the tokens of the text itself, without
 * those of a context before it; last4: the mean over tokens of the mean of the last four layers (Sun et al.
 * 2019, 5.3.2); attention: a mean whose weights are learnt, those of Yang et al. 2016, as in heads of
 * Kaggle's competitions.
 */
export type Pooling = "cls" | "mean" | "max" | "target-mean" | "last4" | "attention";

/** The layers whose mean last4 takes. */
export const LAST_LAYERS = 4;

/** @throws if an encoder has too few layers for a pooling */
export function checkPooling(pooling: Pooling | "none", layers: number): void {
  if (pooling === "last4" && layers < LAST_LAYERS)
    throw new Error(
      `pooling = "last4" needs ${LAST_LAYERS} layers, but the model has ${layers}: take "mean"`,
    );
}
