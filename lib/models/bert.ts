/**
 * BERT's encoder (Devlin et al. 2019), as stages: embeddings, layer.0 … layer.L-1, pooler. Parameters have
 * the names and the [out, in] layout of Hugging Face's BertForSequenceClassification, so that checkpoints are
 * read and written as they are.
 *
 * Shapes: B batch, T tokens, H hidden, N heads, D head width (H = N·D), I intermediate, V vocabulary.
 */

import {
  attention,
  dense,
  denseHeads,
  firstToken,
  gather,
  gelu,
  geluTanh,
  layerNorm,
  maskBias,
  meanOfTokens,
  mergeHeads,
  type Tensor,
  tf,
} from "../../packages/tfjs-graph";
import { canonicalJson } from "../support/files";
import { type HostArray, sizeOf, type Weights } from "../support/host-array";
import type { Random } from "../support/random";
import type { Activation, BertConfig } from "./config";
import type { Context, Model, Stage } from "./model";
import type { Pooling } from "./pooling";
import { ownTokens } from "./segments";

export const ACTIVATE: Readonly<Record<Activation, (x: Tensor) => Tensor>> = {
  gelu,
  gelu_new: geluTanh,
  relu: (x) => tf.relu(x),
};

/** y = x Wᵀ + b with the parameters `${name}.weight` [out, in] and `${name}.bias` [out]; x [..., in]. */
export function linear(x: Tensor, name: string, { parameters }: Context): Tensor {
  return dense(x, parameters[`${name}.weight`], parameters[`${name}.bias`]);
}

/**
 * Layer normalisation over the last axis (Ba et al. 2016) with `${name}.weight` and `${name}.bias`, both [H].
 */
export function normalised(x: Tensor, name: string, { parameters }: Context, epsilon: number): Tensor {
  return layerNorm(x, parameters[`${name}.weight`], parameters[`${name}.bias`], epsilon);
}

const pair = (name: string) => [`${name}.weight`, `${name}.bias`];

const EMBEDDINGS = "bert.embeddings";
export const WORD_EMBEDDINGS = `${EMBEDDINGS}.word_embeddings.weight`;

/**
 * Sum of word, position and type embeddings, normalised; reads inputs.ids and inputs.types, [B, T] → [B, T,
 * H].
 */
function embeddings(config: BertConfig): Stage {
  const positions = `${EMBEDDINGS}.position_embeddings.weight`;
  const types = `${EMBEDDINGS}.token_type_embeddings.weight`;
  return {
    name: "embeddings",
    parameters: [WORD_EMBEDDINGS, positions, types, ...pair(`${EMBEDDINGS}.LayerNorm`)],
    gives: "tokens",
    apply(_, context) {
      const { parameters, inputs, dropout } = context;
      const tokens = inputs.ids.shape[1] ?? 0;
      if (tokens > config.maxPositions) {
        throw new Error(
          `a text of ${tokens} tokens, but the model has ${config.maxPositions} positions: truncate texts to that length`,
        );
      }
      const words = tf.add(
        gather(parameters[WORD_EMBEDDINGS], inputs.ids),
        gather(parameters[types], inputs.types),
      );
      const sum = tf.add(words, tf.slice(parameters[positions], [0, 0], [tokens, config.hiddenSize]));
      return dropout(
        normalised(sum, `${EMBEDDINGS}.LayerNorm`, context, config.layerNormEpsilon),
        config.hiddenDropout,
      );
    },
  };
}

/**
 * Self-attention with dropout of its shares; reads inputs.mask.
 * @param asking the tokens whose vectors are wanted, [B, S, H]
 * @param x all tokens, [B, T, H]
 * @returns [B, S, H]
 */
function selfAttention(
  asking: Tensor,
  x: Tensor,
  root: string,
  context: Context,
  config: BertConfig,
): Tensor {
  const heads = (of: Tensor, ...parts: readonly string[]) =>
    denseHeads(
      of,
      parts.map(
        (part) => pair(`${root}.${part}`).map((name) => context.parameters[name]) as [Tensor, Tensor],
      ),
      config.heads,
    );
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
function layer(index: number, config: BertConfig, wanted: "all tokens" | "first token"): Stage {
  const root = `bert.encoder.layer.${index}`;
  const names = [
    ...["query", "key", "value"].map((part) => `${root}.attention.self.${part}`),
    `${root}.attention.output.dense`,
    `${root}.attention.output.LayerNorm`,
    `${root}.intermediate.dense`,
    `${root}.output.dense`,
    `${root}.output.LayerNorm`,
  ];
  return {
    name: `layer.${index}`,
    parameters: names.flatMap(pair),
    gives: wanted === "all tokens" ? "tokens" : "text",
    apply(x, context) {
      if (x === null) throw new Error(`layer.${index} needs the stage before it`);
      const asking = wanted === "all tokens" ? x : tf.slice(x, [0, 0, 0], [x.shape[0], 1, config.hiddenSize]);
      const add = (sum: Tensor, more: Tensor, name: string) =>
        normalised(
          tf.add(sum, context.dropout(more, config.hiddenDropout)),
          `${name}.LayerNorm`,
          context,
          config.layerNormEpsilon,
        );
      const attended = linear(
        selfAttention(asking, x, `${root}.attention.self`, context, config),
        `${root}.attention.output.dense`,
        context,
      );
      const middle = add(asking, attended, `${root}.attention.output`);
      const wide = ACTIVATE[config.activation](linear(middle, `${root}.intermediate.dense`, context)); // [B, S, I]
      const out = add(middle, linear(wide, `${root}.output.dense`, context), `${root}.output`);
      return wanted === "all tokens" ? out : firstToken(out);
    },
  };
}

/**
 * The mean of tokens, [B, T, H] → [B, H]; reads inputs.mask and inputs.types. A stage of its own: where all
 * below it is frozen, it is computed once a text.
 */
const meanPooling = (pooling: "mean" | "own"): Stage => ({
  name: `${pooling} pooling`,
  parameters: [],
  gives: "text",
  apply(x, { inputs: { mask, types } }) {
    if (x === null) throw new Error("pooling needs the stage before it");
    return meanOfTokens(x, pooling === "own" ? ownTokens(mask, types) : mask);
  },
});

/** tanh of a dense layer over the vector of a text, [B, H] → [B, H]. */
const pooler: Stage = {
  name: "pooler",
  parameters: pair("bert.pooler.dense"),
  gives: "text",
  apply(x, context) {
    if (x === null) throw new Error("the pooler needs the stage before it");
    return tf.tanh(linear(x, "bert.pooler.dense", context));
  },
};

/** The shape of every parameter of the encoder, in the order of the model. */
export function bertShapes(config: BertConfig): Readonly<Record<string, readonly number[]>> {
  const { hiddenSize: hidden, intermediateSize: wide } = config;
  const shapes: Record<string, readonly number[]> = {};
  const norm = (name: string) => pair(name).forEach((parameter) => (shapes[parameter] = [hidden]));
  const map = (name: string, from: number, to: number) => {
    shapes[`${name}.weight`] = [to, from];
    shapes[`${name}.bias`] = [to];
  };
  shapes[WORD_EMBEDDINGS] = [config.vocabularySize, hidden];
  shapes[`${EMBEDDINGS}.position_embeddings.weight`] = [config.maxPositions, hidden];
  shapes[`${EMBEDDINGS}.token_type_embeddings.weight`] = [config.tokenTypes, hidden];
  norm(`${EMBEDDINGS}.LayerNorm`);
  for (let i = 0; i < config.layers; i++) {
    const root = `bert.encoder.layer.${i}`;
    for (const part of ["query", "key", "value"]) map(`${root}.attention.self.${part}`, hidden, hidden);
    map(`${root}.attention.output.dense`, hidden, hidden);
    norm(`${root}.attention.output.LayerNorm`);
    map(`${root}.intermediate.dense`, hidden, wide);
    map(`${root}.output.dense`, wide, hidden);
    norm(`${root}.output.LayerNorm`);
  }
  map("bert.pooler.dense", hidden, hidden);
  return shapes;
}

/** Hugging Face's initial values: normal with the given deviation, biases 0, LayerNorm's weights 1. */
export function randomWeights(
  shapes: Readonly<Record<string, readonly number[]>>,
  deviation: number,
  random: Random,
): Weights {
  const values = (name: string, shape: readonly number[]): HostArray => {
    const data = new Float32Array(sizeOf(shape));
    if (name.endsWith("LayerNorm.weight")) data.fill(1);
    else if (!name.endsWith("bias"))
      for (let i = 0; i < data.length; i++) data[i] = deviation * random.normal();
    return { shape, data };
  };
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, values(name, shape)]));
}

/** BERT's encoder with random weights, without its pooler where `pooling` is "none". */
export function bert(config: BertConfig, random: Random, pooling: Pooling | "none" = "cls"): Model {
  const wanted = (i: number) => (pooling === "cls" && i === config.layers - 1 ? "first token" : "all tokens");
  const layers = Array.from({ length: config.layers }, (_, i) => layer(i, config, wanted(i)));
  const pooled = {
    none: [],
    cls: [pooler],
    mean: [meanPooling("mean"), pooler],
    own: [meanPooling("own"), pooler],
  }[pooling];
  const stages = [embeddings(config), ...layers, ...pooled];
  const used = new Set(stages.flatMap((stage) => stage.parameters));
  const shapes = Object.fromEntries(Object.entries(bertShapes(config)).filter(([name]) => used.has(name)));
  const weights = randomWeights(shapes, config.initializerRange, random);
  return {
    stages,
    weights,
    configuration: canonicalJson({ config, pooling }),
    maxTokens: config.maxPositions,
  };
}
