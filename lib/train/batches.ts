/**
 * Batches of texts of about one length, as inputs of a network. Rows that fill up the last batch have weight
 * 0 and change nothing. Shapes: B batch, T tokens, H hidden.
 */

import { ANY, filledUp, type GraphShapes, type HostInputs, shapesOf } from "../../packages/tfjs-graph";
import type { TokenIds } from "../../packages/tokenizer";
import type { Random } from "../support/random";

/** A number of tokens rounded up to a multiple of `finest`, or of its power of two in `steps` parts. */
function roundedUp(tokens: number, finest: number, steps: number): number {
  const step = Math.max(finest, 2 ** Math.ceil(Math.log2(tokens)) / steps);
  return Math.ceil(tokens / step) * step;
}

/** @throws if a text of so many tokens is longer than `longest` */
function within(longest: number, tokens: number, padded: number): number {
  if (tokens > longest)
    throw new Error(
      `a text has ${tokens} tokens, but the model takes ${longest}: truncate texts to that length`,
    );
  return Math.min(longest, padded);
}

/**
 * The length that a text of so many tokens is padded to where few lengths are wanted: a multiple of 4 up to
 * 32 tokens, of 8 up to 64, of 16 up to 128 …, at most `longest`.
 * @throws if the text is longer than `longest`, the model's limit
 */
export function paddedLength(tokens: number, longest = Infinity): number {
  return within(longest, tokens, roundedUp(tokens, 4, 8));
}

/**
 * The length that a text's batch is planned with: its own up to 32 tokens, then a multiple of 2 up to 64, of
 * 4 up to 128 …: close enough, and few enough for a library to keep what it compiles for each.
 */
const closeLength = (tokens: number) => roundedUp(tokens, 1, 32);

export interface Batch {
  /** Indices of items, at most the batch size. */
  readonly items: readonly number[];
  /** The length that the batch is padded to. */
  readonly tokens: number;
}

interface BatchPlan {
  /** Tokens of every item. */
  readonly lengths: readonly number[];
  readonly batchSize: number;
  /** The model's limit, in tokens. */
  readonly longest?: number;
}

/** The length that each text's batch is planned with. @throws if one is longer than `longest` */
const plannedLengths = ({ lengths, longest = Infinity }: BatchPlan): number[] =>
  lengths.map((tokens) => within(longest, tokens, closeLength(tokens)));

/**
 * Every item once, in ceil(items / batchSize) batches of items of about one length. A batch of fewer items
 * gives each of them more weight in a step: at random it is another one in every epoch.
 * @param random the order of items of one length, and of batches; without it they stay in order, the longest
 *   first
 * @throws if a text is longer than `longest`
 */
export function planBatches(plan: BatchPlan, random?: Random): Batch[] {
  const { lengths, batchSize } = plan,
    items = [...lengths.keys()],
    padded = plannedLengths(plan);
  const order = random ? random.shuffled(items) : items;
  const fromLongest = [...order].sort((a, b) => padded[b] - padded[a]);
  const count = Math.ceil(items.length / batchSize),
    missing = count * batchSize - items.length;
  /** Which batch is not full: that of the item that is the last one before all are sorted. */
  const fewer = Math.floor(fromLongest.indexOf(order[order.length - 1]) / batchSize);
  const startOf = (batch: number) => batch * batchSize - (batch > fewer ? missing : 0);
  const batches = Array.from({ length: count }, (_, i): Batch => {
    const some = fromLongest.slice(startOf(i), startOf(i + 1));
    return { items: some, tokens: padded[some[0]] };
  });
  return random ? random.shuffled(batches) : batches;
}

/**
 * Every item once, in batches drawn from texts of all lengths, as a shuffled DataLoader of PyTorch draws
 * them; the last one may hold fewer.
 * @throws if a text is longer than `longest`
 */
export function drawBatches(plan: BatchPlan, random: Random): Batch[] {
  const { lengths, batchSize } = plan,
    padded = plannedLengths(plan),
    order = random.shuffled([...lengths.keys()]);
  return Array.from({ length: Math.ceil(order.length / batchSize) }, (_, i): Batch => {
    const items = order.slice(i * batchSize, (i + 1) * batchSize);
    return { items, tokens: Math.max(...items.map((item) => padded[item])) };
  });
}

/** The shapes of tokenInputs() for texts of any length. */
export function tokenShapes(rows: number): GraphShapes {
  const ids = { shape: [rows, ANY], dtype: "int32" } as const;
  return { ids, segmentIds: ids, mask: { ...ids, dtype: "float32" } };
}

/**
 * Ids and segment ids, int32 [B, T], padded with 0, and mask float32 [B, T]; B is `rows`. A row without a
 * text is masked whole.
 */
export function tokenInputs(texts: readonly TokenIds[], rows: number, tokens: number): HostInputs {
  const ids = new Int32Array(rows * tokens);
  const segmentIds = new Int32Array(rows * tokens);
  const mask = new Float32Array(rows * tokens);
  texts.forEach((text, row) => {
    ids.set(text.ids, row * tokens);
    segmentIds.set(text.segmentIds, row * tokens);
    mask.fill(1, row * tokens, row * tokens + text.ids.length);
  });
  const shape = [rows, tokens];
  return { ids: { shape, data: ids }, segmentIds: { shape, data: segmentIds }, mask: { shape, data: mask } };
}

/** Labels int32 [B] and weights float32 [B], 0 in rows that only fill up. */
export function labelInputs(
  labels: readonly number[],
  rowWeights: readonly number[],
  rows: number,
): HostInputs {
  const data = new Int32Array(rows);
  const weights = new Float32Array(rows);
  data.set(labels);
  weights.set(rowWeights);
  return { labels: { shape: [rows], data }, weights: { shape: [rows], data: weights } };
}

/** Texts with their classes, numbered from 0. */
export interface Examples {
  readonly texts: readonly TokenIds[];
  readonly labels: readonly number[];
  /** A teacher's logits of each, [C]. */
  readonly taught?: readonly (readonly number[])[];
  /** The texts as people read them, for messages. */
  readonly lines?: readonly string[];
}

/** A teacher's logits of these items, [B, C], if there is one. */
export function taughtInputs({ taught }: Examples, items: readonly number[], rows: number): HostInputs {
  return taught
    ? {
        taught: filledUp(
          items.map((item) => taught[item]),
          rows,
        ),
      }
    : {};
}

/**
 * What a network's frozen beginning gives for texts: [t, H] for a text of t tokens, or [H], as plain numbers.
 */
export interface Features {
  readonly output: "sequence" | "pooled";
  /** H. */
  readonly width: number;
  /** @throws if the text's were not computed */
  of(text: TokenIds): Float32Array;
}

interface LoaderOptions {
  readonly batchSize: number;
  /** Of what is frozen, in the place of what gives them. */
  readonly features?: Features;
  /** The model's limit, in tokens. */
  readonly longest?: number;
}

/**
 * Texts as batches of inputs: ids, segmentIds and mask [B, T]; with features [B, T, H] of what is frozen, or
 * these alone if they are [B, H].
 */
export class BatchLoader implements BatchPlan {
  readonly lengths: readonly number[];
  readonly batchSize: number;
  readonly longest: number | undefined;
  private readonly features: Features | undefined;

  constructor(
    readonly texts: readonly TokenIds[],
    { batchSize, features, longest }: LoaderOptions,
  ) {
    this.lengths = texts.map((text) => (features?.output === "pooled" ? 1 : text.ids.length));
    this.batchSize = batchSize;
    this.longest = longest;
    this.features = features;
  }

  /**
   * The inputs of one batch of `tokens` tokens, filled up with empty rows.
   * @throws if there are features, but not of one of the texts
   */
  inputs(items: readonly number[], tokens: number): HostInputs {
    const { features, batchSize: rows } = this,
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
    const { features, batchSize: rows } = this,
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
