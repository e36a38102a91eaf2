/** A classifier in ONNX, run by onnxruntime's WebAssembly: in the page, and in Node where it is measured. */
import type { TokenIds } from "../tokenizer";

interface Logits {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What is used of onnxruntime-web. */
export interface Ort {
  readonly env: {
    readonly wasm: { numThreads?: number; wasmPaths?: string | Readonly<Record<string, string>> };
  };
  readonly InferenceSession: {
    create(model: Uint8Array): Promise<{
      readonly inputNames: readonly string[];
      run(feeds: Readonly<Record<string, object>>): Promise<{ readonly logits: Logits }>;
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
    const length = Math.max(...texts.map(({ ids }) => ids.length));
    const tensor = (numberAt: (text: TokenIds, place: number) => number) =>
      new Tensor(
        "int64",
        BigInt64Array.from(
          texts.flatMap((text) => Array.from({ length }, (_, place) => BigInt(numberAt(text, place)))),
        ),
        [texts.length, length],
      );
    const inputs: Readonly<Record<string, () => object>> = {
      input_ids: () => tensor(({ ids }, place) => ids[place] ?? 0),
      attention_mask: () => tensor(({ ids }, place) => Number(place < ids.length)),
      token_type_ids: () => tensor(({ segmentIds }, place) => segmentIds[place] ?? 0),
    };
    const feeds = Object.fromEntries(session.inputNames.map((name) => [name, inputs[name]()]));
    const {
      logits: {
        dims: [, classes],
        data,
      },
    } = await session.run(feeds);
    return texts.map((_, row) => data.slice(row * classes, (row + 1) * classes));
  };
}
