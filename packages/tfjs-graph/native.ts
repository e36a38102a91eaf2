/**
 * TensorFlow's own ops by name, through tfjs-node's binding: what tfjs does not offer, or offers with more
 * ops.
 */
import { type Tensor, tf } from "./backend";

/** A tensor as the binding sees it: an id, its shape and TensorFlow's number for its type. */
export interface BindingTensor {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** An attribute of an op; `type` is one of the binding's TF_ATTR_ constants. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The part of tfjs-node's C++ binding that this room uses. */
export interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: ArrayBufferView): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): BindingTensor[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(
    id: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): BindingTensor[];
}

/** tfjs-node's backend object. Its binding may be replaced for a while: that is how a step is traced. */
interface NativeBackend {
  binding: Binding;
  getInputTensorIds(tensors: readonly Tensor[]): number[];
  createOutputTensor(tensor: BindingTensor): Tensor;
  readonly isUsingGpuDevice: boolean;
}

export const nativeBackend = (): NativeBackend => tf.backend() as unknown as NativeBackend;

export const onGpu = (): boolean => nativeBackend().isUsingGpuDevice;

/** TensorFlow's numbers for types (tensorflow/core/framework/types.proto). */
export const DataType = { float32: 1, int32: 3, bool: 10, bfloat16: 14, resource: 20 } as const;

/** The binding's numbers for kinds of attributes (tensorflow/c/tf_attrtype.h). */
export const AttributeType = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

export const typeAttribute = (name: string, dtype: keyof typeof DataType): OpAttribute => ({
  name,
  type: AttributeType.type,
  value: DataType[dtype],
});
export const boolAttribute = (name: string, value: boolean): OpAttribute => ({
  name,
  type: AttributeType.bool,
  value,
});

/**
 * Runs (or, while tracing, records) one op and gives back its outputs. Its inputs get no gradient: use it
 * inside tf.customGrad.
 */
export function nativeOp(
  op: string,
  attributes: readonly OpAttribute[],
  inputs: readonly Tensor[],
  outputs = 1,
): Tensor[] {
  const backend = nativeBackend();
  const made = backend.binding.executeOp(op, attributes, backend.getInputTensorIds(inputs), outputs);
  return made.map((tensor) => backend.createOutputTensor(tensor));
}
