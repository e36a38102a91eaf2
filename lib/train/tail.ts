/**
 * What is left to compute of a model once its frozen beginning is known, and its batches as inputs. B batch, T
 * tokens, H hidden.
 */
import type { Model } from "../models/model";
import type { OnProgress } from "../progress";
import type { Weights } from "../tensor/array";
import type { Tensor } from "../tensor/backend";
import { shapesOf, type GraphShapes, type HostInputs, type StepContext } from "../tensor/engine-types";
import type { Encoding } from "../text/tokenizer";
import { bucketsFor, labelInputs, tokenInputs, type BatchPlan } from "./batches";
import { featuresOf, splitModel, weightsOf, type Features } from "./features";
import type { Freeze } from "./freeze";

/** Texts with their classes, numbered from 0. */
export interface Examples {
  readonly texts: readonly Encoding[];
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
  readonly texts: readonly Encoding[];
  readonly cache: "disk" | "memory";
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Cuts the model and computes the features of `texts`. */
export async function tailOf({ model, freeze, ...rest }: TailOptions): Promise<Tail> {
  const { prefix, tail, trainable } = splitModel(model, freeze);
  const apply = (context: StepContext) => {
    let x: Tensor | null = prefix.length > 0 ? context.inputs.features : null;
    for (const stage of tail) {
      const trained = stage.parameters.some((name) => freeze(name));
      x = stage.apply(x, trained ? context : { ...context, dropout: (y) => y });
    }
    return x as Tensor;
  };
  const features = prefix.length > 0 ? await featuresOf({ model, prefix, ...rest }) : undefined;
  return { trainable, weights: weightsOf(model, tail), apply, features };
}

/**
 * Texts as batches of inputs: ids, types and mask [B, T]; with features [B, T, H] of frozen stages, or these alone if
 * they are [B, H].
 */
export class Feed implements BatchPlan {
  readonly lengths: readonly number[];

  constructor(
    readonly texts: readonly Encoding[],
    readonly batchSize: number,
    private readonly features: Features | undefined,
    readonly buckets: readonly number[],
    /** Rows of the inputs, B: less than a batch where it is computed in parts. */
    readonly rows = batchSize,
  ) {
    this.lengths = lengthsOf(texts, features);
  }

  /** The inputs of one batch, or a part of it, of `tokens` tokens, filled up with empty rows. */
  inputs(items: readonly number[], tokens: number): HostInputs {
    const texts = items.map((item) => this.texts[item]);
    if (!this.features) return tokenInputs(texts, this.rows, tokens);
    const { gives, width } = this.features;
    const shape = gives === "text" ? [this.rows, width] : [this.rows, tokens, width];
    const data = new Float32Array(this.rows * tokens * width);
    texts.forEach((text, row) => data.set((this.features as Features).of(text), row * tokens * width));
    const features = { shape, data };
    return gives === "text" ? { features } : { features, ...tokenInputs(texts, this.rows, tokens) };
  }

  /** The shapes of all batches, with labels and weights for training. */
  shapes(labelled: boolean): GraphShapes[] {
    const labels = labelled ? labelInputs([], [], this.rows) : {};
    return this.buckets.map((tokens) => shapesOf({ ...this.inputs([], tokens), ...labels }));
  }
}

const lengthsOf = (texts: readonly Encoding[], features: Features | undefined) =>
  texts.map((text) => (features?.gives === "text" ? 1 : text.ids.length));

/** At most `most` lengths to which batches of `texts` are padded; one where their features are one vector a text. */
export function bucketsOf(
  texts: readonly Encoding[], features: Features | undefined, { most, longest }: { readonly most: number; readonly longest?: number },
): readonly number[] {
  return features?.gives === "text" ? [1] : bucketsFor(lengthsOf(texts, features), most, longest);
}
