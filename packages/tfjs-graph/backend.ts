/** The one place where TensorFlow.js is loaded: native where set-up built it, else wasm. */
import "./environment";
import * as tf from "@tensorflow/tfjs-node";
import { patchWasmKernels } from "./wasm-kernels";

export { threadCount } from "./environment";
export { tf };
export type Tensor = tf.Tensor;

patchWasmKernels(tf);

/** "tensorflow" (native) or "wasm"; "cpu", pure JavaScript, only where a test asks for it. */
export function backendName(): string {
  return tf.getBackend();
}

/** True where ops may call TensorFlow's own kernels by name. */
export function isNative(): boolean {
  return tf.getBackend() === "tensorflow";
}

/**
 * Waits until the backend can compute: at once for native TensorFlow, after loading for wasm. Ask before the
 * first tensor is made.
 * @throws if only pure JavaScript is left, a hundred times slower than native
 */
export async function ready(): Promise<string> {
  await tf.ready();
  if (backendName() === "cpu") {
    throw new Error(
      "TensorFlow.js fell back to pure JavaScript: run `npm run doctor` to see why native and wasm failed",
    );
  }
  return backendName();
}
