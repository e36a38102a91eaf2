/**
 * The messages of a model file, in protocol buffers (onnx/onnx.proto of ONNX 1.12, IR version 8). Pieces are
 * not joined: a tensor of the model may be as large as memory allows to hold once.
 */

export type Pieces = readonly Uint8Array[];

/** onnx.proto's numbers for types of elements (TensorProto.DataType). */
export const ElementType = { float32: 1, uint8: 2, int8: 3, int64: 7, bool: 9, float16: 10 } as const;
export type Element = keyof typeof ElementType;

export interface TensorValue {
  readonly shape: readonly number[];
  readonly type: Element;
  /** Little-endian. */
  readonly bytes: Uint8Array;
}

export type Attribute = number | readonly number[] | { readonly float: number };

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers, lists of them, and floats. */
  readonly attributes: Readonly<Record<string, Attribute>>;
}

interface Port {
  readonly name: string;
  readonly type: Element;
  /** A size, or the name of one that is open. */
  readonly shape: readonly (number | string)[];
}

interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly tensors: Readonly<Record<string, TensorValue>>;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** A whole number in 7-bit parts, the lowest first; one below 0 as its 64 bits. */
function varint(value: number): Uint8Array {
  const parts: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) parts.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...parts, Number(rest));
}

const sizeOfPieces = (pieces: Pieces) => pieces.reduce((sum, { length }) => sum + length, 0);

// a field is its number and wire type (0 varint, 2 length and bytes, 5 four bytes), then its value
const whole = (field: number, value: number): Pieces => [varint(field * 8), varint(value)];
const message = (field: number, ...parts: readonly Pieces[]): Pieces => {
  const pieces = parts.flat();
  return [varint(field * 8 + 2), varint(sizeOfPieces(pieces)), ...pieces];
};
const text = (field: number, value: string): Pieces => message(field, [Buffer.from(value)]);
const float = (field: number, value: number): Pieces => [
  varint(field * 8 + 5),
  new Uint8Array(Float32Array.of(value).buffer),
];

/** AttributeProto: 1 name, 2 float, 3 int, 8 ints, 20 type. */
function attribute(name: string, value: Attribute): Pieces {
  if (typeof value === "number") return [...text(1, name), ...whole(3, value), ...whole(20, 2)];
  if ("float" in value) return [...text(1, name), ...float(2, value.float), ...whole(20, 1)];
  return [...text(1, name), ...value.flatMap((one) => whole(8, one)), ...whole(20, 7)];
}

/** NodeProto: 1 input, 2 output, 3 name, 4 op_type, 5 attribute. */
const node = ({ op, inputs, outputs, attributes }: OnnxNode): Pieces => [
  ...inputs.flatMap((name) => text(1, name)),
  ...outputs.flatMap((name) => text(2, name)),
  ...text(3, outputs[0]),
  ...text(4, op),
  ...Object.entries(attributes).flatMap(([name, value]) => message(5, attribute(name, value))),
];

/** TensorProto: 1 dims, 2 data_type, 8 name, 9 raw_data. */
const tensor = (name: string, { shape, type, bytes }: TensorValue): Pieces => [
  ...shape.flatMap((size) => whole(1, size)),
  ...whole(2, ElementType[type]),
  ...text(8, name),
  ...message(9, [bytes]),
];

/**
 * ValueInfoProto: 1 name, 2 type: 1 tensor_type: 1 elem_type, 2 shape: 1 dim: 1 dim_value or 2 dim_param.
 */
function port({ name, type, shape }: Port): Pieces {
  const sizes = shape.map((size) => message(1, typeof size === "number" ? whole(1, size) : text(2, size)));
  return [...text(1, name), ...message(2, message(1, whole(1, ElementType[type]), message(2, ...sizes)))];
}

/** GraphProto: 1 node, 2 name, 5 initializer, 11 input, 12 output. */
const graphMessage = ({ name, nodes, tensors, inputs, outputs }: OnnxGraph): Pieces => [
  ...nodes.flatMap((one) => message(1, node(one))),
  ...text(2, name),
  ...Object.entries(tensors).flatMap(([key, value]) => message(5, tensor(key, value))),
  ...inputs.flatMap((one) => message(11, port(one))),
  ...outputs.flatMap((one) => message(12, port(one))),
];

/** What old runtimes read as well: onnxruntime from 1.13 on. */
const IR_VERSION = 8;
const OPSET = 17;

/** A message of protocol buffers has at most 2 GB; what is beyond would need files beside it. */
const LARGEST = 2 ** 31 - 1;

/**
 * The file of a model; ModelProto: 1 ir_version, 2 producer_name, 7 graph, 8 opset_import: 2 version.
 * @throws if it would be larger than such a file may be
 */
export function modelFile(graph: OnnxGraph): Pieces {
  const pieces = [
    ...whole(1, IR_VERSION),
    ...text(2, "komalab"),
    ...message(7, graphMessage(graph)),
    ...message(8, whole(2, OPSET)),
  ];
  const size = sizeOfPieces(pieces);
  if (size > LARGEST)
    throw new Error(
      `an ONNX file of ${size} bytes, but it may have ${LARGEST}: write it as f16 or int8 alone`,
    );
  return pieces;
}
