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
  const scale = STEPS / (STEPS - dropped);
  const factors = (kept: Tensor) => tf.mul(tf.cast(kept, "float32"), scale);
  const drop = customGradients(([all], save) => {
    const mask = keptOf(all.shape, dropped, seed);
    save([mask]); // one byte an element until the gradient; the factors are four
    const ofInput = (dy: Tensor, kept: Tensor) =>
      isNative()
        ? nativeOp("SelectV2", [typeAttribute("T", "float32")], [kept, tf.mul(dy, scale), tf.scalar(0)])[0]
        : tf.mul(dy, factors(kept));
    const gradFunc = (dy: Tensor, [kept]: readonly Tensor[]) => [() => ofInput(dy, kept)];
    return { value: tf.mul(all, factors(mask)), gradFunc };
  });
  return drop(x);
}

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
