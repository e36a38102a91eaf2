/**
 * Writes down what a function of tensors does, as nodes of a graph, without doing it. tfjs-node's binding is
 * replaced meanwhile: an op gets an id, and the shape that it would give. Ids are negative, so that tfjs-node
 * never asks the real binding to free them.
 */

import { type Tensor, tf } from "./backend";
import type { Precision } from "./engine-types";
import type { Graph } from "./graph";
import {
  AttributeType,
  type Binding,
  type BindingTensor,
  boolAttribute,
  DataType,
  nativeBackend,
  type OpAttribute,
  typeAttribute,
} from "./native";
import { outputsOf, type Shape, TraceRefusal, type Typed } from "./shapes";

/** A constant beyond this size is somebody's weights: they belong among the parameters. */
const LARGEST_CONSTANT = 1 << 20;
/** Stages that reorder mark what they made (tensorflow/core/grappler/optimizers/arithmetic_optimizer.cc). */
const AS_WRITTEN = ["MinimizeBroadcasts", "AddOpsRewriteStage"].map((stage) =>
  boolAttribute(`_grappler_ArithmeticOptimizer_${stage}`, true),
);
const PRODUCTS = new Set(["MatMul", "BatchMatMulV2"]);

interface Recorded extends Typed {
  /** "node" or "node:1"; a constant has none until something reads it. */
  reference?: string;
  readonly bytes?: Uint8Array;
}

export class Recorder {
  private readonly recorded = new Map<number, Recorded>();
  private readonly lowered = new Map<string, string>(); // operands of products, cast
  private marks: readonly OpAttribute[] = [];
  private next = -2; // -1 is tfjs-node's "not yet on the device"

  /** @param precision of matrix products */
  constructor(
    private readonly graph: Graph,
    private readonly precision: Precision = "float32",
  ) {}

  /** A tensor that stands for an output of a node. */
  tensor(reference: string, { shape, dtype }: Typed): Tensor {
    return nativeBackend().createOutputTensor(this.add({ shape, dtype, reference }));
  }

  /** The shapes of what was recorded, by its reference. */
  shapes(): ReadonlyMap<string, Shape> {
    return new Map(
      [...this.recorded.values()].flatMap(({ reference, shape }) =>
        reference === undefined ? [] : [[reference, shape] as const],
      ),
    );
  }

  /** The node's output that a tensor made while recording stands for. */
  reference(tensor: Tensor): string {
    return this.referenceOf(nativeBackend().getInputTensorIds([tensor])[0]);
  }

  /** The tensor again, as a node that runs after those of `earlier`: TensorFlow takes it for no copy. */
  after(tensor: Tensor, earlier: readonly Tensor[]): Tensor {
    const [id] = nativeBackend().getInputTensorIds([tensor]),
      { shape, dtype } = this.find(id);
    const nodes = earlier.map((one) => `^${this.reference(one).split(":")[0]}`);
    const attributes = [{ name: "T", type: AttributeType.type, value: dtype }];
    return this.tensor(this.graph.node("Identity", [this.referenceOf(id), ...nodes], attributes), {
      shape,
      dtype,
    });
  }

  /** Records `work`, of whose nodes TensorFlow's optimiser is told that it has been there. */
  asWritten<T>(work: () => T): T {
    const before = this.marks;
    this.marks = AS_WRITTEN;
    try {
      return work();
    } finally {
      this.marks = before;
    }
  }

  /**
   * Runs `work` inside a tf.tidy; its ops become nodes.
   * @throws TraceRefusal if it calls an op without a shape rule, reads a value, or uses a tensor made
   *   elsewhere
   */
  record(work: () => void): void {
    const backend = nativeBackend();
    const real = backend.binding;
    const replaced: Partial<Binding> = {
      createTensor: (shape, dtype, values) =>
        this.add({ shape: [...shape], dtype, bytes: copyOf(values) }).id,
      deleteTensor: (id) => (id >= 0 ? real.deleteTensor(id) : undefined),
      tensorDataSync: (id) => this.valuesOf(id),
      executeOp: (op, attributes, inputs) => this.execute(op, attributes, inputs),
    };
    backend.binding = Object.create(real, Object.getOwnPropertyDescriptors(replaced)) as Binding;
    try {
      tf.tidy(work);
    } finally {
      backend.binding = real;
    }
  }

  private add(recorded: Recorded): BindingTensor {
    const id = this.next--;
    this.recorded.set(id, recorded);
    return { id, shape: [...recorded.shape], dtype: recorded.dtype };
  }

  private find(id: number): Recorded {
    const found = this.recorded.get(id);
    if (found) return found;
    throw new TraceRefusal("the step uses a tensor made outside it: pass it as an input or a parameter");
  }

  private execute(op: string, attributes: readonly OpAttribute[], ids: readonly number[]): BindingTensor[] {
    const inputs = ids.map((id) => this.find(id));
    const ints = (i: number) => Array.from(this.valuesOf(ids[i]));
    const outputs = outputsOf({ op, inputs, attributes, ints });
    // tfjs-node leaves the type of this one for eager TensorFlow to find; a graph must name it.
    const missing =
      op === "ExpandDims" ? [{ name: "T", type: AttributeType.type, value: inputs[0].dtype }] : [];
    const references = ids.map((id) => this.referenceOf(id));
    const lowered = this.precision === "bfloat16" && PRODUCTS.has(op);
    const name = lowered
      ? this.lowProduct(op, attributes, references)
      : this.graph.node(op, references, [...attributes, ...missing, ...this.marks]);
    return outputs.map((output, i) => this.add({ ...output, reference: i === 0 ? name : `${name}:${i}` }));
  }

  /** The product of operands cast to bfloat16, cast back. */
  private lowProduct(op: string, attributes: readonly OpAttribute[], operands: readonly string[]): string {
    const low = operands.map((operand) => {
      const known = this.lowered.get(operand) ?? this.cast(operand, "float32", "bfloat16");
      this.lowered.set(operand, known);
      return known;
    });
    const typed = attributes.map((attribute) =>
      attribute.name === "T" ? typeAttribute("T", "bfloat16") : attribute,
    );
    return this.cast(this.graph.node(op, low, typed), "bfloat16", "float32");
  }

  private cast(operand: string, from: keyof typeof DataType, to: keyof typeof DataType): string {
    return this.graph.node(
      "Cast",
      [operand],
      [typeAttribute("SrcT", from), typeAttribute("DstT", to), boolAttribute("Truncate", false)],
    );
  }

  private referenceOf(id: number): string {
    const found = this.find(id);
    found.reference ??= this.constant(found);
    return found.reference;
  }

  /** A number repeated, as tfjs makes it for the gradient of a sum, is a Fill: small whatever its shape. */
  private constant({ shape, dtype, bytes = new Uint8Array() }: Recorded): string {
    const numbers = dtype === DataType.float32 ? new Float32Array(Uint8Array.from(bytes).buffer) : [];
    if (numbers.length > 1 && numbers.every((number) => number === numbers[0])) {
      const dims = this.graph.constant({
        shape: [shape.length],
        dtype: DataType.int32,
        bytes: copyOf(Int32Array.from(shape)),
      });
      return this.graph.node(
        "Fill",
        [dims, this.graph.scalar(numbers[0])],
        [typeAttribute("T", "float32"), typeAttribute("index_type", "int32")],
      );
    }
    if (bytes.length > LARGEST_CONSTANT)
      throw new TraceRefusal(
        `the step makes a constant of ${bytes.length} bytes, [${shape}]: pass it as an input`,
      );
    return this.graph.constant({ shape, dtype, bytes });
  }

  private valuesOf(id: number): Float32Array | Int32Array | Uint8Array {
    const { bytes, dtype } = this.find(id);
    if (!bytes) throw new TraceRefusal("the step reads a tensor's values while it is traced");
    const { buffer } = Uint8Array.from(bytes);
    if (dtype === DataType.int32) return new Int32Array(buffer);
    return dtype === DataType.float32 ? new Float32Array(buffer) : new Uint8Array(buffer);
  }
}

const copyOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength));
