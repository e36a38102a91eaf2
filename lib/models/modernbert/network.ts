/**
 * ModernBERT's encoder (Warner et al. 2024), as layers: embeddings, layer.0 … layer.L-1, whose last one also
 * has the final normalisation, and as pooler the dense part of its classifier. Parameters have the names and
 * the [out, in] layout of Hugging Face's ModernBertForSequenceClassification.
 *
 * Shapes: B batch, T tokens, S tokens whose vectors are wanted, H hidden, N heads, D head width (H = N·D),
 * I intermediate, V vocabulary.
 */
import {
  attention,
  cutParts,
  firstToken,
  gather,
  geglu,
  maskBias,
  mergeHeads,
  rotary,
  rotaryAngles,
  type Tensor,
  tf,
  windowBias,
} from "../../../packages/tfjs-graph";
import type { Random } from "../../support/random";
import type { Shapes } from "../encoder";
import { ACTIVATE, linear, mapShapes, normalised, normShapes } from "../layers";
import type { Context, Layer, Model } from "../model";
import { networkOf, type Wanted } from "../network";
import type { Pooling } from "../poolings";
import type { ModernBertConfig } from "./config";
import { PARTS } from "./names";

/** The shapes of each layer's parameters, in the order of the model. */
function shapesOf(config: ModernBertConfig) {
  const { hiddenSize: hidden, intermediateSize: wide, biases } = config;
  const norm = (name: string) => normShapes(name, hidden, biases.norm);
  const layer = (index: number): Shapes => {
    const names = PARTS.layer(index);
    return {
      ...(index > 0 && norm(names.attentionNorm)),
      ...mapShapes(names.queryKeyValue, hidden, 3 * hidden, biases.attention),
      ...mapShapes(names.attended, hidden, hidden, biases.attention),
      ...norm(names.wideNorm),
      ...mapShapes(names.wide, hidden, 2 * wide, biases.mlp),
      ...mapShapes(names.out, wide, hidden, biases.mlp),
      ...(index === config.layers - 1 && norm(PARTS.finalNorm)),
    };
  };
  return {
    embeddings: {
      [`${PARTS.words}.weight`]: [config.vocabularySize, hidden],
      ...norm(PARTS.embeddingNorm),
    } as Shapes,
    layers: Array.from({ length: config.layers }, (_, i) => layer(i)),
    pooler: { ...mapShapes(PARTS.pooler, hidden, hidden, biases.head), ...norm(PARTS.poolerNorm) } as Shapes,
  };
}

/** The shape of every parameter of the encoder, in the order of the model. */
export function modernBertShapes(config: ModernBertConfig): Shapes {
  const { embeddings, layers, pooler } = shapesOf(config);
  return Object.assign({}, embeddings, ...layers, pooler) as Shapes;
}

/** Word embeddings, normalised: positions come in with attention. Reads inputs.ids, [B, T] → [B, T, H]. */
const embeddings = (config: ModernBertConfig): Layer => ({
  name: "embeddings",
  parameters: Object.keys(shapesOf(config).embeddings),
  output: "sequence",
  apply(_, context) {
    const { parameters, inputs, dropout } = context;
    const known = gather(parameters[`${PARTS.words}.weight`], inputs.ids);
    return dropout(normalised(known, PARTS.embeddingNorm, context, config.epsilon), config.dropout.embedding);
  },
});

/**
 * Self-attention of layer `index` with dropout of its shares; reads inputs.mask.
 * @param x all tokens, [B, T, H]
 * @param asking S, the number of those, from the first on, whose vectors are wanted
 * @returns [B, S, H]
 */
function selfAttention(x: Tensor, index: number, asking: number, context: Context, config: ModernBertConfig) {
  const { heads, globalEvery, base, hiddenSize } = config,
    [, tokens] = x.shape,
    width = hiddenSize / heads;
  const isGlobal = index % globalEvery === 0;
  const [queries, keys, value] = cutParts(linear(x, PARTS.layer(index).queryKeyValue, context), 3, heads);
  const angles = rotaryAngles(tokens, width, base[isGlobal ? "global" : "local"]);
  const [query, key] = [queries, keys].map((part) => rotary(part, angles));
  const padding = maskBias(context.inputs.mask);
  return mergeHeads(
    attention({
      query: asking === tokens ? query : tf.slice(query, [0, 0, 0, 0], [-1, -1, asking, -1]),
      key,
      value,
      bias: isGlobal ? padding : tf.add(padding, windowBias(asking, tokens, config.window)),
      drop: (shares) => context.dropout(shares, config.dropout.attention),
    }),
  );
}

/**
 * One Transformer layer with normalisation before each part (Xiong et al. 2020) and GeGLU (Shazeer 2020):
 * [B, T, H] → [B, T, H], or → [B, H] where only the first token is read of it; reads inputs.mask.
 */
function layer(index: number, config: ModernBertConfig, wanted: Wanted): Layer {
  const names = PARTS.layer(index);
  return {
    name: `layer.${index}`,
    parameters: Object.keys(shapesOf(config).layers[index]),
    output: wanted === "all tokens" ? "sequence" : "pooled",
    apply(x, context) {
      if (x === null) throw new Error(`layer.${index} needs the layer before it`);
      const { dropout } = context,
        [batch, tokens] = x.shape;
      const asking = wanted === "all tokens" ? tokens : 1;
      const kept = asking === tokens ? x : tf.slice(x, [0, 0, 0], [batch, asking, config.hiddenSize]);
      const norm = (y: Tensor, name: string) => normalised(y, name, context, config.epsilon);
      const ready = index === 0 ? x : norm(x, names.attentionNorm);
      const attended = linear(selfAttention(ready, index, asking, context, config), names.attended, context);
      const middle = tf.add(kept, dropout(attended, config.dropout.attention));
      const [turned, gate] = tf.split(linear(norm(middle, names.wideNorm), names.wide, context), 2, -1);
      const { activation } = config,
        gated = activation === "gelu" ? geglu(turned, gate) : tf.mul(ACTIVATE[activation](turned), gate);
      const wide = dropout(gated, config.dropout.mlp);
      const sum = tf.add(middle, linear(wide, names.out, context));
      const out = index === config.layers - 1 ? norm(sum, PARTS.finalNorm) : sum;
      return wanted === "all tokens" ? out : firstToken(out);
    },
  };
}

/** A dense layer over the vector of a text, an activation and a normalisation, [B, H] → [B, H]. */
const pooler = (config: ModernBertConfig): Layer => ({
  name: "pooler",
  parameters: Object.keys(shapesOf(config).pooler),
  output: "pooled",
  apply(x, context) {
    if (x === null) throw new Error("the pooler needs the layer before it");
    const turned = ACTIVATE[config.headActivation](linear(x, PARTS.pooler, context));
    return normalised(turned, PARTS.poolerNorm, context, config.epsilon);
  },
});

/** ModernBERT's encoder with random weights, as networkOf has it. */
export function modernBert(config: ModernBertConfig, random: Random, pooling: Pooling | "none"): Model {
  const parts = {
    config,
    shapes: modernBertShapes(config),
    embeddings: embeddings(config),
    layer: (i: number, wanted: Wanted) => layer(i, config, wanted),
    pooler: pooler(config),
  };
  return networkOf(parts, random, pooling);
}
