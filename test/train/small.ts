/**
 * A small model in layers and texts that it can learn: class 1 where token 9 stands, class 0 where token 8
 * does. No BERT.
 */
import { linear as map } from "../../lib/models/layers";
import { withAdapters } from "../../lib/models/lora";
import type { Layer, Model } from "../../lib/models/model";
import { sizeOf } from "../../lib/support/host-array";
import { Random } from "../../lib/support/random";
import type { Examples } from "../../lib/train/batches";
import { tf } from "../../packages/tfjs-graph/backend";
import { gather, gelu, meanOfTokens } from "../../packages/tfjs-graph/ops";
import type { TokenIds } from "../../packages/tokenizer";

const WIDTH = 8;
const SHAPES: Readonly<Record<string, readonly number[]>> = {
  "embeddings.weight": [10, WIDTH],
  "layer.0.weight": [WIDTH, WIDTH],
  "layer.0.bias": [WIDTH],
  "layer.1.weight": [WIDTH, WIDTH],
  "layer.1.bias": [WIDTH],
  "pooler.weight": [WIDTH, WIDTH],
  "pooler.bias": [WIDTH],
  "classifier.weight": [2, WIDTH],
  "classifier.bias": [2],
};

export interface Probe {
  /** Called when a layer is traced or run. */
  readonly onLayer?: (name: string) => void;
  readonly dropout?: number;
}

export function smallModel({ onLayer = () => {}, dropout = 0.1 }: Probe = {}, seed = 1): Model {
  const random = new Random(seed);
  const named = (name: string, output: Layer["output"], apply: Layer["apply"]): Layer => ({
    name,
    output,
    parameters: Object.keys(SHAPES).filter((key) => key.startsWith(`${name}.`)),
    apply(x, context) {
      onLayer(name);
      return context.dropout(apply(x, context), dropout);
    },
  });
  const linear =
    (name: string): Layer["apply"] =>
    (x, context) =>
      map(x as NonNullable<typeof x>, name, context);
  const layer = (name: string) => named(name, "sequence", (x, context) => gelu(linear(name)(x, context)));
  const layers = [
    named("embeddings", "sequence", (_, { parameters, inputs }) =>
      gather(parameters["embeddings.weight"], inputs.ids),
    ),
    layer("layer.0"),
    layer("layer.1"),
    named("pooler", "pooled", (x, context) =>
      tf.tanh(linear("pooler")(meanOfTokens(x as NonNullable<typeof x>, context.inputs.mask), context)),
    ),
    { ...named("classifier", "pooled", linear("classifier")), apply: linear("classifier") },
  ];
  const weights = Object.entries(SHAPES).map(
    ([name, shape]) =>
      [
        name,
        { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => 0.5 * random.normal()) },
      ] as const,
  );
  return { layers, weights: Object.fromEntries(weights), configuration: `small, seed ${seed}` };
}

/** The same with adapters of its two layers. */
export const adaptedModel = (probe?: Probe): Model =>
  withAdapters(smallModel(probe), { rank: 2, alpha: 4, targets: ["0", "1"] }, new Random(2));

export function smallExamples(count: number, seed = 1): Examples {
  const random = new Random(seed);
  const labels = Array.from({ length: count }, () => random.integer(2));
  const texts = labels.map((label): TokenIds => {
    const ids = Array.from({ length: 2 + random.integer(20) }, () => 1 + random.integer(7));
    ids[random.integer(ids.length)] = 8 + label;
    return { ids, segmentIds: ids.map(() => 0) };
  });
  return { texts, labels };
}
