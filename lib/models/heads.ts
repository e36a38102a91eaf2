/**
 * What turns a text's vector into classes: one linear layer, or a multilayer perceptron. B batch, H hidden, C
 * classes.
 */

import { firstToken, gather, tf } from "../../packages/tfjs-graph";
import type { HostArray } from "../support/host-array";
import type { Random } from "../support/random";
import type { Encoder, EncoderConfig, Shapes } from "./encoder";
import { linear, linearWeights, pair, randomWeights } from "./layers";
import type { Layer, Model } from "./model";
import type { Pooling } from "./poolings";

/**
 * linear: Hugging Face's classifier, a map by the encoder's name for it; 3MLP: three layers `mlp.0` to
 * `mlp.2` of width H, H and C with ReLU between.
 */
export type Head = "linear" | "3MLP";

export interface ClassifierOptions {
  readonly head: Head;
  readonly classes: number;
  readonly pooling?: Pooling;
  /**
   * Multi-sample dropout (Inoue 2019): logits are the mean of so many passes, each with masks of its own, so
   * that a step sees more of them; without dropout all passes are alike.
   */
  readonly dropoutSamples?: number;
}

type Below = Pick<EncoderConfig, "hiddenSize" | "classifierDropout" | "initializerRange"> & {
  /** The map of a linear head. */
  readonly map: string;
};

/**
 * The model with a head: logits from pooled vectors, [B, H] → [B, C]; dropout before each map, ReLU between
 * them.
 */
function withHead(
  model: Model,
  { head, classes, dropoutSamples = 1 }: ClassifierOptions,
  below: Below,
  random: Random,
): Model {
  const { hiddenSize, classifierDropout, initializerRange, map } = below;
  const maps = head === "linear" ? [map] : ["mlp.0", "mlp.1", "mlp.2"];
  const shapes: Shapes = Object.fromEntries(
    maps.flatMap((name, i) => {
      const width = i === maps.length - 1 ? classes : hiddenSize;
      const [weight, bias] = pair(name);
      return [
        [weight, [width, hiddenSize]],
        [bias, [width]],
      ];
    }),
  );
  const layer: Layer = {
    name: "head",
    parameters: Object.keys(shapes),
    output: "pooled",
    apply(x, context) {
      if (x === null) throw new Error("the head needs the layer before it");
      const pass = () =>
        maps.reduce(
          (y, name, i) => linear(context.dropout(i > 0 ? tf.relu(y) : y, classifierDropout), name, context),
          x,
        );
      const passes = Array.from({ length: dropoutSamples }, pass);
      return passes.length === 1 ? passes[0] : tf.div(tf.addN(passes), passes.length);
    },
  };
  const weights =
    head === "linear"
      ? randomWeights(shapes, initializerRange, random)
      : linearWeights(shapes, hiddenSize, random);
  return { ...model, layers: [...model.layers, layer], weights: { ...model.weights, ...weights } };
}

/** An encoder with a head, random weights: what is pre-trained is put in by `fill` (pretrained.ts). */
export function classifier(encoder: Encoder, options: ClassifierOptions, random: Random): Model {
  const network = encoder.network(random, options.pooling),
    { config, names } = encoder;
  const below = { ...config, map: names.classifier };
  return withHead({ ...network, lookup: names.wordEmbeddings }, options, below, random);
}

const VECTORS = "doc2vec.embeddings.vectors";

/** A head over fixed vectors [N, H]: each text is one token, whose id is its vector's row. */
export function vectorClassifier(vectors: HostArray, options: ClassifierOptions, random: Random): Model {
  const lookUp: Layer = {
    name: "embeddings", // the freeze mode "fixed" leaves them as they are
    parameters: [VECTORS],
    output: "pooled",
    apply: (_, { parameters, inputs }) => firstToken(gather(parameters[VECTORS], inputs.ids)),
  };
  const as = { classifierDropout: 0.1, initializerRange: 0.02, map: "classifier" }; // BERT's
  const below = { hiddenSize: vectors.shape[1], ...as };
  return withHead({ layers: [lookUp], weights: { [VECTORS]: vectors } }, options, below, random);
}
