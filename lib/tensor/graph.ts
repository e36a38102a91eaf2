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

export class Graph {
  private readonly pb = messages();
  private readonly def = new this.pb.GraphDef();
  private readonly constants = new Map<string, string>();
  private count = 0;

  /**
   * Adds a node.
   * @param inputs names of nodes ("a", "a:1"), or "^a" to run after a
   * @returns its name, which is also its first output
   */
  node(op: string, inputs: readonly string[], attributes: readonly OpAttribute[] = [], name = `${op}_${this.count}`): string {
    const node = new this.pb.NodeDef();
    node.setName(name);
    node.setOp(op);
    inputs.forEach((input) => node.addInput(input));
    for (const attribute of attributes) node.getAttrMap().set(attribute.name, this.attribute(attribute));
    this.def.addNode(node);
    this.count++;
    return name;
  }

  /** A constant; equal constants share a node. */
  constant({ shape, dtype, bytes }: ConstantValue): string {
    const key = `${dtype} ${shape} ${Buffer.from(bytes).toString("base64")}`;
    const known = this.constants.get(key);
    if (known) return known;
    const tensor = new this.pb.Tensor();
    tensor.setDtype(dtype);
    tensor.setTensorShape(this.shape(shape));
    tensor.setTensorContent(bytes);
    const value = new this.pb.AttrValue();
    value.setTensor(tensor);
    const node = new this.pb.NodeDef();
    const name = `Const_${this.count++}`;
    node.setName(name);
    node.setOp("Const");
    node.getAttrMap().set("dtype", this.attribute({ name: "dtype", type: AttributeType.type, value: dtype }));
    node.getAttrMap().set("value", value);
    this.def.addNode(node);
    this.constants.set(key, name);
    return name;
  }

  scalar(value: number, dtype: "float32" | "int32" = "float32"): string {
    const data = dtype === "float32" ? Float32Array.of(value) : Int32Array.of(value);
    return this.constant({ shape: [], dtype: DataType[dtype], bytes: new Uint8Array(data.buffer) });
  }

  /** A node that is fed at every run. */
  placeholder(name: string, dtype: number, shape: readonly number[]): string {
    const attributes = [
      { name: "dtype", type: AttributeType.type, value: dtype },
      { name: "shape", type: AttributeType.shape, value: shape },
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
    const version = new this.pb.VersionDef();
    version.setProducer(PRODUCER);
    this.def.setVersions(version);
    const info = new this.pb.MetaGraphDef.MetaInfoDef();
    info.addTags("serve");
    const meta = new this.pb.MetaGraphDef();
    meta.setMetaInfoDef(info);
    meta.setGraphDef(this.def);
    const model = new this.pb.SavedModel();
    model.setSavedModelSchemaVersion(1);
    model.addMetaGraphs(meta);
    return model.serializeBinary();
  }

  private shape(dimensions: readonly number[]): Message {
    const shape = new this.pb.TensorShape();
    for (const size of dimensions) {
      const dimension = new this.pb.TensorShape.Dim();
      dimension.setSize(size);
      shape.addDim(dimension);
    }
    return shape;
  }

  private attribute({ name, type, value }: OpAttribute): Message {
    const holder = new this.pb.AttrValue();
    const kind = KINDS[type];
    if (!kind) throw new Error(`attribute ${name} has the unknown kind ${type}`);
    if (type === AttributeType.shape) return holder.setShape(this.shape(value as readonly number[])), holder;
    if (type === AttributeType.string) return holder.setS(Buffer.from(value as string)), holder;
    if (Array.isArray(value)) {
      const list = new this.pb.AttrValue.ListValue();
      list[`set${kind}List`](value);
      holder.setList(list);
    } else holder[`set${kind}`](value);
    return holder;
  }
}

const KINDS: Readonly<Record<number, string>> = {
  [AttributeType.string]: "S",
  [AttributeType.int]: "I",
  [AttributeType.float]: "F",
  [AttributeType.bool]: "B",
  [AttributeType.type]: "Type",
  [AttributeType.shape]: "Shape",
};
