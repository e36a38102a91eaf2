/**
 * A TensorFlow graph under construction, and the saved model that tfjs-node's binding can load. Messages are
 * tfjs-node's own (tensorflow/core/framework/graph.proto, attr_value.proto;
 * tensorflow/core/protobuf/saved_model.proto).
 */
import { AttributeType, DataType, type OpAttribute } from "./native";

/** The setters of tfjs-node's generated messages that are used here; the package has no types for them. */
interface Message {
  [method: string]: (...values: readonly unknown[]) => Message;
}
type MessageClass = new () => Message;
interface Messages {
  GraphDef: MessageClass & { prototype: Message };
  NodeDef: MessageClass;
  AttrValue: MessageClass & { ListValue: MessageClass };
  TensorShape: MessageClass & { Dim: MessageClass };
  Tensor: MessageClass;
  VersionDef: MessageClass;
  MetaGraphDef: MessageClass & { MetaInfoDef: MessageClass };
  SavedModel: new () => Message & { serializeBinary(): Uint8Array };
}
// Loaded when the first graph is made: wasm has no need of it.
const messages = (): Messages => require("@tensorflow/tfjs-node-gpu/dist/proto/api_pb") as Messages;

/** A version of the graph format that TensorFlow 2.x reads with the meaning that ops have today. */
const PRODUCER = 1882;

export interface ConstantValue {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly bytes: Uint8Array;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Names of nodes ("a", "a:1"), or "^a" to run after a. */
  readonly inputs: readonly string[];
  readonly attributes: readonly OpAttribute[];
  /** Of an op Const. */
  readonly value?: ConstantValue;
}

export class Graph {
  private readonly made: GraphNode[] = [];

  /** @param prefix of the names of nodes that are not named otherwise */
  constructor(private readonly prefix = "") {}

  get nodes(): readonly GraphNode[] {
    return this.made;
  }

  append(nodes: readonly GraphNode[]): void {
    for (const node of nodes) this.made.push(node); // too many for a spread
  }

  /** Puts in the place of each node what `change` makes of it, under the same name. */
  change(change: (node: GraphNode) => GraphNode): void {
    this.made.forEach((node, i) => (this.made[i] = change(node)));
  }

  /**
   * Adds a node.
   * @returns its name, which is also its first output
   */
  node(
    op: string,
    inputs: readonly string[],
    attributes: readonly OpAttribute[] = [],
    name = this.nextName(op),
  ): string {
    this.made.push({ name, op, inputs, attributes });
    return name;
  }

  constant(value: ConstantValue): string {
    const name = this.nextName("Const");
    const attributes = [{ name: "dtype", type: AttributeType.type, value: value.dtype }];
    this.made.push({ name, op: "Const", inputs: [], attributes, value });
    return name;
  }

  scalar(value: number, dtype: "float32" | "int32" = "float32"): string {
    const data = dtype === "float32" ? Float32Array.of(value) : Int32Array.of(value);
    return this.constant({ shape: [], dtype: DataType[dtype], bytes: new Uint8Array(data.buffer) });
  }

  /** A node that is fed at every run. @param shape sizes below 0 are any, and may differ */
  placeholder(name: string, dtype: number, shape: readonly number[]): string {
    const attributes = [
      { name: "dtype", type: AttributeType.type, value: dtype },
      { name: "shape", type: AttributeType.shape, value: shape.map((size) => Math.max(-1, size)) },
    ];
    return this.node("Placeholder", [], attributes, name);
  }

  /** A node to fetch when `inputs` shall have run: the binding can only fetch outputs. */
  after(inputs: readonly string[], name: string): string {
    const done = this.scalar(0, "int32");
    const attributes = [{ name: "T", type: AttributeType.type, value: DataType.int32 }];
    return this.node("Identity", [done, ...inputs.map((input) => `^${input}`)], attributes, name);
  }

  /** The saved model with this graph alone. Equal graphs give equal bytes. */
  savedModel(): Uint8Array {
    const pb = messages();
    const def = new pb.GraphDef();
    for (const node of this.made) def.addNode(nodeMessage(pb, node));
    const version = new pb.VersionDef();
    version.setProducer(PRODUCER);
    def.setVersions(version);
    const info = new pb.MetaGraphDef.MetaInfoDef();
    info.addTags("serve");
    const meta = new pb.MetaGraphDef();
    meta.setMetaInfoDef(info);
    meta.setGraphDef(def);
    const model = new pb.SavedModel();
    model.setSavedModelSchemaVersion(1);
    model.addMetaGraphs(meta);
    return model.serializeBinary();
  }

  private nextName(op: string): string {
    return `${this.prefix}${op}_${this.made.length}`;
  }
}

function nodeMessage(pb: Messages, { name, op, inputs, attributes, value }: GraphNode): Message {
  const node = new pb.NodeDef();
  node.setName(name);
  node.setOp(op);
  inputs.forEach((input) => node.addInput(input));
  for (const attribute of attributes) node.getAttrMap().set(attribute.name, attributeMessage(pb, attribute));
  if (value) {
    const tensor = new pb.Tensor();
    tensor.setDtype(value.dtype);
    tensor.setTensorShape(shapeMessage(pb, value.shape));
    tensor.setTensorContent(value.bytes);
    const holder = new pb.AttrValue();
    holder.setTensor(tensor);
    node.getAttrMap().set("value", holder);
  }
  return node;
}

function shapeMessage(pb: Messages, sizes: readonly number[]): Message {
  const shape = new pb.TensorShape();
  for (const size of sizes) {
    const dimension = new pb.TensorShape.Dim();
    dimension.setSize(size);
    shape.addDim(dimension);
  }
  return shape;
}

function attributeMessage(pb: Messages, { name, type, value }: OpAttribute): Message {
  const holder = new pb.AttrValue();
  const kind = KINDS[type];
  if (!kind) throw new Error(`attribute ${name} has the unknown kind ${type}`);
  if (type === AttributeType.shape) {
    holder.setShape(shapeMessage(pb, value as readonly number[]));
    return holder;
  }
  if (type === AttributeType.string) {
    holder.setS(Buffer.from(value as string));
    return holder;
  }
  if (Array.isArray(value)) {
    const list = new pb.AttrValue.ListValue();
    list[`set${kind}List`](value);
    holder.setList(list);
  } else holder[`set${kind}`](value);
  return holder;
}

const KINDS: Readonly<Record<number, string>> = {
  [AttributeType.string]: "S",
  [AttributeType.int]: "I",
  [AttributeType.float]: "F",
  [AttributeType.bool]: "B",
  [AttributeType.type]: "Type",
  [AttributeType.shape]: "Shape",
};
