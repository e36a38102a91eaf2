/**
 * BERT's encoder (Devlin et al. 2019), and others that compute as it does, as layers: embeddings, layer.0 …
 * layer.L-1, pooler. Parameters have the names and the [out, in] layout of Hugging Face's classifiers, so
 * that folders are read and written as they are.
 *
 * Shapes: B batch, T tokens, S tokens whose vectors are wanted, H hidden, E width of the embeddings (H in
 * BERT), N heads, D head width (H = N·D), I intermediate, V vocabulary.
 */

import {
  attention,
  cutHeads,
  firstToken,
  gather,
  maskBias,
  mergeHeads,
  type Tensor,
  tf,
} from "../../../packages/tfjs-graph";
import type { Random } from "../../support/random";
import type { Shapes } from "../encoder";
import type { Activation } from "../fields";
import { ACTIVATE, linear, mapShapes, normalised, normShapes, pair } from "../layers";
import type { Context, Layer, Model } from "../model";
import { networkOf, type Wanted } from "../network";
import type { Pooling } from "../poolings";
import type { BertConfig } from "./config";
import type { BertParts } from "./names";

/** An encoder that computes as BERT does. */
export interface BertLike {
  readonly config: BertConfig;
  readonly parts: BertParts;
  /** Of the pooler. */
  readonly activation: "tanh" | Activation;
  /** Whether the dropout before the classifier stands before the pooler too. */
  readonly poolerDropout: boolean;
  /** Whether all tokens are of the first segment, whatever is given. */
  readonly oneSegment?: boolean;
}

/**
 * Sum of word, position and segment embeddings, normalised; reads inputs.ids and inputs.segmentIds:
 * [B, T] → [B, T, H].
 */
function embeddings({ config, parts, oneSegment }: BertLike): Layer {
  const { firstPosition = 0, embeddingSize = config.hiddenSize } = config,
    { projection } = parts;
  const [words, positions, segments] = [parts.words, parts.positions, parts.segments].map(
    (name) => `${name}.weight`,
  );
  const segmentsOf = ({ parameters, inputs }: Context) =>
    oneSegment
      ? tf.slice(parameters[segments], [0, 0], [1, embeddingSize])
      : gather(parameters[segments], inputs.segmentIds);
  return {
    name: "embeddings",
    parameters: [
      words,
      positions,
      ...(config.tokenTypes > 0 ? [segments] : []),
      ...pair(parts.embeddingNorm),
      ...(projection ? pair(projection) : []),
    ],
    output: "sequence",
    apply(_, context) {
      const { parameters, inputs, dropout } = context;
      const tokens = inputs.ids.shape[1] ?? 0;
      if (tokens > config.maxPositions) {
        throw new Error(
          `a text of ${tokens} tokens, but the model has ${config.maxPositions} positions: truncate texts to that length`,
        );
      }
      const known = gather(parameters[words], inputs.ids);
      const named = config.tokenTypes > 0 ? tf.add(known, segmentsOf(context)) : known;
      const sum = tf.add(named, tf.slice(parameters[positions], [firstPosition, 0], [tokens, embeddingSize]));
      const normal = dropout(
        normalised(sum, parts.embeddingNorm, context, config.layerNormEpsilon),
        config.hiddenDropout,
      );
      return projection ? linear(normal, projection, context) : normal;
    },
  };
}

/**
 * Self-attention of a layer with dropout of its shares; reads inputs.mask.
 * @param asking the tokens whose vectors are wanted, [B, S, H]
 * @param x all tokens, [B, T, H]
 * @returns [B, S, H]
 */
function selfAttention(
  asking: Tensor,
  x: Tensor,
  names: ReturnType<BertParts["layer"]>,
  context: Context,
  config: BertConfig,
): Tensor {
  const heads = (of: Tensor, part: "query" | "key" | "value") =>
    cutHeads(linear(of, names[part], context), config.heads);
  const [query, key, value] = [heads(asking, "query"), heads(x, "key"), heads(x, "value")];
  const drop = (shares: Tensor) => context.dropout(shares, config.attentionDropout);
  return mergeHeads(attention({ query, key, value, bias: maskBias(context.inputs.mask), drop }));
}

/**
 * One Transformer layer with normalisation after each sum (Vaswani et al. 2017): [B, T, H] → [B, T, H]; reads
 * inputs.mask. Where only [CLS] is read of it, it computes nothing else: [B, T, H] → [B, H].
 */
function layer(index: number, { config, parts }: BertLike, wanted: Wanted): Layer {
  const names = parts.layer(index),
    { hiddenDropout, attendedDropout = hiddenDropout } = config;
  return {
    name: `layer.${index}`,
    parameters: Object.values(names).flatMap(pair),
    output: wanted === "all tokens" ? "sequence" : "pooled",
    apply(x, context) {
      if (x === null) throw new Error(`layer.${index} needs the layer before it`);
      const asking = wanted === "all tokens" ? x : tf.slice(x, [0, 0, 0], [x.shape[0], 1, config.hiddenSize]);
      const add = (sum: Tensor, more: Tensor, norm: string) =>
        normalised(tf.add(sum, more), norm, context, config.layerNormEpsilon);
      const attended = linear(selfAttention(asking, x, names, context, config), names.attended, context);
      const middle = add(asking, context.dropout(attended, attendedDropout), names.attentionNorm);
      const wide = ACTIVATE[config.activation](linear(middle, names.wide, context)); // [B, S, I]
      const narrow = context.dropout(linear(wide, names.out, context), hiddenDropout);
      const out = add(middle, narrow, names.outNorm);
      return wanted === "all tokens" ? out : firstToken(out);
    },
  };
}

/** An activation of a dense layer over the vector of a text, [B, H] → [B, H]. */
const pooler = ({ config, parts, activation, poolerDropout }: BertLike): Layer => ({
  name: "pooler",
  parameters: pair(parts.pooler),
  output: "pooled",
  apply(x, context) {
    if (x === null) throw new Error("the pooler needs the layer before it");
    const kept = poolerDropout ? context.dropout(x, config.classifierDropout) : x;
    const turned = linear(kept, parts.pooler, context);
    return activation === "tanh" ? tf.tanh(turned) : ACTIVATE[activation](turned);
  },
});

/** The shape of every parameter of the encoder, in the order of the model. */
export function bertShapes({ config, parts }: BertLike): Shapes {
  const { hiddenSize: hidden, intermediateSize: wide, embeddingSize = hidden, firstPosition = 0 } = config;
  const layers = Array.from({ length: config.layers }, (_, i) => {
    const names = parts.layer(i);
    const square = [names.query, names.key, names.value, names.attended];
    return [
      ...square.map((name) => mapShapes(name, hidden, hidden)),
      normShapes(names.attentionNorm, hidden),
      mapShapes(names.wide, hidden, wide),
      mapShapes(names.out, wide, hidden),
      normShapes(names.outNorm, hidden),
    ];
  });
  return Object.assign(
    {
      [`${parts.words}.weight`]: [config.vocabularySize, embeddingSize],
      [`${parts.positions}.weight`]: [firstPosition + config.maxPositions, embeddingSize],
    },
    parts.segments && { [`${parts.segments}.weight`]: [config.tokenTypes, embeddingSize] },
    normShapes(parts.embeddingNorm, embeddingSize),
    parts.projection && mapShapes(parts.projection, embeddingSize, hidden),
    ...layers.flat(),
    mapShapes(parts.pooler, hidden, hidden),
  ) as Shapes;
}

/** The encoder with random weights, as networkOf has it. */
export function bertNetwork(like: BertLike, random: Random, pooling: Pooling | "none" = "cls"): Model {
  const parts = {
    config: like.config,
    shapes: bertShapes(like),
    embeddings: embeddings(like),
    layer: (i: number, wanted: Wanted) => layer(i, like, wanted),
    pooler: pooler(like),
  };
  return networkOf(parts, random, pooling);
}
