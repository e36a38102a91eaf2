/**
 * Dropout (Srivastava et al. 2014) with a mask that depends on nothing but the seed and the shape. An element
 * takes 16 random bits, half of what TensorFlow's own uniform numbers take: making them is most of dropout's
 * cost. So the probability is rounded to a multiple of 2^-16.
 */
import { isNative, type Tensor, tf } from "./backend";
import { customGradients } from "./custom-gradients";
import { nativeOp, typeAttribute } from "./native";
import { bitsFrom } from "./philox";

const STEPS = 1 << 16;
const INT = typeAttribute("T", "int32");

/**
 * Sets elements to 0 with this probability and scales the others by 1 / (1 - probability).
 * @param seed int32 [2]; the same seed gives the same mask on native TensorFlow and on wasm
 */
export function dropout(x: Tensor, probability: number, seed: Tensor): Tensor {
  const dropped = Math.round(probability * STEPS);
  if (dropped === 0) return x;
  const factor = STEPS / (STEPS - dropped);
  // the vectors of whole texts are few
  if (x.rank < 3) return tf.mul(x, tf.mul(tf.cast(keptOf(x.shape, dropped, seed), "float32"), factor));
  const drop = customGradients(([all], save) => {
    const kept = keptOf(all.shape, dropped, seed),
      [scale, nothing] = [tf.scalar(factor), tf.scalar(0)];
    save([kept, scale, nothing]); // of the mask a byte an element until the gradient, of the factors four
    // chosen after the product: of the forward pass' factors TensorFlow would make one node, and keep it
    const gradFunc = (dy: Tensor, [mask, one, none]: readonly Tensor[]) => [
      () => chosen(mask, tf.mul(dy, one), none),
    ];
    return { value: tf.mul(all, chosen(kept, scale, nothing)), gradFunc };
  });
  return drop(x);
}

/** One number where `which` is true, another where it is not. */
const chosen = (which: Tensor, yes: Tensor, no: Tensor): Tensor =>
  isNative()
    ? nativeOp("SelectV2", [typeAttribute("T", "float32")], [which, yes, no])[0]
    : tf.where(which, yes, no);

/**
 * True with probability 1 - dropped / STEPS: in the first half of the rows by the high half of each random
 * word, then by its low half.
 */
function keptOf([rows, ...rest]: readonly number[], dropped: number, seed: Tensor): Tensor {
  const least = tf.scalar((dropped - STEPS / 2) << 16, "int32");
  const words = randomWords([Math.ceil(rows / 2), ...rest], seed);
  const low = isNative()
    ? nativeOp("LeftShift", [INT], [words, tf.scalar(16, "int32")])[0]
    : tf.mul(words, tf.scalar(STEPS, "int32"));
  const kept = tf.concat([tf.greaterEqual(words, least), tf.greaterEqual(low, least)]);
  return rows % 2 === 0 ? kept : tf.slice(kept, 0, rows);
}

/** Random int32 that depend on the seed alone. */
function randomWords(shape: readonly number[], seed: Tensor): Tensor {
  if (!isNative())
    return tf.tensor(
      bitsFrom(seed.dataSync() as Int32Array, tf.util.sizeFromShape([...shape])),
      [...shape],
      "int32",
    );
  const attributes = [typeAttribute("dtype", "int32"), INT, typeAttribute("Tseed", "int32")];
  return nativeOp("StatelessRandomUniformFullInt", attributes, [tf.tensor1d([...shape], "int32"), seed])[0];
}
