/**
 * Batches in which frozen layers are computed. Matrix products of many rows take less time a row than those
 * of few: BERT-base's layers 1.6 times less at 2,048 tokens a batch than at 256.
 *
 * Libraries choose how to compute by the number of rows, which may change the last bits. TensorFlow 2.21 on
 * x86 (measured op by op) gives others in products of fewer than 16 rows, and in what a tensor has beyond a
 * multiple of 8 numbers where it computes Rsqrt, Exp or Reciprocal, and so in normalisations of layers and in
 * softmax (findings/tensorflow-remainders.sh). Batches keep clear of both: by their tokens, and from the
 * first layer on that gives a vector a text, by their rows. Then features of 3 to 80 tokens were the same
 * alone and among up to 2,048 tokens. Whoever needs the same bits on any processor compares one batch in both
 * sizes first.
 */
import { grouped } from "../../lib/support/groups";

const MOST_TOKENS = 2048;
/** Of a batch, padding counted. */
export const LEAST_TOKENS = 256;

export interface FeatureBatch {
  readonly items: readonly number[];
  /** At least as many as items; the others are padding. */
  readonly rows: number;
  /** Of every row. */
  readonly tokens: number;
}

/** Numbers that a processor computes at once; what is left over is computed in another way. */
const PACKET = 8;
/** Of a product; those of fewer are computed in another way. */
export const LEAST_ROWS = 16;

const multiple = (count: number, unit: number) => Math.ceil(count / unit) * unit;
/** Rows come in multiples of it, so that tokens fill packets. */
const unitOf = (tokens: number): number => [1, 2, 4].find((rows) => (rows * tokens) % PACKET === 0) ?? PACKET;
const leastRows = (tokens: number) => multiple(LEAST_TOKENS / tokens, unitOf(tokens));

const cut = (items: readonly number[], size: number) =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

/** The rows of a batch for layers that compute a row a text. */
export const pooledRows = (rows: number): number => Math.max(LEAST_ROWS, multiple(rows, PACKET));

const batchOf = (items: readonly number[], tokens: number): FeatureBatch => ({
  items,
  rows: Math.max(leastRows(tokens), multiple(items.length, unitOf(tokens))),
  tokens,
});

/**
 * Every text once, with texts of its padded length in as few batches as it takes, as equal as may be; the
 * batches of most tokens first.
 * @param padded the length of every text, in tokens
 */
export function featureBatches(padded: readonly number[]): FeatureBatch[] {
  const batches = [...grouped(padded.keys(), (i) => padded[i])].flatMap(([tokens, items]) => {
    const unit = unitOf(tokens),
      most = Math.max(unit, unit * Math.floor(MOST_TOKENS / tokens / unit)),
      count = Math.ceil(items.length / most);
    return cut(items, multiple(items.length / count, unit)).map((some) => batchOf(some, tokens));
  });
  return batches.sort((one, other) => other.rows * other.tokens - one.rows * one.tokens);
}

/** The same texts in batches of the fewest rows for their length. */
export const inSmallBatches = (batches: readonly FeatureBatch[]): FeatureBatch[] =>
  batches.flatMap(({ items, tokens }) => cut(items, leastRows(tokens)).map((some) => batchOf(some, tokens)));
