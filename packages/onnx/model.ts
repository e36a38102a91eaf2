/** A text classifier's network as an ONNX model: the function of tensors that TensorFlow computes, traced. */
import type { Weights } from "../../lib/support/host-array";
import { nodesOf, type StepContext, type Tensor } from "../tfjs-graph";
import { Builder } from "./builder";
import { convert } from "./convert";
import { ElementType, modelFile, type Pieces } from "./protobuf";
import { PROBES, sizesOf } from "./sizes";
import type { Precision } from "./weights";

/** B batch, T tokens, C classes. */
export interface TextNetwork {
  readonly weights: Weights;
  /** inputs.ids and inputs.segmentIds (int32), inputs.mask (float32), [B, T] → logits [B, C]. */
  readonly outputs: (context: StepContext) => Tensor;
}

const INT = "int32",
  FLOAT = "float32";
/** What a network calls its inputs → what transformers does; all int64. */
const NAMES = { ids: "input_ids", mask: "attention_mask", segmentIds: "token_type_ids" } as const;

/**
 * The bytes of an ONNX model, opset 17, that computes a network's logits for any number of texts of any
 * length: input_ids, attention_mask and, where the network reads segments, token_type_ids, int64 [B, T] →
 * logits, float32 [B, C].
 * @throws Error without native TensorFlow, or beyond 2 GB; TraceRefusal if the network has an operation that
 *   has no counterpart here
 */
export function onnxModel({ weights, outputs }: TextNetwork, precision: Precision = "f32"): Pieces {
  const parameters = Object.fromEntries(
    Object.entries(weights).map(([name, { shape }]) => [name, shape] as const),
  );
  const traces = PROBES.map(([batch, tokens]) => {
    const input = <T>(dtype: T) => ({ shape: [batch, tokens], dtype });
    return nodesOf({
      parameters,
      inputs: { ids: input(INT), segmentIds: input(INT), mask: input(FLOAT) },
      outputs,
    });
  });
  const [{ nodes, output, shapes }] = traces,
    graph = new Builder();
  const mask = graph.one("Cast", [NAMES.mask], { to: ElementType.float32 });
  const shape = graph.one("Shape", [NAMES.ids]);
  const size = (axis: number) => graph.one("Gather", [shape, graph.ints([axis], [])], { axis: 0 });
  const logits = convert(
    graph,
    {
      nodes,
      shapes,
      weights,
      sizes: sizesOf(traces.map((trace) => trace.nodes)),
      inputs: new Map([
        ["ids", NAMES.ids],
        ["segmentIds", NAMES.segmentIds],
        ["mask", mask],
      ]),
      batch: size(0),
      tokens: size(1),
    },
    output,
    precision,
  );
  const last = graph.nodes.map((node) =>
    node.outputs[0] === logits ? { ...node, outputs: ["logits"] } : node,
  );
  const read = new Set(last.flatMap(({ inputs }) => inputs));
  const [, classes] = shapes.get(output)!;
  return modelFile({
    name: "classifier",
    nodes: last,
    tensors: graph.tensors,
    inputs: Object.values(NAMES)
      .filter((name) => read.has(name))
      .map((name) => ({ name, type: "int64", shape: ["batch", "tokens"] })),
    outputs: [{ name: "logits", type: "float32", shape: ["batch", classes] }],
  });
}
