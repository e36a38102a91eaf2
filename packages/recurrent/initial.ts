/** PyTorch's initial values: embeddings normal, all others uniform within one over the root of the width. */
import { type HostArray, sizeOf } from "../../lib/support/host-array";
import type { Random } from "../../lib/support/random";

const filled = (shape: readonly number[], draw: () => number): HostArray => ({
  shape,
  data: Float32Array.from({ length: sizeOf(shape) }, draw),
});

const within = (shapes: readonly (readonly number[])[], bound: number, random: Random) =>
  shapes.map((shape) => filled(shape, () => bound * (2 * random.uniform() - 1)));

/** torch.nn.Embedding: [rows, width] */
export const initialEmbedding = (rows: number, width: number, random: Random): HostArray =>
  filled([rows, width], () => random.normal());

/** torch.nn.LSTM in one direction: [4H, I], [4H, H] and one bias, [4H], in the place of its two. */
export const initialLstm = (inputs: number, hidden: number, random: Random): HostArray[] =>
  within([[4 * hidden, inputs], [4 * hidden, hidden], [4 * hidden]], 1 / Math.sqrt(hidden), random);

/** torch.nn.Linear: [O, I] and [O] */
export const initialLinear = (inputs: number, outputs: number, random: Random): HostArray[] =>
  within([[outputs, inputs], [outputs]], 1 / Math.sqrt(inputs), random);
