/**
 * Texts as the inputs of a model that is written here, and the answers to them: the same for every
 * onnxruntime, in Node and in a page.
 */
import type { TokenIds } from "../tokenizer";

export interface OnnxLogits {
  /** [B, C] */
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

type MakeTensor<T> = new (type: "int64", data: BigInt64Array, dims: readonly number[]) => T;
export type Inputs<T> = Readonly<Record<"input_ids" | "attention_mask" | "token_type_ids", T>>;

/** int64 [B, T]; the shorter texts of a batch are padded, which changes no answer. */
export function inputsOf<T>(texts: readonly TokenIds[], Tensor: MakeTensor<T>): Inputs<T> {
  const length = Math.max(...texts.map(({ ids }) => ids.length));
  const tensor = (numberAt: (text: TokenIds, place: number) => number) =>
    new Tensor(
      "int64",
      BigInt64Array.from(
        texts.flatMap((text) => Array.from({ length }, (_, place) => BigInt(numberAt(text, place)))),
      ),
      [texts.length, length],
    );
  return {
    input_ids: tensor(({ ids }, place) => ids[place] ?? 0),
    attention_mask: tensor(({ ids }, place) => Number(place < ids.length)),
    token_type_ids: tensor(({ segmentIds }, place) => segmentIds[place] ?? 0),
  };
}

/** Those of the inputs that a model has. */
export const namedInputs = <T>(inputs: Inputs<T>, names: readonly string[]): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => names.includes(name)));

/** Of each text its logits, [C]. */
export const rowsOf = ({ dims: [rows, classes], data }: OnnxLogits): Float32Array[] =>
  Array.from({ length: rows }, (_, row) => data.slice(row * classes, (row + 1) * classes));
