/** TensorFlow's operations → those of ONNX, from the output backwards: what nothing reads is left out. */
import { type HostArray, sizeOf, type Weights } from "../../lib/support/host-array";
import { type GraphNode, TraceRefusal } from "../tfjs-graph";
import type { Builder } from "./builder";
import { patternsOf } from "./patterns";
import { ElementType } from "./protobuf";
import { constants, type Sizes } from "./sizes";
import { type Parameter, type Precision, weightOps } from "./weights";

interface Network {
  readonly nodes: readonly GraphNode[];
  readonly sizes: ReadonlyMap<string, Sizes>;
  /** By the names that nodes read; of their lengths alone is made use. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly weights: Weights;
  /** The names of the inputs in the new graph, by those in the network. */
  readonly inputs: ReadonlyMap<string, string>;
  /** Scalars of the new graph, int64. */
  readonly batch: string;
  readonly tokens: string;
}

/** TensorFlow's name → ONNX's, of operations that compute alike and have no attributes. */
const ALIKE: Readonly<Record<string, string>> = {
  Add: "Add",
  AddV2: "Add",
  BiasAdd: "Add",
  Sub: "Sub",
  Mul: "Mul",
  RealDiv: "Div",
  Maximum: "Max",
  Minimum: "Min",
  Pow: "Pow",
  Neg: "Neg",
  Exp: "Exp",
  Log: "Log",
  Sqrt: "Sqrt",
  Erf: "Erf",
  Tanh: "Tanh",
  Relu: "Relu",
  Sigmoid: "Sigmoid",
  Abs: "Abs",
  Cos: "Cos",
  Sin: "Sin",
  Greater: "Greater",
  GreaterEqual: "GreaterOrEqual",
  Less: "Less",
  LessEqual: "LessOrEqual",
  Equal: "Equal",
  SelectV2: "Where",
  Range: "Range",
};

const TF_FLOAT = 1;
/** TensorFlow's numbers of types → ONNX's; all whole numbers are int64, as ids and sizes must be. */
const TYPES: Readonly<Record<number, number>> = { [TF_FLOAT]: ElementType.float32, 3: ElementType.int64 };
const TO_THE_END = 2 ** 31 - 1;

/**
 * Appends a network to a graph.
 * @param output the name of what comes out, in the network
 * @returns the same in the graph
 * @throws TraceRefusal if it has an operation that has no counterpart here
 */
export function convert(graph: Builder, network: Network, output: string, precision: Precision): string {
  const { sizes, shapes, weights } = network;
  const byName = new Map(network.nodes.map((node) => [node.name, node]));
  const nodeOf = (reference: string): GraphNode | undefined => byName.get(reference.split(":")[0]);
  const reading = weightOps[precision](graph);
  const done = new Map<string, string>(network.inputs);
  const attribute = ({ attributes }: GraphNode, name: string) =>
    attributes.find((one) => one.name === name)?.value;

  /** A weight, or several of them in one, which TensorFlow joins at every call. */
  function parameterOf(reference: string): Parameter | undefined {
    if (weights[reference]) return { name: reference, value: weights[reference] };
    const node = nodeOf(reference);
    if (node?.op !== "ConcatV2" || constants(sizes.get(node.inputs[node.inputs.length - 1])!)[0] !== 0)
      return undefined;
    const parts = node.inputs.slice(0, -1).map(parameterOf);
    return parts.every((part) => part !== undefined) ? joined(parts as readonly Parameter[]) : undefined;
  }

  /** The one number that a constant is. */
  function numberOf(reference: string): number | undefined {
    const value = nodeOf(reference)?.value;
    return value?.dtype === TF_FLOAT && value.bytes.length === 4
      ? new Float32Array(Uint8Array.from(value.bytes).buffer)[0]
      : undefined;
  }

  const rank = (reference: string) => shapes.get(reference)!.length;
  const fixed = (reference: string) => constants(sizes.get(reference)!);

  /** Sizes as a tensor of the graph. */
  function sized({ shape, start, batch, tokens }: Sizes): string {
    const times = (slopes: readonly number[], scalar: string) =>
      slopes.every((slope) => slope === 0)
        ? undefined
        : graph.one("Mul", [graph.ints(slopes, shape), scalar]);
    return [times(batch, network.batch), times(tokens, network.tokens)].reduce<string>(
      (sum, more) => (more === undefined ? sum : graph.one("Add", [sum, more])),
      graph.ints(start, shape),
    );
  }

  function constant({ name, value }: GraphNode): string {
    const known = sizes.get(name);
    if (known) return sized(known);
    const { shape, dtype, bytes } = value!;
    if (dtype !== TF_FLOAT)
      throw new TraceRefusal(`a constant of TensorFlow's type ${dtype} is not written as ONNX`);
    return graph.constant("float32", shape, bytes);
  }

  /** The name in the graph of what a node reads. */
  function of(reference: string): string {
    const known = done.get(reference);
    if (known !== undefined) return known;
    const node = nodeOf(reference),
      parameter = parameterOf(reference);
    const made = parameter ? [reading.read(parameter)] : node!.value ? [constant(node!)] : outputsOf(node!);
    if (!node) done.set(reference, made[0]);
    else made.forEach((name, i) => done.set(i === 0 ? node.name : `${node.name}:${i}`, name));
    return done.get(reference)!;
  }

  /** Written, since onnxruntime 1.14 does not survive a normalisation without one after a sum. */
  const noShift = (shape: readonly number[]) =>
    graph.tensor(`no shift [${shape}]`, () => ({
      shape,
      type: "float32",
      bytes: new Uint8Array(4 * sizeOf(shape)),
    }));

  const turned = (reference: string, turn: unknown): string => {
    const last = rank(reference) - 1;
    const order = [...Array(last + 1).keys()].map((axis) => (axis < last - 1 ? axis : 2 * last - 1 - axis));
    return turn ? graph.one("Transpose", [of(reference)], { perm: order }) : of(reference);
  };

  function product(node: GraphNode): string {
    const [a, b] = node.inputs,
      map = parameterOf(b);
    const [ofA, ofB] = node.op === "MatMul" ? ["transpose_a", "transpose_b"] : ["adj_x", "adj_y"];
    const x = turned(a, attribute(node, ofA));
    if (map && map.value.shape.length === 2 && attribute(node, ofB)) return reading.product(x, map);
    return graph.one("MatMul", [x, turned(b, attribute(node, ofB))]);
  }

  /** TensorFlow gives where a slice begins and how much it takes, ONNX where it ends. */
  function slice({ inputs: [x, from, count] }: GraphNode): string {
    const [begin, taken] = [sizes.get(from)!, sizes.get(count)!];
    const toTheEnd = taken.start.map((size, i) => size < 0 && taken.batch[i] === 0 && taken.tokens[i] === 0);
    const sum = (part: "start" | "batch" | "tokens", end: number) =>
      begin[part].map((value, i) => (toTheEnd[i] ? end : value + taken[part][i]));
    const ends = {
      ...begin,
      start: sum("start", TO_THE_END),
      batch: sum("batch", 0),
      tokens: sum("tokens", 0),
    };
    return graph.one("Slice", [of(x), sized(begin), sized(ends)]);
  }

  function reduce(op: string, node: GraphNode): string {
    const [x, axes] = node.inputs,
      keepdims = attribute(node, "keep_dims") ? 1 : 0;
    // of these three opset 17 has one whose axes are an input
    return op === "ReduceSum"
      ? graph.one(op, [of(x), graph.ints(fixed(axes))], { keepdims })
      : graph.one(op, [of(x)], { axes: fixed(axes), keepdims });
  }

  function cast(node: GraphNode): string {
    const from = attribute(node, "SrcT") as number,
      to = attribute(node, "DstT") as number;
    if (from === to) return of(node.inputs[0]);
    if (TYPES[to] === undefined)
      throw new TraceRefusal(`a cast to TensorFlow's type ${to} is not written as ONNX`);
    return graph.one("Cast", [of(node.inputs[0])], { to: TYPES[to] });
  }

  /** A view of a view is one of what stands beneath. */
  function reshape({ inputs: [x, shape] }: GraphNode): string {
    const below = nodeOf(x);
    return below?.op === "Reshape"
      ? reshape({ ...below, inputs: [below.inputs[0], shape] })
      : graph.one("Reshape", [of(x), sized(sizes.get(shape)!)]);
  }

  function gather({ inputs: [table, ids, axis] }: GraphNode): string {
    const parameter = parameterOf(table),
      [at] = fixed(axis);
    if (parameter?.value.shape.length === 2 && at === 0) return reading.rows(parameter, of(ids));
    return graph.one("Gather", [of(table), of(ids)], { axis: at });
  }

  const RULES: Readonly<Record<string, (node: GraphNode) => string | readonly string[]>> = {
    MatMul: product,
    BatchMatMulV2: product,
    Reshape: reshape,
    GatherV2: gather,
    Slice: slice,
    Cast: cast,
    Identity: ({ inputs: [x] }) => of(x),
    Square: ({ inputs: [x] }) => graph.one("Mul", [of(x), of(x)]),
    Rsqrt: ({ inputs: [x] }) => graph.one("Reciprocal", [graph.one("Sqrt", [of(x)])]),
    Softmax: ({ inputs: [x] }) => graph.one("Softmax", [of(x)], { axis: -1 }),
    Transpose: ({ inputs: [x, order] }) => graph.one("Transpose", [of(x)], { perm: fixed(order) }),
    ExpandDims: ({ inputs: [x, axis] }) => graph.one("Unsqueeze", [of(x), graph.ints(fixed(axis), [1])]),
    ConcatV2: ({ inputs }) =>
      graph.one("Concat", inputs.slice(0, -1).map(of), { axis: fixed(inputs[inputs.length - 1])[0] }),
    Fill: ({ inputs: [shape, value] }) => graph.one("Expand", [of(value), of(shape)]),
    Mean: (node) => reduce("ReduceMean", node),
    Max: (node) => reduce("ReduceMax", node),
    Sum: (node) => reduce("ReduceSum", node),
    SplitV: ({ inputs: [x, parts, axis] }) =>
      graph.node("Split", [of(x), graph.ints(fixed(parts))], { axis: fixed(axis)[0] }, fixed(parts).length),
    Unpack: (node) =>
      Array.from({ length: attribute(node, "num") as number }, (_, i) =>
        graph.one("Gather", [of(node.inputs[0]), graph.ints([i], [])], {
          axis: attribute(node, "axis") as number,
        }),
      ),
  };

  const { layerNorm, gelu } = patternsOf({ nodeOf, numberOf, isWeight: (name) => name in weights });

  function outputsOf(node: GraphNode): readonly string[] {
    const norm = layerNorm(node);
    if (norm) {
      const { x, scale, shift, epsilon } = norm;
      const beta = shift === undefined ? noShift(weights[scale].shape) : of(shift);
      const attributes = { axis: -1, epsilon: { float: epsilon } };
      return [graph.one("LayerNormalization", [of(x), of(scale), beta], attributes)];
    }
    const turning = gelu(node);
    if (turning !== undefined) {
      // in the steps that onnxruntime knows and makes one of
      const x = of(turning),
        [half, one, root] = [0.5, 1, Math.SQRT2].map((value) => graph.float(value));
      const error = graph.one("Erf", [graph.one("Div", [x, root])]);
      return [graph.one("Mul", [graph.one("Mul", [x, graph.one("Add", [error, one])]), half])];
    }
    const rule = RULES[node.op];
    if (rule) return [rule(node)].flat();
    if (ALIKE[node.op]) return [graph.one(ALIKE[node.op], node.inputs.map(of))];
    throw new TraceRefusal(
      `no counterpart in ONNX for TensorFlow's op ${node.op}: add one to packages/onnx/convert.ts`,
    );
  }

  return of(output);
}

/** Maps below each other: [O1, I], [O2, I] … → [O, I]. */
function joined(parts: readonly Parameter[]): Parameter {
  const values = parts.map(({ value }) => value);
  const data = new Float32Array(values.reduce((sum, { data: one }) => sum + one.length, 0));
  let at = 0;
  for (const { data: one } of values) {
    data.set(one, at);
    at += one.length;
  }
  const shape = [values.reduce((sum, { shape: [rows] }) => sum + rows, 0), ...values[0].shape.slice(1)];
  return { name: parts.map(({ name }) => name).join(" and "), value: { shape, data } as HostArray };
}
