/**
 * How parameters stand in the file, and the operations that read them: as float32; as half floats, which are
 * made float32 again before anything is computed; or as int8 with a scale for each row of a table and each
 * output of a map, whose inputs are rounded when they come with a scale for each token: one scale for all of
 * a batch, as DynamicQuantizeLinear gives, was three times as far from float32 with the built-in model, and
 * let a text's logits depend on the batch's others.
 */
import type { HostArray } from "../../lib/support/host-array";
import { encodeHalf } from "../hf-files";
import type { Builder } from "./builder";
import { ElementType, type TensorValue } from "./protobuf";

/** int8-table: int8 with one scale for all rows of a table, as common quantisers have it, to compare with. */
export type Precision = "f32" | "f16" | "int8" | "int8-table";

/** A parameter with its name, or several of them below each other. */
export interface Parameter {
  readonly name: string;
  readonly value: HostArray;
}

interface WeightOps {
  /** A parameter as it is. */
  read(parameter: Parameter): string;
  /** Rows of a table [V, E]; ids int64 of any shape. */
  rows(table: Parameter, ids: string): string;
  /** x wᵀ of x [M, I] and a map [O, I]. */
  product(x: string, map: Parameter): string;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength);

const floats = ({ shape, data }: HostArray): TensorValue => ({
  shape,
  type: "float32",
  bytes: bytesOf(data),
});
const halves = ({ shape, data }: HostArray): TensorValue => ({
  shape,
  type: "float16",
  bytes: encodeHalf(data),
});

/** [O, I] → [I, O]. */
function transposed<T extends Float32Array | Int32Array | Int8Array>(data: T, rows: number): T {
  const columns = data.length / rows,
    turned = data.slice() as T;
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) turned[c * rows + r] = data[r * columns + c];
  return turned;
}

const turned = ({ shape: [rows, columns], data }: HostArray): HostArray => ({
  shape: [columns, rows],
  data: transposed(data, rows),
});

/**
 * Rows of whole numbers from -127 to 127, each with the scale that its largest number asks for, or all with
 * that of the largest of all.
 */
function roundedRows({ shape: [rows, columns], data }: HostArray, together = false) {
  const values = new Int8Array(data.length),
    scales = new Float32Array(rows);
  let all = 0;
  if (together) for (const value of data) all = Math.max(all, Math.abs(value));
  for (let r = 0; r < rows; r++) {
    let largest = all;
    for (let i = r * columns; i < (r + 1) * columns; i++) largest = Math.max(largest, Math.abs(data[i]));
    const scale = (scales[r] = largest === 0 ? 1 : largest / 127);
    for (let i = r * columns; i < (r + 1) * columns; i++) values[i] = Math.round(data[i] / scale);
  }
  return { values, scales };
}

const TO_FLOAT = { to: ElementType.float32 };

/** Rows of a table that stand there as they are, or with a cast. */
const gather = (graph: Builder, table: string, ids: string) => graph.one("Gather", [table, ids], { axis: 0 });

function inFloats(graph: Builder): WeightOps {
  const read = ({ name, value }: Parameter) => graph.tensor(name, () => floats(value));
  return {
    read,
    rows: (table, ids) => gather(graph, read(table), ids),
    product: (x, { name, value }) =>
      graph.one("MatMul", [x, graph.tensor(`${name} transposed`, () => floats(turned(value)))]),
  };
}

/** Vectors stay float32: they are few, and a normalisation's are the ones that count. */
function inHalves(graph: Builder): WeightOps {
  const cast = (x: string) => graph.one("Cast", [x], TO_FLOAT);
  const half = (name: string, value: HostArray) => graph.tensor(name, () => halves(value));
  return {
    read: ({ name, value }) =>
      value.shape.length < 2 ? graph.tensor(name, () => floats(value)) : cast(half(name, value)),
    rows: ({ name, value }, ids) => cast(gather(graph, half(name, value), ids)),
    product: (x, { name, value }) =>
      graph.one("MatMul", [x, cast(half(`${name} transposed`, turned(value)))]),
  };
}

/**
 * Maps are stored as uint8 around 128: products of uint8 inputs and int8 weights overflow in the 16-bit sums
 * of x86 processors without VNNI (onnxruntime's documentation, "Quantize ONNX Models", U8S8); those of uint8
 * and uint8 are exact on every machine.
 */
const ZERO = 128;

/**
 * Tables of fewer rows stay float32: nothing is saved, and a row of the segments is in every token, so that
 * its error does not even out (ten times the error of the whole table of words, with the built-in model).
 */
const FEWEST_ROWS = 256;

/** No row of inputs is rounded by less: one of zeros would be divided by 0. */
const SMALLEST = 1e-30;

function inBytes(graph: Builder, scaled: "each row" | "whole table" = "each row"): WeightOps {
  const { read } = inFloats(graph);
  const rounded = new Map<string, ReturnType<typeof roundedRows>>();
  const rowsOf = ({ name, value }: Parameter, together = false) => {
    const known = rounded.get(name) ?? roundedRows(value, together);
    rounded.set(name, known);
    return known;
  };
  const scalesOf = (parameter: Parameter, shape: readonly number[]) =>
    graph.tensor(`${parameter.name} scales`, () => ({
      shape,
      type: "float32",
      bytes: bytesOf(rowsOf(parameter).scales),
    }));
  return {
    read,
    rows(table, ids) {
      if (table.value.shape[0] < FEWEST_ROWS) return gather(graph, read(table), ids);
      const {
        name,
        value: { shape },
      } = table;
      const together = scaled === "whole table",
        { values, scales } = rowsOf(table, together);
      const whole = graph.tensor(name, () => ({ shape, type: "int8", bytes: bytesOf(values) }));
      const rows = graph.one("Cast", [gather(graph, whole, ids)], TO_FLOAT);
      if (together) return graph.one("Mul", [rows, graph.float(scales[0])]);
      return graph.one("Mul", [rows, gather(graph, scalesOf(table, [shape[0], 1]), ids)]);
    },
    product(x, map) {
      const {
        name,
        value: {
          shape: [outputs, inputs],
        },
      } = map;
      const whole = graph.tensor(`${name} transposed`, () => ({
        shape: [inputs, outputs],
        type: "uint8",
        bytes: Uint8Array.from(transposed(rowsOf(map).values, outputs), (value) => value + ZERO),
      }));
      const zeros = graph.tensor(`${name} zeros`, () => ({
        shape: [outputs],
        type: "uint8",
        bytes: new Uint8Array(outputs).fill(ZERO),
      }));
      const largest = graph.one("ReduceMax", [graph.one("Abs", [x])], { axes: [-1], keepdims: 0 }); // [M]
      const step = graph.one("Mul", [largest, graph.float(1 / 127)]);
      const ofRow = graph.one("Max", [step, graph.float(SMALLEST)]);
      const zero = graph.constant("uint8", [], Uint8Array.of(ZERO));
      const each = graph.one("Expand", [zero, graph.one("Shape", [ofRow])]);
      const bytes = graph.one("QuantizeLinear", [x, ofRow, each], { axis: 0 });
      const sums = graph.one("Cast", [graph.one("MatMulInteger", [bytes, whole, zero, zeros])], TO_FLOAT);
      const ofToken = graph.one("Mul", [sums, graph.one("Unsqueeze", [ofRow, graph.ints([1])])]);
      return graph.one("Mul", [ofToken, scalesOf(map, [outputs])]);
    },
  };
}

export const weightOps: Readonly<Record<Precision, (graph: Builder) => WeightOps>> = {
  f32: inFloats,
  f16: inHalves,
  int8: inBytes,
  "int8-table": (graph) => inBytes(graph, "whole table"),
};
