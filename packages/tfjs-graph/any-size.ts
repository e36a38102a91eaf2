/**
 * One graph for inputs of any length, from the graphs of a few lengths: what a step does with tensors does
 * not depend on the length, only some sizes do, and each of them is a constant plus a multiple of it. Where
 * rows are left open too, it is start + a · T + b · B + c · T · B of T tokens and B rows: a matrix of all
 * tokens has T · B rows.
 *
 * A graph is optimised by TensorFlow when it first runs, which takes as long as several steps. With a graph
 * for every length one would save lengths, and pay with padding; with one for every number of rows one would
 * fill batches up.
 */
import type { ConstantValue, Graph, GraphNode } from "./graph";
import { DataType, typeAttribute } from "./native";
import { TraceRefusal } from "./shapes";

/** The sizes to trace, T before B: the first two, or four, give the sum, the others must fit it. */
const OF_TOKENS = [[4], [8], [12]];
const OF_TOKENS_AND_ROWS = [
  [4, 3],
  [8, 3],
  [4, 5],
  [8, 5],
  [12, 10],
  [4, 7],
];

/** @param open how many sizes are left open, 1 or 2 */
export const probesOf = (open: number): readonly (readonly number[])[] =>
  open === 1 ? OF_TOKENS : OF_TOKENS_AND_ROWS;

const INT = typeAttribute("T", "int32");
const FROM_CONSTANTS = ["name", "op", "inputs", "attributes"] as const;

/**
 * Appends the nodes that the traces have in common; their constants that differ are computed from the sizes.
 * @param traces of the sizes probesOf(), from the same function of tensors
 * @param sizes the nodes of the sizes left open, int32 scalars
 * @throws TraceRefusal if more than sizes differs
 */
export function appendForAnySize(
  graph: Graph,
  traces: readonly (readonly GraphNode[])[],
  sizes: readonly string[],
): void {
  const [first, ...others] = traces;
  if (others.some((nodes) => nodes.length !== first.length))
    throw new TraceRefusal("a step on larger inputs has more operations");
  const [, ...multiples] = products("", sizes, (a, b) => (a ? graph.node("Mul", [a, b], [INT]) : b));
  first.forEach((node, i) => {
    const same = traces.map((nodes) => nodes[i]);
    if (new Set(same.map((one) => JSON.stringify(FROM_CONSTANTS.map((part) => one[part])))).size > 1) {
      throw new TraceRefusal(`the operation ${node.op} is another one for larger inputs`);
    }
    const values = same.flatMap(({ value }) => value ?? []);
    if (
      values.every(
        ({ bytes, shape }) =>
          Buffer.compare(bytes, values[0].bytes) === 0 && `${shape}` === `${values[0].shape}`,
      )
    )
      graph.append([node]);
    else appendSum(graph, node.name, values, { probes: probesOf(sizes.length), multiples });
  });
}

/** [1, T], or [1, T, B, T · B]: what a sum has its factors of. */
const products = <X>(one: X, sizes: readonly X[], times: (a: X, b: X) => X): X[] =>
  sizes.reduce((known, size) => known.concat(known.map((some) => times(some, size))), [one]);

/** The factors of the sum that has these values at the first probes, of a power of two. */
function factorsOf(values: readonly number[], probes: readonly (readonly number[])[]): number[] {
  if (values.length === 1) return [...values];
  const half = values.length / 2,
    axis = Math.log2(half);
  const [low, high] = [values.slice(0, half), values.slice(half)].map((some) => factorsOf(some, probes));
  const slopes = low.map((factor, i) => (high[i] - factor) / (probes[half][axis] - probes[0][axis]));
  return [...low.map((factor, i) => factor - slopes[i] * probes[0][axis]), ...slopes];
}

interface Sizes {
  readonly probes: readonly (readonly number[])[];
  /** The nodes of T, or of T, B and T · B. */
  readonly multiples: readonly string[];
}

/** The node `name`: start + a · T, or start + a · T + b · B + c · T · B. */
function appendSum(
  graph: Graph,
  name: string,
  values: readonly ConstantValue[],
  { probes, multiples }: Sizes,
): void {
  const [{ shape, dtype }] = values;
  if (dtype !== DataType.int32 || values.some((value) => `${value.shape}` !== `${shape}`)) {
    throw new TraceRefusal(`a constant [${shape}] depends on the size of the inputs: pass it as an input`);
  }
  const traced = values.map(({ bytes }) => [...new Int32Array(Uint8Array.from(bytes).buffer)]),
    given = traced.slice(0, multiples.length + 1);
  const sums = traced[0].map((_, i) =>
    factorsOf(
      given.map((one) => one[i]),
      probes,
    ),
  );
  const fits = (one: readonly number[], sizes: readonly number[]) => {
    const times = products(1, sizes, (a, b) => a * b);
    return sums.every((sum, i) => one[i] === sum.reduce((all, factor, j) => all + factor * times[j], 0));
  };
  if (!sums.flat().every(Number.isInteger) || !traced.every((one, i) => fits(one, probes[i]))) {
    throw new TraceRefusal(
      `the sizes ${traced.join("; ")} of inputs of ${probes.join("; ")} are no sum of multiples of these`,
    );
  }
  const constant = (factor: number) =>
    graph.constant({
      shape,
      dtype,
      bytes: new Uint8Array(Int32Array.from(sums, (sum) => sum[factor]).buffer),
    });
  const scaled = multiples.flatMap((multiple, i) =>
    sums.some((sum) => sum[i + 1] !== 0) ? [graph.node("Mul", [constant(i + 1), multiple], [INT])] : [],
  );
  scaled.reduce(
    (sum, more, i) => graph.node("AddV2", [sum, more], [INT], ...(i === scaled.length - 1 ? [name] : [])),
    constant(0),
  );
}
