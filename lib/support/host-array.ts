/** Numbers on the host, with their shape: what checkpoints hold and what is fed to TensorFlow. */
export interface HostArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** Named parameters, in the order of the model; the names are the checkpoint's (Hugging Face's). */
export type Weights = Readonly<Record<string, HostArray>>;

/** The number of elements of a shape: 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
