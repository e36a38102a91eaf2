/**
 * Two repairs of tfjs-backend-wasm 4.22, without which BERT cannot be trained on it
 * (https://github.com/tensorflow/tfjs/issues/8082).
 */
import type * as TensorFlow from "@tensorflow/tfjs-node";

interface WasmBackend {
  makeOutput(shape: readonly number[], dtype: string): TensorFlow.TensorInfo;
  typedArrayFromHeap(tensor: TensorFlow.TensorInfo): Float32Array | Int32Array;
  disposeData(id: object): void;
}
interface KernelCall {
  inputs: Record<string, TensorFlow.TensorInfo>;
  backend: WasmBackend;
  attrs: Record<string, unknown>;
}
type Kernel = (call: KernelCall) => TensorFlow.TensorInfo;

/** Registers the repairs with the TensorFlow.js given; does nothing where the wasm backend is not loaded. */
export function patchWasmKernels(tf: typeof TensorFlow): void {
  const product = tf.getKernel("BatchMatMul", "wasm");
  const transpose = tf.getKernel("Transpose", "wasm");
  if (!product || !transpose || tf.getKernel("UnsortedSegmentSum", "wasm")) return;
  tf.registerKernel({
    kernelName: "UnsortedSegmentSum",
    backendName: "wasm",
    kernelFunc: asKernel(segmentSum),
  });
  tf.unregisterKernel("BatchMatMul", "wasm");
  const plain = product.kernelFunc as unknown as Kernel;
  const turned = transpose.kernelFunc as unknown as Kernel;
  tf.registerKernel({ ...product, kernelFunc: asKernel(productOfTransposed(plain, turned)) });
}

const asKernel = (kernel: Kernel) => kernel as unknown as TensorFlow.KernelFunc;

/** The gradient of a gather, which the backend lacks: rows of x [M, ...] added up by segment. */
function segmentSum({ inputs: { x, segmentIds }, backend, attrs }: KernelCall): TensorFlow.TensorInfo {
  const rest = x.shape.slice(segmentIds.shape.length);
  const out = backend.makeOutput([attrs.numSegments as number, ...rest], x.dtype);
  const [sums, rows, ids] = [out, x, segmentIds].map((tensor) => backend.typedArrayFromHeap(tensor));
  const width = rest.reduce((product, dimension) => product * dimension, 1);
  sums.fill(0);
  ids.forEach((id, row) => {
    if (id < 0) return;
    for (let i = 0; i < width; i++) sums[id * width + i] += rows[row * width + i];
  });
  return out;
}

/** The backend multiplies transposed matrices in a plain triple loop, a tenth as fast: transpose first. */
function productOfTransposed(product: Kernel, transpose: Kernel): Kernel {
  return ({ inputs, backend, attrs }) => {
    const made: TensorFlow.TensorInfo[] = [];
    const turn = (x: TensorFlow.TensorInfo) => {
      const rank = x.shape.length;
      const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
      made.push(transpose({ inputs: { x }, backend, attrs: { perm } }));
      return made[made.length - 1];
    };
    const a = attrs.transposeA ? turn(inputs.a) : inputs.a;
    const b = attrs.transposeB ? turn(inputs.b) : inputs.b;
    const out = product({ inputs: { a, b }, backend, attrs: { transposeA: false, transposeB: false } });
    made.forEach((tensor) => backend.disposeData(tensor.dataId));
    return out;
  };
}
