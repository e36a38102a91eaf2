/**
 * BERT's encoder (Devlin et al. 2019), as layers: embeddings, layer.0 … layer.L-1, pooler. Parameters have
 * the names and the [out, in] layout of Hugging Face's BertForSequenceClassification, so that folders are
 * read and written as they are.
 *
 * Shapes: B batch, T tokens, S tokens whose vectors are wanted, H hidden, N heads, D head width (H = N·D),
 * I intermediate, V vocabulary.
 */

import {
  attention,
  cutHeads,
  denseHeads,
  firstToken,
  gather,
  gelu,
  geluTanh,
  maskBias,
  mergeHeads,
  type Tensor,
  tf,
} from "../../../packages/tfjs-graph";
import { canonicalJson } from "../../support/files";
import type { Random } from "../../support/random";
import type { Shapes } from "../encoder";
import { adapted, linear, normalised, pair, randomWeights } from "../layers";
import type { Context, Layer, Model } from "../model";
import { meanPooling, type Pooling } from "../pooling";
import type { Activation, BertConfig } from "./config";
import { PARTS } from "./names";

export const ACTIVATE: Readonly<Record<Activation, (x: Tensor) => Tensor>> = {
  gelu,
  gelu_new: geluTanh,
  relu: (x) => tf.relu(x),
};

/**
 * Sum of word, position and segment embeddings, normalised; reads inputs.ids and inputs.segmentIds:
 * [B, T] → [B, T, H].
 */
function embeddings(config: BertConfig): Layer {
  const [words, positions, segments] = [PARTS.words, PARTS.positions, PARTS.segments].map(
    (name) => `${name}.weight`,
  );
  return {
    name: "embeddings",
    parameters: [words, positions, segments, ...pair(PARTS.embeddingNorm)],
    output: "sequence",
    apply(_, context) {
      const { parameters, inputs, dropout } = context;
      const tokens = inputs.ids.shape[1] ?? 0;
      if (tokens > config.maxPositions) {
        throw new Error(
          `a text of ${tokens} tokens, but the model has ${config.maxPositions} positions: truncate texts to that length`,
        );
      }
      const named = tf.add(
        gather(parameters[words], inputs.ids),
        gather(parameters[segments], inputs.segmentIds),
      );
      const sum = tf.add(named, tf.slice(parameters[positions], [0, 0], [tokens, config.hiddenSize]));
      return dropout(
        normalised(sum, PARTS.embeddingNorm, context, config.layerNormEpsilon),
        config.hiddenDropout,
      );
    },
  };
}

/**
 * Self-attention of layer `index` with dropout of its shares; reads inputs.mask.
 * @param asking the tokens whose vectors are wanted, [B, S, H]
 * @param x all tokens, [B, T, H]
 * @returns [B, S, H]
 */
function selfAttention(
  asking: Tensor,
  x: Tensor,
  index: number,
  context: Context,
  config: BertConfig,
): Tensor {
  const names = PARTS.layer(index);
  const heads = (of: Tensor, ...parts: readonly ("query" | "key" | "value")[]) =>
    denseHeads(
      of,
      parts.map((part) => pair(names[part]).map((name) => context.parameters[name]) as [Tensor, Tensor]),
      config.heads,
    ).map((cut, i) => {
      const more = adapted(of, names[parts[i]], context);
      return more ? tf.add(cut, cutHeads(more, config.heads)) : cut;
    });
  const parts =
    asking === x
      ? heads(x, "query", "key", "value")
      : [...heads(asking, "query"), ...heads(x, "key", "value")];
  const [query, key, value] = parts;
  const drop = (shares: Tensor) => context.dropout(shares, config.attentionDropout);
  return mergeHeads(attention({ query, key, value, bias: maskBias(context.inputs.mask), drop }));
}

/**
 * One Transformer layer with normalisation after each sum (Vaswani et al. 2017): [B, T, H] → [B, T, H]; reads
 * inputs.mask. Where only [CLS] is read of it, it computes nothing else: [B, T, H] → [B, H].
 */
function layer(index: number, config: BertConfig, wanted: "all tokens" | "first token"): Layer {
  const names = PARTS.layer(index);
  return {
    name: `layer.${index}`,
    parameters: Object.values(names).flatMap(pair),
    output: wanted === "all tokens" ? "sequence" : "pooled",
    apply(x, context) {
      if (x === null) throw new Error(`layer.${index} needs the layer before it`);
      const asking = wanted === "all tokens" ? x : tf.slice(x, [0, 0, 0], [x.shape[0], 1, config.hiddenSize]);
      const add = (sum: Tensor, more: Tensor, norm: string) =>
        normalised(
          tf.add(sum, context.dropout(more, config.hiddenDropout)),
          norm,
          context,
          config.layerNormEpsilon,
        );
      const attended = linear(selfAttention(asking, x, index, context, config), names.attended, context);
      const middle = add(asking, attended, names.attentionNorm);
      const wide = ACTIVATE[config.activation](linear(middle, names.wide, context)); // [B, S, I]
      const out = add(middle, linear(wide, names.out, context), names.outNorm);
      return wanted === "all tokens" ? out : firstToken(out);
    },
  };
}

/** tanh of a dense layer over the vector of a text, [B, H] → [B, H]. */
const pooler: Layer = {
  name: "pooler",
  parameters: pair(PARTS.pooler),
  output: "pooled",
  apply(x, context) {
    if (x === null) throw new Error("the pooler needs the layer before it");
    return tf.tanh(linear(x, PARTS.pooler, context));
  },
};

/** The shape of every parameter of the encoder, in the order of the model. */
export function bertShapes(config: BertConfig): Shapes {
  const { hiddenSize: hidden, intermediateSize: wide } = config;
  const shapes: Record<string, readonly number[]> = {
    [`${PARTS.words}.weight`]: [config.vocabularySize, hidden],
    [`${PARTS.positions}.weight`]: [config.maxPositions, hidden],
    [`${PARTS.segments}.weight`]: [config.tokenTypes, hidden],
  };
  const add = (name: string, out: number, weight: readonly number[]) => {
    shapes[`${name}.weight`] = weight;
    shapes[`${name}.bias`] = [out];
  };
  const norm = (name: string) => add(name, hidden, [hidden]);
  const map = (name: string, from: number, to: number) => add(name, to, [to, from]);
  norm(PARTS.embeddingNorm);
  for (let i = 0; i < config.layers; i++) {
    const names = PARTS.layer(i);
    for (const name of [names.query, names.key, names.value, names.attended]) map(name, hidden, hidden);
    norm(names.attentionNorm);
    map(names.wide, hidden, wide);
    map(names.out, wide, hidden);
    norm(names.outNorm);
  }
  map(PARTS.pooler, hidden, hidden);
  return shapes;
}

/**
 * BERT's encoder with random weights: inputs.ids, inputs.segmentIds (int32) and inputs.mask (float32),
 * [B, T] → [B, H], or [B, T, H] without its pooler where `pooling` is "none".
 */
export function bert(config: BertConfig, random: Random, pooling: Pooling | "none" = "cls"): Model {
  const wanted = (i: number) => (pooling === "cls" && i === config.layers - 1 ? "first token" : "all tokens");
  const middle = Array.from({ length: config.layers }, (_, i) => layer(i, config, wanted(i)));
  const pooled = pooling === "none" ? [] : pooling === "cls" ? [pooler] : [meanPooling(pooling), pooler];
  const layers = [embeddings(config), ...middle, ...pooled];
  const used = new Set(layers.flatMap(({ parameters }) => parameters));
  const shapes = Object.fromEntries(Object.entries(bertShapes(config)).filter(([name]) => used.has(name)));
  const weights = randomWeights(shapes, config.initializerRange, random);
  return {
    layers,
    weights,
    configuration: canonicalJson({ config, pooling }),
    maxTokens: config.maxPositions,
  };
}
