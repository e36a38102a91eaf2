/** The one place where TensorFlow.js is loaded: native where set-up built it, else wasm. */
import * as tf from "@tensorflow/tfjs-node";

export { tf };
export type Tensor = tf.Tensor;
