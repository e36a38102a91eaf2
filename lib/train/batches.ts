/**
 * Batches of a few fixed lengths, so that a few graphs serve all of them. Rows that fill up the last batch have weight
 * 0 and change nothing. Shapes: B batch, T tokens, H hidden.
 */
import type { Random } from "../random";
import type { HostInputs } from "../tensor/engine-types";
import type { Encoding } from "../text/tokenizer";

/** Lengths in tokens that batches are padded to. */
const LADDER = [8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

/** The shortest length of the ladder that holds `tokens`; beyond it the next multiple of 128; never above `longest`, the model's limit. */
export function ladderLength(tokens: number, longest = Infinity): number {
  return Math.min(longest, LADDER.find((length) => length >= tokens) ?? Math.ceil(tokens / 128) * 128);
}

/**
 * Up to `most` lengths of the ladder: the longest text fits, and each takes an equal part of the texts that the shorter
 * ones leave over.
 */
export function bucketsFor(lengths: readonly number[], most: number, longest = Infinity): readonly number[] {
  const shared = (left: readonly number[], parts: number): readonly number[] => {
    if (left.length === 0) return [];
    const bucket = left[Math.ceil(left.length / parts) - 1];
    return [bucket, ...shared(left.filter((length) => length > bucket), parts - 1)];
  };
  return shared(lengths.map((length) => ladderLength(length, longest)).sort((a, b) => a - b), most);
}

export interface Batch {
  /** Indices of items, at most the batch size. */
  readonly items: readonly number[];
  /** The length that the batch is padded to. */
  readonly tokens: number;
}

export interface BatchPlan {
  /** Tokens of every item. */
  readonly lengths: readonly number[];
  readonly batchSize: number;
  /** Ascending; the last one holds the longest item. */
  readonly buckets: readonly number[];
}

/**
 * Every item once, in ceil(items / batchSize) batches of items of one bucket; what is left over of a bucket goes to the
 * next longer one.
 * @param random the order of items and batches; without it items stay in order
 */
export function planBatches({ lengths, batchSize, buckets }: BatchPlan, random?: Random): Batch[] {
  const items = [...lengths.keys()];
  const waiting = buckets.map((): number[] => []);
  const batches: Batch[] = [];
  for (const item of random ? random.shuffled(items) : items) {
    const bucket = buckets.findIndex((length) => length >= lengths[item]);
    if (bucket < 0) throw new Error(`item ${item} has ${lengths[item]} tokens, the longest bucket ${Math.max(0, ...buckets)}`);
    waiting[bucket].push(item);
    if (waiting[bucket].length === batchSize) batches.push({ items: waiting[bucket].splice(0), tokens: buckets[bucket] });
  }
  let left: number[] = [];
  buckets.forEach((tokens, i) => {
    left = [...left, ...waiting[i]];
    if (left.length >= batchSize) batches.push({ items: left.splice(0, batchSize), tokens });
  });
  if (left.length > 0) batches.push({ items: left, tokens: buckets[buckets.length - 1] });
  return random ? random.shuffled(batches) : batches;
}

/**
 * Ids and types int32 [B, T], padded with 0, and mask float32 [B, T]; B is `rows`. A row without a text is masked
 * whole.
 */
export function tokenInputs(texts: readonly Encoding[], rows: number, tokens: number): HostInputs {
  const ids = new Int32Array(rows * tokens);
  const types = new Int32Array(rows * tokens);
  const mask = new Float32Array(rows * tokens);
  texts.forEach((text, row) => {
    ids.set(text.ids, row * tokens);
    types.set(text.types, row * tokens);
    mask.fill(1, row * tokens, row * tokens + text.ids.length);
  });
  const shape = [rows, tokens];
  return { ids: { shape, data: ids }, types: { shape, data: types }, mask: { shape, data: mask } };
}

/** Labels int32 [B] and weights float32 [B], 0 in rows that only fill up. */
export function labelInputs(labels: readonly number[], rowWeights: readonly number[], rows: number): HostInputs {
  const data = new Int32Array(rows);
  const weights = new Float32Array(rows);
  data.set(labels);
  weights.set(rowWeights);
  return { labels: { shape: [rows], data }, weights: { shape: [rows], data: weights } };
}
