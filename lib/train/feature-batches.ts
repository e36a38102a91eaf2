/**
 * Batches in which frozen layers are computed. Matrix products of many rows take less time a row than those
 * of few: BERT-base's layers 1.6 times less at 2,048 tokens a batch than at 256. Libraries choose how to
 * compute by the number of rows, which may change the last bits; from 256 tokens on TensorFlow's were the
 * same up to 2,048 on the processors that were tried. Whoever needs the same bits whatever else is in a batch
 * compares one batch in both sizes first.
 */
import { grouped } from "../support/groups";

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

/** Powers of two, as each number of rows is a graph of its own. */
const rowsFor = (tokens: number) => ({
  most: Math.max(1, 2 ** Math.floor(Math.log2(MOST_TOKENS / tokens))),
  least: Math.max(1, 2 ** Math.ceil(Math.log2(LEAST_TOKENS / tokens))),
});

/**
 * Every text once, with texts of its padded length, the batches of most tokens first.
 * @param padded the length of every text, in tokens
 */
export function featureBatches(padded: readonly number[]): FeatureBatch[] {
  const batches = [...grouped(padded.keys(), (i) => padded[i])].flatMap(([tokens, items]) => {
    const { most, least } = rowsFor(tokens),
      own: FeatureBatch[] = [];
    for (let start = 0; start < items.length; ) {
      const left = 2 ** Math.floor(Math.log2(items.length - start)),
        rows = Math.max(least, Math.min(most, left));
      own.push({ items: items.slice(start, start + rows), rows, tokens });
      start += rows;
    }
    return own;
  });
  return batches.sort((one, other) => other.rows * other.tokens - one.rows * one.tokens);
}

/** The same texts in batches of the fewest rows for their length. */
export const inSmallBatches = (batches: readonly FeatureBatch[]): FeatureBatch[] =>
  batches.flatMap(({ items, tokens }) => {
    const { least: rows } = rowsFor(tokens);
    return Array.from(
      { length: Math.ceil(items.length / rows) },
      (_, i): FeatureBatch => ({ items: items.slice(i * rows, (i + 1) * rows), rows, tokens }),
    );
  });
