/**
 * Batches in which frozen layers are computed. Matrix products of many rows take less time a row than those
 * of few: BERT-base's layers 1.6 times less at 2,048 tokens a batch than at 256.
 *
 * Libraries choose how to compute by the number of rows, which may change the last bits. TensorFlow 2.21 on
 * x86 (measured op by op) gives others in products of fewer than 16 rows, and in what a tensor has beyond a
 * multiple of 8 numbers where it computes Rsqrt, Exp or Reciprocal, and so in normalisations of layers and in
 * softmax (findings/tensorflow-remainders.sh). Batches keep clear of both: by their tokens, and from the
 * first layer on that gives a vector a text, by their rows. With AVX-512 features of 3 to 80 tokens were the
 * same then, alone and among up to 2,048 tokens.
 *
 * With AVX2 products give other bits where one or two rows remain of each six in a thread's part (Eigen's),
 * or other sums in few rows than in many (oneDNN's; findings/tensorflow-product-rows.sh). Equal batches are
 * clear of that: all that hold texts of a length have the same rows, in a multiple of 48 tokens. Of 528
 * tokens and more each row gave the same bits wherever it stood, with 1 to 16 threads, in layers of 768; in
 * layers of 256 with oneDNN's, of 528 to 624 tokens, with 3 or 16 threads, of up to 864 with 2, 4, 6 or 8.
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
/** Of layers that give a vector a text, whose rows come in multiples of it. */
export const LEAST_ROWS = 48;
/** Tokens of equal batches come in multiples of it. */
const EVEN = 48;
/** Of an equal batch. */
export const EQUAL_TOKENS = 528;
/** Of an equal batch: where texts have an odd length, so that multiples of 48 tokens would be many texts. */
const MOST_EQUAL_TOKENS = 4096;

const multiple = (count: number, unit: number) => Math.ceil(count / unit) * unit;
const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
/** Rows come in multiples of it, so that their tokens are a multiple of `count`. */
const unitOf = (tokens: number, count = PACKET): number => count / greatestDivisor(count, tokens);
const leastRows = (tokens: number) => multiple(LEAST_TOKENS / tokens, unitOf(tokens));

const cut = (items: readonly number[], size: number) =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

/** The rows of a batch for layers that compute a row a text. */
export const pooledRows = (rows: number): number => multiple(rows, LEAST_ROWS);

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

/** Rows of an equal batch. */
function equalRows(tokens: number): number {
  const even = unitOf(tokens, EVEN);
  return multiple(EQUAL_TOKENS / tokens, even * tokens <= MOST_EQUAL_TOKENS ? even : unitOf(tokens));
}

/** The same texts in batches of which all for a length have the same rows, however few texts there are. */
export const inEqualBatches = (batches: readonly FeatureBatch[]): FeatureBatch[] =>
  batches.flatMap(({ items, tokens }) => {
    const rows = equalRows(tokens);
    return cut(items, rows).map((some) => ({ items: some, rows, tokens }));
  });
