/**
 * One graph for inputs of any length, from the graphs of a few lengths: what a step does with tensors does
 * not depend on the length, only some sizes do, and each of them is a constant plus a multiple of it.
 *
 * A graph is optimised by TensorFlow when it first runs, which takes as long as several steps. With a graph
 * for every length one would save lengths, and pay with padding.
 */
import type { ConstantValue, Graph, GraphNode } from "./graph";
import { DataType, typeAttribute } from "./native";
import { TraceRefusal } from "./shapes";

/** The lengths to trace: two give the line, the third must lie on it. */
export const PROBES = [4, 8, 12] as const;

const INT = typeAttribute("T", "int32");
const FROM_CONSTANTS = ["name", "op", "inputs", "attributes"] as const;

/**
 * Appends the nodes that the traces have in common; their constants that differ are computed from the length.
 * @param traces of the lengths PROBES, from the same function of tensors
 * @param length the node of the length, an int32 scalar
 * @throws TraceRefusal if more than sizes differs
 */
export function appendForAnySize(
  graph: Graph,
  traces: readonly (readonly GraphNode[])[],
  length: string,
): void {
  const [first, ...others] = traces;
  if (others.some((nodes) => nodes.length !== first.length))
    throw new TraceRefusal("a step on longer texts has more operations");
  first.forEach((node, i) => {
    const same = traces.map((nodes) => nodes[i]);
    if (new Set(same.map((one) => JSON.stringify(FROM_CONSTANTS.map((part) => one[part])))).size > 1) {
      throw new TraceRefusal(`the operation ${node.op} is another one for longer texts`);
    }
    const values = same.flatMap(({ value }) => value ?? []);
    if (
      values.every(
        ({ bytes, shape }) =>
          Buffer.compare(bytes, values[0].bytes) === 0 && `${shape}` === `${values[0].shape}`,
      )
    )
      graph.append([node]);
    else appendLine(graph, node.name, values, length);
  });
}

/** The node `name`: start + slope · length. */
function appendLine(graph: Graph, name: string, values: readonly ConstantValue[], length: string): void {
  const [{ shape, dtype }] = values;
  if (dtype !== DataType.int32 || values.some((value) => `${value.shape}` !== `${shape}`)) {
    throw new TraceRefusal(`a constant [${shape}] depends on the length of the texts: pass it as an input`);
  }
  const [low, middle, high] = values.map(({ bytes }) => new Int32Array(Uint8Array.from(bytes).buffer));
  const slope = low.map((value, i) => (middle[i] - value) / (PROBES[1] - PROBES[0]));
  const start = low.map((value, i) => value - slope[i] * PROBES[0]);
  const fits = (line: Int32Array, at: number) => line.every((value, i) => value === start[i] + slope[i] * at);
  if (![low, middle, high].every((line, i) => fits(line, PROBES[i]))) {
    throw new TraceRefusal(
      `the sizes ${low}, ${middle} and ${high} of texts of ${PROBES} tokens do not lie on a line`,
    );
  }
  const constant = (data: Int32Array) => graph.constant({ shape, dtype, bytes: new Uint8Array(data.buffer) });
  const scaled = graph.node("Mul", [constant(slope), length], [INT]);
  graph.node("AddV2", [constant(start), scaled], [INT], name);
}
