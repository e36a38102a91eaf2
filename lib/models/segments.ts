/** Segments: which tokens are the text itself (1) and which its context (0). B batch, T tokens. */

import { type Tensor, tf } from "../../packages/tfjs-graph";
import type { Model } from "./model";

/**
 * mask float32 [B, T] left only where types int32 [B, T] are 1, but whole in a row without any 1: the tokens
 * of the text itself.
 */
export function ownTokens(mask: Tensor, types: Tensor): Tensor {
  const second = tf.cast(types, "float32"),
    none = tf.sub(1, tf.minimum(tf.sum(second, 1, true), 1)); // [B, 1]
  return tf.mul(mask, tf.add(second, none));
}

const SEGMENTS = "bert.embeddings.token_type_embeddings.weight";

/**
 * The model with segment 0's embedding in all segments: for a checkpoint whose pre-training saw no pairs of
 * texts, so that its other segments are still random. Training may tell them apart again.
 */
export function segmentsAlike(model: Model): Model {
  const { shape, data } = model.weights[SEGMENTS],
    [segments, hidden] = shape;
  const first = Array.from(data.subarray(0, hidden));
  const alike = { shape, data: Float32Array.from(Array.from({ length: segments }, () => first).flat()) };
  return { ...model, weights: { ...model.weights, [SEGMENTS]: alike } };
}
