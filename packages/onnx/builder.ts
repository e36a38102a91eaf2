/** An ONNX graph under construction; what was asked for before is not made again. */
import type { Attribute, Element, OnnxNode, TensorValue } from "./protobuf";

export class Builder {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: Record<string, TensorValue> = {};
  private readonly made = new Map<string, readonly string[]>();

  /** The outputs of an operation, by default one. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    count = 1,
  ): readonly string[] {
    const key = JSON.stringify([op, inputs, attributes]);
    const known = this.made.get(key);
    if (known) return known;
    const outputs = Array.from(
      { length: count },
      (_, i) => `${op}_${this.nodes.length}${i > 0 ? `_${i}` : ""}`,
    );
    this.nodes.push({ op, inputs, outputs, attributes });
    this.made.set(key, outputs);
    return outputs;
  }

  /** The output of an operation that has one. */
  one(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.node(op, inputs, attributes)[0];
  }

  /** A tensor of the file, made once. */
  tensor(name: string, make: () => TensorValue): string {
    this.tensors[name] ??= make();
    return name;
  }

  /** A small tensor, named by its values. */
  constant(type: Element, shape: readonly number[], bytes: Uint8Array): string {
    const name = `${type}[${shape}] ${Buffer.from(bytes).toString("hex")}`;
    const known = this.made.get(name);
    if (known) return known[0];
    const short = `constant_${this.made.size}`;
    this.made.set(name, [short]);
    return this.tensor(short, () => ({ type, shape, bytes }));
  }

  ints(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.constant("int64", shape, new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
  }

  float(value: number): string {
    return this.constant("float32", [], new Uint8Array(Float32Array.of(value).buffer));
  }
}
