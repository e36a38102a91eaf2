/** Segments: which tokens are the text itself (1) and which its context (0). B batch, T tokens. */
import { tf, type Tensor } from "../tensor/backend";

/** mask float32 [B, T] left only where types int32 [B, T] are 1, but whole in a row without any 1: the tokens of the text itself. */
export function ownTokens(mask: Tensor, types: Tensor): Tensor {
  const second = tf.cast(types, "float32"), none = tf.sub(1, tf.minimum(tf.sum(second, 1, true), 1)); // [B, 1]
  return tf.mul(mask, tf.add(second, none));
}
