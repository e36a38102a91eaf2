/**
 * What is left to compute of a model once its frozen beginning is known, and its batches as inputs. B batch,
 * T tokens, H hidden.
 */

import {
  ANY,
  type GraphShapes,
  type HostInputs,
  type StepContext,
  shapesOf,
  type Tensor,
} from "../../packages/tfjs-graph";
import type { Model } from "../models/model";
import type { Weights } from "../support/host-array";
import type { OnProgress } from "../support/progress";
import type { TokenIds } from "../tokenizer/tokenizer";
import { type BatchPlan, labelInputs, tokenInputs, tokenShapes } from "./batches";
import { type Features, featuresOf, splitModel, weightsOf } from "./features";
import type { Freeze } from "./freeze";

/** Texts with their classes, numbered from 0. */
export interface Examples {
  readonly texts: readonly TokenIds[];
  readonly labels: readonly number[];
  /** The texts as people read them, for messages. */
  readonly lines?: readonly string[];
}

export interface Tail {
  readonly trainable: readonly string[];
  readonly weights: Weights;
  /** Logits [B, C]. */
  readonly apply: (context: StepContext) => Tensor;
  /** Undefined if nothing at the beginning is frozen. */
  readonly features?: Features;
}

export interface TailOptions {
  readonly model: Model;
  readonly freeze: Freeze;
  readonly texts: readonly TokenIds[];
  readonly cache: "disk" | "memory";
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Cuts the model and computes the features of `texts`. */
export async function tailOf({ model, freeze, ...rest }: TailOptions): Promise<Tail> {
  const { prefix, tail, trainable } = splitModel(model, freeze);
  const apply = (context: StepContext) => {
    let x: Tensor | null = prefix.length > 0 ? context.inputs.features : null;
    for (const layer of tail) {
      const trained = layer.parameters.some((name) => freeze(name));
      x = layer.apply(x, trained ? context : { ...context, dropout: (y) => y });
    }
    return x as Tensor;
  };
  const features = prefix.length > 0 ? await featuresOf({ model, prefix, ...rest }) : undefined;
  return { trainable, weights: weightsOf(model, tail), apply, features };
}

export interface FeedOptions {
  readonly batchSize: number;
  /** Of frozen layers. */
  readonly features?: Features;
  /** The model's limit, in tokens. */
  readonly longest?: number;
  /** Rows of the inputs, B: less than a batch where it is computed in parts. */
  readonly rows?: number;
}

/**
 * Texts as batches of inputs: ids, segmentIds and mask [B, T]; with features [B, T, H] of frozen layers, or
 * these alone if they are [B, H].
 */
export class Feed implements BatchPlan {
  readonly lengths: readonly number[];
  readonly batchSize: number;
  readonly longest: number | undefined;
  readonly rows: number;
  private readonly features: Features | undefined;

  constructor(
    readonly texts: readonly TokenIds[],
    { batchSize, features, longest, rows = batchSize }: FeedOptions,
  ) {
    this.lengths = texts.map((text) => (features?.output === "pooled" ? 1 : text.ids.length));
    this.batchSize = batchSize;
    this.longest = longest;
    this.rows = rows;
    this.features = features;
  }

  /** The inputs of one batch, or a part of it, of `tokens` tokens, filled up with empty rows. */
  inputs(items: readonly number[], tokens: number): HostInputs {
    const { features, rows } = this,
      texts = items.map((item) => this.texts[item]);
    if (!features) return tokenInputs(texts, rows, tokens);
    const { output, width } = features,
      length = output === "pooled" ? 1 : tokens;
    const data = new Float32Array(rows * length * width);
    texts.forEach((text, row) => data.set(features.of(text), row * length * width));
    return output === "pooled"
      ? { features: { shape: [rows, width], data } }
      : { features: { shape: [rows, tokens, width], data }, ...tokenInputs(texts, rows, tokens) };
  }

  /** The shapes of all batches, with labels and weights for training. */
  shapes(labelled: boolean): GraphShapes {
    const { features, rows } = this,
      tokens = tokenShapes(rows);
    const vectors = (shape: readonly number[]): GraphShapes => ({ features: { shape, dtype: "float32" } });
    const inputs = !features
      ? tokens
      : features.output === "pooled"
        ? vectors([rows, features.width])
        : { ...vectors([rows, ANY, features.width]), ...tokens };
    return labelled ? { ...inputs, ...shapesOf(labelInputs([], [], rows)) } : inputs;
  }
}
