/**
 * What turns a text's vector into classes: one linear layer, or a multilayer perceptron. B batch, H hidden, C
 * classes.
 */

import { firstToken, gather, tf } from "../../packages/tfjs-graph";
import { type HostArray, sizeOf, type Weights } from "../support/host-array";
import type { Random } from "../support/random";
import type { Encoder } from "./encoder";
import { linear, randomWeights } from "./layers";
import type { Layer, Model } from "./model";
import type { Pooling } from "./pooling";

/**
 * linear: Hugging Face's `classifier`; 3MLP: three layers `mlp.0` to `mlp.2` of width H, H and C with ReLU
 * between.
 */
export type Head = "linear" | "3MLP";

const MLP_LAYERS = 3;
/** BERT's, for heads over other vectors. */
const [LINEAR_DEVIATION, VECTOR_DROPOUT] = [0.02, 0.1];

/** The shapes of a head's parameters in order, [out, in] and [out]. */
function headShapes(head: Head, hidden: number, classes: number): Record<string, readonly number[]> {
  if (head === "linear") return { "classifier.weight": [classes, hidden], "classifier.bias": [classes] };
  const widths = Array.from({ length: MLP_LAYERS }, (_, i) => (i === MLP_LAYERS - 1 ? classes : hidden));
  return Object.fromEntries(
    widths.flatMap(
      (width, i) =>
        [
          [`mlp.${i}.weight`, [width, hidden]],
          [`mlp.${i}.bias`, [width]],
        ] as const,
    ),
  );
}

/**
 * PyTorch's initial values of nn.Linear, weights and biases uniform in ±1/√inputs: through several layers
 * BERT's deviation of .02 would leave signals, and so gradients, too small to start learning.
 */
function linearWeights(shapes: Readonly<Record<string, readonly number[]>>, random: Random): Weights {
  const inputs = shapes["mlp.0.weight"][1];
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const data = Float32Array.from(
        { length: sizeOf(shape) },
        () => (2 * random.uniform() - 1) / Math.sqrt(inputs),
      );
      return [name, { shape, data }];
    }),
  );
}

/** Logits from pooled vectors: [B, H] → [B, C]; dropout before each layer. */
function headLayer(head: Head, shapes: Readonly<Record<string, unknown>>, rate: number): Layer {
  return {
    name: "head",
    parameters: Object.keys(shapes),
    output: "pooled",
    apply(x, context) {
      if (x === null) throw new Error("the head needs the layer before it");
      if (head === "linear") return linear(context.dropout(x, rate), "classifier", context);
      let y = x;
      for (let i = 0; i < MLP_LAYERS; i++) {
        y = linear(context.dropout(y, rate), `mlp.${i}`, context);
        if (i < MLP_LAYERS - 1) y = tf.relu(y);
      }
      return y;
    },
  };
}

export interface ClassifierOptions {
  readonly head: Head;
  readonly classes: number;
  readonly pooling?: Pooling;
}

/** An encoder with a head, random weights: what is pre-trained is put in by `fill` (pretrained.ts). */
export function classifier(
  encoder: Encoder,
  { head, classes, pooling }: ClassifierOptions,
  random: Random,
): Model {
  const { config, names } = encoder;
  const network = encoder.network(random, pooling);
  const shapes = headShapes(head, config.hiddenSize, classes);
  return {
    ...network,
    lookup: names.wordEmbeddings,
    layers: [...network.layers, headLayer(head, shapes, config.classifierDropout)],
    weights: {
      ...network.weights,
      ...(head === "linear"
        ? randomWeights(shapes, config.initializerRange, random)
        : linearWeights(shapes, random)),
    },
  };
}

const VECTORS = "doc2vec.embeddings.vectors";

/** A head over fixed vectors [N, H]: each text is one token, whose id is its vector's row. */
export function vectorClassifier(
  vectors: HostArray,
  { head, classes }: ClassifierOptions,
  random: Random,
): Model {
  const shapes = headShapes(head, vectors.shape[1], classes);
  const lookUp: Layer = {
    name: "embeddings", // the freeze mode "fixed" leaves them as they are
    parameters: [VECTORS],
    output: "pooled",
    apply: (_, { parameters, inputs }) => firstToken(gather(parameters[VECTORS], inputs.ids)),
  };
  const fresh =
    head === "linear" ? randomWeights(shapes, LINEAR_DEVIATION, random) : linearWeights(shapes, random);
  return {
    layers: [lookUp, headLayer(head, shapes, VECTOR_DROPOUT)],
    weights: { [VECTORS]: vectors, ...fresh },
  };
}
