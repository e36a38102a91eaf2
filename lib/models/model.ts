/**
 * A model as a row of layers, so that what is frozen can be cut off and cached without knowing what it is:
 * embeddings → layer.0 → … → layer.L-1 → pooler → head. A layer names the parameters that it reads.
 *
 * Shapes: B batch, T tokens, H hidden, C classes.
 */

import type { StepContext, Tensor } from "../../packages/tfjs-graph";
import type { Weights } from "../support/host-array";

/**
 * What a layer may read besides the tensor that flows through it; dropout gives x back at inference and in
 * frozen layers.
 */
export type Context = StepContext;
/** Named inputs of one batch, for instance ids, segmentIds and mask, each [B, T]. */
export type Inputs = StepContext["inputs"];

export interface Layer {
  readonly name: string;
  /** The parameters that this layer reads. A parameter read by two layers is listed in both. */
  readonly parameters: readonly string[];
  /** What comes out: a vector for every token, [B, T, H], or one for the text, [B, H] or [B, C]. */
  readonly output: "sequence" | "pooled";
  /** The first layer gets null and reads context.inputs. */
  apply(x: Tensor | null, context: Context): Tensor;
}

export interface Model {
  readonly layers: readonly Layer[];
  /** All parameters with their initial values. */
  readonly weights: Weights;
  /**
   * What decides the outputs beside the weights (heads, pooling, epsilons …), as text: features are kept
   * under it.
   */
  readonly configuration?: string;
  /**
   * A parameter [V, …] of which inputs.ids pick rows and that nothing else reads: rows that never occur need
   * no training.
   */
  readonly lookup?: string;
  /** The longest text in tokens; no limit if left out. */
  readonly maxTokens?: number;
}

/**
 * Runs `layers` in turn from `x`, which is null before the first layer of a model.
 * @throws if there are none to begin with
 */
export function applyLayers(layers: readonly Layer[], x: Tensor | null, context: Context): Tensor {
  const last = layers.reduce<Tensor | null>((before, layer) => layer.apply(before, context), x);
  if (last === null) throw new Error("a model needs at least one layer");
  return last;
}
