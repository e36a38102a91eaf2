/**
 * A network's nodes for batches of any size and texts of any length, from its traces at a few of both: what
 * it does with tensors does not depend on them, only some sizes do.
 */
import { type GraphNode, TraceRefusal } from "../tfjs-graph";

/** Batch and tokens of the traces: three give a size's plane, the fourth must lie on it. */
export const PROBES = [
  [2, 4],
  [3, 4],
  [2, 8],
  [5, 12],
] as const;

/** Whole numbers, each a constant, a multiple of the batch and one of the tokens. */
export interface Sizes {
  readonly shape: readonly number[];
  readonly start: readonly number[];
  readonly batch: readonly number[];
  readonly tokens: readonly number[];
}

const INT = 3; // TensorFlow's number for int32
const FROM_CONSTANTS = ["name", "op", "inputs", "attributes"] as const;

const intsOf = ({ value }: GraphNode) => [...new Int32Array(Uint8Array.from(value!.bytes).buffer)];

/**
 * The sizes that a constant is in each trace, by the constant's name.
 * @throws TraceRefusal if the traces differ in more than sizes
 */
export function sizesOf(traces: readonly (readonly GraphNode[])[]): ReadonlyMap<string, Sizes> {
  const [first, ...others] = traces;
  if (others.some((nodes) => nodes.length !== first.length))
    throw new TraceRefusal("the network has more operations on longer texts or larger batches");
  const sizes = first.flatMap((node, i) => {
    const same = traces.map((nodes) => nodes[i]);
    if (new Set(same.map((one) => JSON.stringify(FROM_CONSTANTS.map((part) => one[part])))).size > 1)
      throw new TraceRefusal(`the operation ${node.op} is another one for longer texts or larger batches`);
    if (node.value?.dtype === INT) return [[node.name, plane(same)] as const];
    if (same.some(({ value }) => value && Buffer.compare(value.bytes, node.value!.bytes) !== 0))
      throw new TraceRefusal("a constant of the network depends on the length of texts or on the batch");
    return [];
  });
  return new Map(sizes);
}

function plane(same: readonly GraphNode[]): Sizes {
  const [start, wider, longer, last] = same.map(intsOf);
  const [[b0, t0], [b1], [, t2], [b3, t3]] = PROBES;
  const batch = start.map((value, i) => (wider[i] - value) / (b1 - b0));
  const tokens = start.map((value, i) => (longer[i] - value) / (t2 - t0));
  const at = start.map((value, i) => value - batch[i] * b0 - tokens[i] * t0);
  if (last.some((value, i) => value !== at[i] + batch[i] * b3 + tokens[i] * t3))
    throw new TraceRefusal(`the sizes ${start} of the network are no sums of multiples of batch and tokens`);
  return { shape: same[0].value!.shape, start: at, batch, tokens };
}

/** The numbers of sizes that depend on nothing. @throws TraceRefusal if they do */
export function constants({ start, batch, tokens }: Sizes): readonly number[] {
  if ([...batch, ...tokens].some((slope) => slope !== 0))
    throw new TraceRefusal("an axis or an order of axes depends on the length of texts or on the batch");
  return start;
}
