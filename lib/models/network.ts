/** An encoder's network from its parts: embeddings, layers, pooling. B batch, T tokens, H hidden. */
import { canonicalJson } from "../support/files";
import type { Random } from "../support/random";
import type { EncoderConfig, Shapes } from "./encoder";
import { randomWeights } from "./layers";
import type { Layer, Model } from "./model";
import { meanOfLastFour, poolingShapes, tokenPooling } from "./pooling";
import { checkPooling, type Pooling } from "./poolings";

interface Parts {
  readonly config: EncoderConfig;
  /** Of every parameter. */
  readonly shapes: Shapes;
  readonly embeddings: Layer;
  /** `wanted`: of all tokens, [B, T, H], or of the first alone, [B, H], which is all that is read. */
  layer(index: number, wanted: Wanted): Layer;
  /** [B, H] → [B, H]. */
  readonly pooler: Layer;
}

/** The tokens whose vectors are wanted of a layer. */
export type Wanted = "all tokens" | "first token";

/**
 * An encoder with random weights: inputs.ids, inputs.segmentIds (int32) and inputs.mask (float32), [B, T] →
 * [B, H], or [B, T, H] without its pooler where `pooling` is "none".
 * @throws if there are too few layers for the pooling
 */
export function networkOf(
  { config, shapes, embeddings, layer, pooler }: Parts,
  random: Random,
  pooling: Pooling | "none",
): Model {
  checkPooling(pooling, config.layers);
  const own = Array.from({ length: config.layers }, (_, i) =>
    layer(i, pooling === "cls" && i === config.layers - 1 ? "first token" : "all tokens"),
  );
  const middle = pooling === "last4" ? meanOfLastFour(own) : own;
  const pooled = pooling === "none" ? [] : pooling === "cls" ? [pooler] : [tokenPooling(pooling), pooler];
  const layers = [embeddings, ...middle, ...pooled];
  const used = new Set(layers.flatMap(({ parameters }) => parameters));
  const all = { ...shapes, ...poolingShapes(pooling, config.hiddenSize) },
    read = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)));
  return {
    layers,
    weights: randomWeights(read, config.initializerRange, random),
    configuration: canonicalJson({ config, pooling }),
    maxTokens: config.maxPositions,
  };
}
