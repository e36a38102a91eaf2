/** What TensorFlow's ops give, by shape and type alone: enough to trace a step without running it. */

import { sizeOf } from "../../lib/support/host-array";
import { DataType, type OpAttribute } from "./native";

export type Shape = readonly number[];
export interface Typed {
  readonly shape: Shape;
  readonly dtype: number;
}

interface OpCall {
  readonly op: string;
  readonly inputs: readonly Typed[];
  readonly attributes: readonly OpAttribute[];
  /** The values of input i, which must be a constant made in the step: axes, sizes, permutations. */
  ints(i: number): readonly number[];
}

/** Only an op without a rule is refused by this error; a trace can then fall back to eager steps. */
export class TraceRefusal extends Error {}

type ShapeRule = (call: OpCall) => Shape;

const attribute = (call: OpCall, name: string) => call.attributes.find((one) => one.name === name)?.value;

/** The shape of an elementwise op on two tensors (NumPy's broadcasting). @throws if there is none */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new Error(`shapes [${a}] and [${b}] do not fit together`);
    return x === 1 ? y : x;
  });
}

const likeFirst: ShapeRule = ({ inputs }) => inputs[0].shape;
const both: ShapeRule = ({ inputs }) => broadcast(inputs[0].shape, inputs[1].shape);

const reduction: ShapeRule = (call) => {
  const { shape } = call.inputs[0];
  const axes = call.ints(1).map((axis) => (axis + shape.length) % shape.length);
  if (attribute(call, "keep_dims")) return shape.map((size, i) => (axes.includes(i) ? 1 : size));
  return shape.filter((_, i) => !axes.includes(i));
};

const product =
  (transposeA: string, transposeB: string): ShapeRule =>
  (call) => {
    const [a, b] = call.inputs.map((input) => input.shape);
    const turnA = attribute(call, transposeA) ? 1 : 0;
    const turnB = attribute(call, transposeB) ? 1 : 0;
    const [columns, rows] = [a[a.length - 1 - turnA], b[b.length - 2 + turnB]];
    if (columns !== rows)
      throw new Error(`${call.op} of [${a}] and [${b}]: ${columns} columns against ${rows} rows`);
    return [...broadcast(a.slice(0, -2), b.slice(0, -2)), a[a.length - 2 + turnA], b[b.length - 1 - turnB]];
  };

const reshape: ShapeRule = (call) => {
  const sizes = call.ints(1);
  const known = sizeOf(sizes.filter((size) => size >= 0));
  return sizes.map((size) => (size < 0 ? sizeOf(call.inputs[0].shape) / known : size));
};

const RULES: Record<string, ShapeRule> = {
  MatMul: product("transpose_a", "transpose_b"),
  BatchMatMul: product("adj_x", "adj_y"),
  BatchMatMulV2: product("adj_x", "adj_y"),
  Reshape: reshape,
  Transpose: (call) => call.ints(1).map((axis) => call.inputs[0].shape[axis]),
  ExpandDims: (call) => {
    const [axis] = call.ints(1);
    const { shape } = call.inputs[0];
    const at = axis < 0 ? axis + shape.length + 1 : axis;
    return [...shape.slice(0, at), 1, ...shape.slice(at)];
  },
  GatherV2: (call) => {
    const [axis] = call.ints(2);
    const [{ shape }, ids] = call.inputs;
    return [...shape.slice(0, axis), ...ids.shape, ...shape.slice(axis + 1)];
  },
  Slice: (call) => {
    const begin = call.ints(1);
    return call.ints(2).map((size, i) => (size < 0 ? call.inputs[0].shape[i] - begin[i] : size));
  },
  PadV2: (call) => {
    const padding = call.ints(1);
    return call.inputs[0].shape.map((size, i) => size + padding[2 * i] + padding[2 * i + 1]);
  },
  Tile: (call) => {
    const times = call.ints(1);
    return call.inputs[0].shape.map((size, i) => size * times[i]);
  },
  ConcatV2: (call) => {
    const parts = call.inputs.slice(0, -1).map((input) => input.shape);
    const [axis] = call.ints(parts.length);
    const at = (axis + parts[0].length) % parts[0].length;
    return parts[0].map((size, i) => (i === at ? parts.reduce((sum, part) => sum + part[i], 0) : size));
  },
  Fill: (call) => call.ints(0),
  Range: (call) => {
    const [start, end, step] = [0, 1, 2].map((i) => call.ints(i)[0]);
    return [Math.ceil((end - start) / step)];
  },
  OneHot: (call) => [...call.inputs[0].shape, call.ints(1)[0]],
  UnsortedSegmentSum: (call) => [call.ints(2)[0], ...call.inputs[0].shape.slice(call.inputs[1].shape.length)],
  StatelessRandomUniformFullInt: (call) => call.ints(0),
  Pack: (call) => {
    const [{ shape }] = call.inputs;
    const at = attribute(call, "axis") as number;
    return [...shape.slice(0, at), call.inputs.length, ...shape.slice(at)];
  },
  BiasAddGrad: ({ inputs }) => inputs[0].shape.slice(-1),
  SelectV2: ({ inputs }) =>
    inputs.slice(1).reduce((shape, input) => broadcast(shape, input.shape), inputs[0].shape),
  Select: ({ inputs }) => inputs[1].shape,
};
for (const op of ["Sum", "Mean", "Max", "Min", "Prod"]) RULES[op] = reduction;

const COMPARISONS = [
  "GreaterEqual",
  "Greater",
  "LessEqual",
  "Less",
  "Equal",
  "NotEqual",
  "LogicalAnd",
  "LogicalOr",
];
const BOOLEAN = new Set([...COMPARISONS, "LogicalNot", "IsNan"]);
const OF_TWO =
  "Add AddV2 Sub Mul RealDiv Div DivNoNan FloorDiv Pow Maximum Minimum SquaredDifference TanhGrad SigmoidGrad ReluGrad LeftShift";
for (const op of [...OF_TWO.split(" "), ...COMPARISONS]) RULES[op] = both;

const OF_ONE =
  "AddN Cast Square Sqrt Rsqrt Neg Exp Erf Tanh Log Log1p Softmax LogSoftmax BiasAdd Identity ZerosLike OnesLike Reciprocal Relu " +
  "ReverseSequence Sigmoid LogicalNot IsNan Sign Abs Sin Cos Floor Step Softplus Cumsum";
for (const op of OF_ONE.split(" ")) RULES[op] = likeFirst;

function typeOf(call: OpCall): number {
  if (BOOLEAN.has(call.op)) return DataType.bool;
  if (call.op === "Cast") return attribute(call, "DstT") as number;
  if (call.op === "StatelessRandomUniformFullInt") return attribute(call, "dtype") as number;
  if (call.op === "OneHot") return call.inputs[2].dtype;
  if (["Fill", "Select", "SelectV2"].includes(call.op)) return call.inputs[1].dtype;
  return call.inputs[0].dtype;
}

/**
 * The outputs of an op.
 * @throws TraceRefusal if there is no rule for it; an Error if the shapes cannot be
 */
export function outputsOf(call: OpCall): Typed[] {
  if (call.op === "SparseSoftmaxCrossEntropyWithLogits") {
    const [{ shape, dtype }] = call.inputs;
    return [
      { shape: shape.slice(0, 1), dtype },
      { shape, dtype },
    ];
  }
  if (call.op === "BlockLSTMV2") {
    const [, { shape, dtype }, start] = call.inputs;
    return Array.from({ length: 7 }, () => ({ shape: [...shape.slice(0, 2), start.shape[1]], dtype }));
  }
  if (call.op === "KomalabLstmGradient") {
    const [{ shape, dtype }] = call.inputs;
    return [{ shape: [...shape.slice(0, 2), 4 * shape[2]], dtype }];
  }
  if (call.op === "BlockLSTMGradV2") return call.inputs.slice(1, 9); // gradients are shaped as what they are of
  if (call.op === "Unpack" || call.op === "SplitV") {
    const [{ shape, dtype }] = call.inputs;
    const [axis] = call.op === "Unpack" ? [attribute(call, "axis")] : call.ints(2);
    const sizes =
      call.op === "Unpack"
        ? Array.from({ length: attribute(call, "num") as number }, () => [])
        : call.ints(1).map((size) => [size]);
    return sizes.map((size) => ({ shape: shape.flatMap((all, i) => (i === axis ? size : [all])), dtype }));
  }
  const rule = RULES[call.op];
  if (!rule)
    throw new TraceRefusal(
      `no shape rule for TensorFlow's op ${call.op}: add one to packages/tfjs-graph/shapes.ts`,
    );
  return [{ shape: rule(call), dtype: typeOf(call) }];
}
