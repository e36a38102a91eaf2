/** How the vectors of a text's tokens become one. B batch, T tokens, H hidden. */
import { meanOfTokens, type Tensor, tf } from "../../packages/tfjs-graph";
import type { Layer } from "./model";

/**
 * cls: the first token's vector, as BERT was made for; mean: the mean over all tokens but padding; max: of
 * each dimension the largest among them; target-mean: the mean over the tokens of the text itself, without
 * those of a context before it.
 */
export type Pooling = "cls" | "mean" | "max" | "target-mean";

/**
 * The tokens of the text itself, float32 [B, T]: mask float32 [B, T] where segmentIds int32 [B, T] are 1, but
 * whole in a row without any 1, which has no context.
 */
export function targetTokens(mask: Tensor, segmentIds: Tensor): Tensor {
  const second = tf.cast(segmentIds, "float32"),
    none = tf.sub(1, tf.minimum(tf.sum(second, 1, true), 1)); // [B, 1]
  return tf.mul(mask, tf.add(second, none));
}

/** Of each dimension the largest among the tokens whose mask [B, T] is 1: [B, T, H] → [B, H]. */
const maxOfTokens = (x: Tensor, mask: Tensor): Tensor =>
  tf.max(tf.add(x, tf.expandDims(tf.mul(tf.sub(mask, 1), 1e9), 2)), 1); // padding loses to any token

/**
 * Tokens as one vector, [B, T, H] → [B, H]; reads inputs.mask and inputs.segmentIds. A layer of its own:
 * where all below it is frozen, it is computed once a text.
 */
export const tokenPooling = (pooling: Exclude<Pooling, "cls">): Layer => ({
  name: `${pooling} pooling`,
  parameters: [],
  output: "pooled",
  apply(x, { inputs: { mask, segmentIds } }) {
    if (x === null) throw new Error("pooling needs the layer before it");
    if (pooling === "max") return maxOfTokens(x, mask);
    return meanOfTokens(x, pooling === "target-mean" ? targetTokens(mask, segmentIds) : mask);
  },
});
