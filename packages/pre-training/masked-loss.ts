/**
 * How a masked-word head is judged, whichever encoder is below it. P places of a batch, of which unused ones
 * count 0; V vocabulary.
 */

import type { Inputs } from "../../lib/models/model";
import { crossEntropies, crossEntropy, type Tensor, tf } from "../tfjs-graph";

/**
 * Mean cross entropy in nats over the places that count: logits [P, V], inputs.words int32 [P], inputs.counts
 * [P] 1 or 0.
 */
export function maskedWordLoss(logits: Tensor, { words, counts }: Inputs): Tensor {
  return crossEntropy(logits, words, counts);
}

/**
 * What a held-out batch is judged by, [2, P]: every place's cross entropy in nats, and 1 where the word is
 * the likeliest; 0 where none counts.
 */
export function maskedWordScores(logits: Tensor, { words, counts }: Inputs): Tensor {
  const [places, vocabulary = 0] = logits.shape;
  const chosen = tf.sum(tf.mul(logits, tf.cast(tf.oneHot(words as tf.Tensor1D, vocabulary), "float32")), 1);
  const right = tf.cast(tf.greaterEqual(chosen, tf.max(logits, 1)), "float32");
  return tf.concat(
    [crossEntropies(logits, words), right].map((row) => tf.reshape(tf.mul(row, counts), [1, places])),
    0,
  );
}
