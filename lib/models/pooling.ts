/** How the vectors of a text's tokens become one. B batch, T tokens, H hidden. */
import { dense, meanOfTokens, type Tensor, tf } from "../../packages/tfjs-graph";
import type { Shapes } from "./encoder";
import { linear, mapShapes } from "./layers";
import type { Layer } from "./model";
import { LAST_LAYERS, type Pooling } from "./poolings";

/**
 * The layers, the last of which gives the mean of the last four's vectors, [B, T, H]. From the third last on
 * what flows between them is a layer's output beside the sum of those before, [B, T, 2H]: one tensor, so that
 * what is frozen can be cut off after any of them and kept.
 */
export const meanOfLastFour = (layers: readonly Layer[]): Layer[] =>
  layers.map((layer, i): Layer => {
    const place = i - layers.length + LAST_LAYERS; // 0 to 3 among the last four
    if (place < 1) return layer;
    return {
      ...layer,
      apply(x, context) {
        const [below, sum] = place === 1 || x === null ? [x, x] : tf.split(x, 2, -1),
          own = layer.apply(below, context),
          all = sum === null ? own : tf.add(sum, own);
        return place === LAST_LAYERS - 1 ? tf.div(all, LAST_LAYERS) : tf.concat([own, all], -1);
      },
    };
  });

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

const ATTENTION = { map: "token_attention.map", context: "token_attention.context.weight" } as const;

/** The parameters that a pooling has of its own. */
export const poolingShapes = (pooling: Pooling | "none", hidden: number): Shapes =>
  pooling === "attention"
    ? { ...mapShapes(ATTENTION.map, hidden, hidden), [ATTENTION.context]: [1, hidden] }
    : {};

/**
 * The mean of the vectors with the weights softmax(u · tanh(W x + b)) over all tokens but padding, where u, W
 * and b are learnt (Yang et al. 2016, "Hierarchical attention networks", equations 5 to 7). W and u begin
 * small, and so the weights nearly alike. [B, T, H] → [B, H]
 */
function attended(x: Tensor, context: Parameters<Layer["apply"]>[1]): Tensor {
  const { mask } = context.inputs;
  const scores = dense(tf.tanh(linear(x, ATTENTION.map, context)), context.parameters[ATTENTION.context]);
  const known = tf.add(tf.reshape(scores, mask.shape), tf.mul(tf.sub(mask, 1), 1e9)); // [B, T]
  return tf.sum(tf.mul(x, tf.expandDims(tf.softmax(known, -1), 2)), 1);
}

/**
 * Tokens as one vector, [B, T, H] → [B, H]; reads inputs.mask and inputs.segmentIds. A layer of its own:
 * where all below it is frozen, it is computed once a text.
 */
export const tokenPooling = (pooling: Exclude<Pooling, "cls">): Layer => ({
  name: `${pooling} pooling`,
  parameters: Object.keys(poolingShapes(pooling, 0)),
  output: "pooled",
  apply(x, context) {
    if (x === null) throw new Error("pooling needs the layer before it");
    const { mask, segmentIds } = context.inputs;
    if (pooling === "attention") return attended(x, context);
    if (pooling === "max") return maxOfTokens(x, mask);
    return meanOfTokens(x, pooling === "target-mean" ? targetTokens(mask, segmentIds) : mask);
  },
});
