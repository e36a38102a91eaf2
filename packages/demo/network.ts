/** A classifier in ONNX, run by onnxruntime's WebAssembly: in the page, and in Node where it is measured. */
import { inputsOf, namedInputs, type OnnxLogits, rowsOf } from "../onnx";
import type { TokenIds } from "../tokenizer";

/** What is used of onnxruntime-web. */
export interface Ort {
  readonly env: {
    readonly wasm: { numThreads?: number; wasmPaths?: string | Readonly<Record<string, string>> };
  };
  readonly InferenceSession: {
    create(model: Uint8Array): Promise<{
      readonly inputNames: readonly string[];
      run(feeds: Readonly<Record<string, object>>): Promise<{ readonly logits: OnnxLogits }>;
    }>;
  };
  readonly Tensor: new (type: "int64", data: BigInt64Array, dims: readonly number[]) => object;
}

/** The logits of texts, [C] each; the shorter texts of a batch are padded, which changes none. */
export type Network = (texts: readonly TokenIds[]) => Promise<Float32Array[]>;

/** Opens the bytes of a model that packages/onnx has written. */
export async function openNetwork(
  { env, InferenceSession, Tensor }: Ort,
  model: Uint8Array,
): Promise<Network> {
  env.wasm.numThreads = 1; // more need a worker, and a server that isolates the page
  const session = await InferenceSession.create(model);
  return async (texts) => {
    const { logits } = await session.run(namedInputs(inputsOf(texts, Tensor), session.inputNames));
    return rowsOf(logits);
  };
}
