/** What a function of tensors does, as nodes, for those who write graphs in another form: packages/onnx. */
import { isNative, type Tensor } from "./backend";
import type { GraphShapes, StepContext } from "./engine-types";
import { Graph, type GraphNode } from "./graph";
import { DataType } from "./native";
import { Recorder } from "./trace";

interface NodesOptions {
  /** Of the parameters, all float32. */
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly inputs: GraphShapes;
  readonly outputs: (context: StepContext) => Tensor;
}

/**
 * The nodes, in an order in which they can run, and the one whose output comes out. A node reads others,
 * parameters and inputs by name: a parameter and an input have no node of their own.
 * @throws Error without native TensorFlow, whose ops the nodes are; TraceRefusal as Recorder.record
 */
export function nodesOf({ parameters, inputs, outputs }: NodesOptions): {
  readonly nodes: readonly GraphNode[];
  readonly output: string;
  /** By the names that nodes read. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
} {
  if (!isNative())
    throw new Error(
      "a network can be written down as a graph by native TensorFlow alone, and here wasm computes: `npm run doctor` says what is missing",
    );
  const graph = new Graph(),
    recorder = new Recorder(graph);
  const tensors = <T>(
    named: Readonly<Record<string, T>>,
    shapeOf: (one: T) => readonly [readonly number[], number],
  ) =>
    Object.fromEntries(
      Object.entries(named).map(([name, one]) => {
        const [shape, dtype] = shapeOf(one);
        return [name, recorder.tensor(name, { shape, dtype })];
      }),
    );
  let output = "";
  recorder.record(() => {
    const context = {
      parameters: tensors(parameters, (shape) => [shape, DataType.float32]),
      inputs: tensors(inputs, ({ shape, dtype }) => [shape, DataType[dtype]]),
    };
    output = recorder.reference(outputs({ ...context, dropout: (x) => x }));
  });
  return { nodes: graph.nodes, output, shapes: recorder.shapes() };
}
