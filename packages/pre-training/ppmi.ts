/**
 * Vectors of word pieces from counting alone: positive pointwise mutual information with the pieces around,
 * cut down to a few dimensions by SVD (Levy, Goldberg and Dagan 2015: contexts smoothed by .75, singular
 * values by .5). Twenty seconds of counting give a model's embeddings a start that masked words would take
 * hours to find.
 *
 * Shapes: V vocabulary, K contexts, H hidden.
 */

import type { Random } from "../../lib/support/random";
import type { TokenTexts } from "./tokens";

interface PpmiOptions {
  readonly vocabularySize: number;
  /** Ids below this are special tokens: neither counted nor contexts. */
  readonly specials: number;
  /** H. */
  readonly dimensions: number;
  /** K: the most frequent pieces. */
  readonly contexts: number;
  /** Places to each side. */
  readonly window: number;
  /** Of the result's elements. */
  readonly deviation: number;
}

const SMOOTHING = 0.75;
const ITERATIONS = 5;

/** How often each piece stands near each context, [V, K], and the K contexts' places among the pieces. */
function count(
  texts: readonly TokenTexts[],
  { vocabularySize, specials, contexts, window }: PpmiOptions,
): Float32Array {
  const frequency = new Uint32Array(vocabularySize);
  for (const { ids } of texts) for (const id of ids) frequency[id]++;
  const frequent = [...frequency.keys()]
    .slice(specials)
    .sort((a, b) => frequency[b] - frequency[a] || a - b)
    .slice(0, contexts);
  const column = new Int32Array(vocabularySize).fill(-1);
  frequent.forEach((id, k) => (column[id] = k));
  const counts = new Float32Array(vocabularySize * contexts);
  for (const { ids, starts } of texts) {
    for (let text = 0; text + 1 < starts.length; text++) {
      for (let i = starts[text]; i < starts[text + 1]; i++) {
        if (ids[i] < specials) continue;
        for (
          let j = Math.max(starts[text], i - window);
          j < Math.min(starts[text + 1], i + window + 1);
          j++
        ) {
          if (j !== i && column[ids[j]] >= 0) counts[ids[i] * contexts + column[ids[j]]]++;
        }
      }
    }
  }
  return counts;
}

/** Turns counts [V, K] into positive pointwise mutual information, in place. */
function toPpmi(counts: Float32Array, contexts: number): Float32Array {
  const rows = new Float64Array(counts.length / contexts);
  const columns = new Float64Array(contexts);
  counts.forEach((n, i) => {
    rows[Math.floor(i / contexts)] += n;
    columns[i % contexts] += n;
  });
  const smooth = columns.map((n) => n ** SMOOTHING);
  const total = smooth.reduce((a, b) => a + b);
  counts.forEach((n, i) => {
    counts[i] =
      n === 0
        ? 0
        : Math.max(0, Math.log((n / rows[Math.floor(i / contexts)]) * (total / smooth[i % contexts])));
  });
  return counts;
}

/** Makes the columns of q [K, H] orthonormal (Gram and Schmidt). Columns are kept as arrays. */
function orthonormal(q: Float64Array[]): void {
  q.forEach((column, j) => {
    for (let before = 0; before < j; before++) {
      const along = column.reduce((sum, x, i) => sum + x * q[before][i], 0);
      for (let i = 0; i < column.length; i++) column[i] -= along * q[before][i];
    }
    const length = Math.sqrt(column.reduce((sum, x) => sum + x * x, 0)) || 1;
    for (let i = 0; i < column.length; i++) column[i] /= length;
  });
}

/** x [V, K] times the columns of q: H columns of V. Sparse rows are used as such. */
function times(x: Float32Array, width: number, q: readonly Float64Array[]): Float64Array[] {
  const height = x.length / width;
  const result = q.map(() => new Float64Array(height));
  const used: number[] = [];
  for (let row = 0; row < height; row++) {
    used.length = 0;
    for (let k = 0; k < width; k++) if (x[row * width + k] !== 0) used.push(k);
    q.forEach((column, j) => {
      let sum = 0;
      for (const k of used) sum += x[row * width + k] * column[k];
      result[j][row] = sum;
    });
  }
  return result;
}

/** The transpose of x [V, K] times H columns of V: H columns of K. */
function transposedTimes(x: Float32Array, width: number, y: readonly Float64Array[]): Float64Array[] {
  const result = y.map(() => new Float64Array(width));
  for (let row = 0; row < x.length / width; row++) {
    for (let k = 0; k < width; k++) {
      const value = x[row * width + k];
      if (value !== 0) for (let j = 0; j < y.length; j++) result[j][k] += value * y[j][row];
    }
  }
  return result;
}

/** Vectors of all pieces, [V, H]; pieces that occur nowhere get random ones. */
export function ppmiVectors(
  texts: readonly TokenTexts[],
  options: PpmiOptions,
  random: Random,
): Float32Array {
  const { vocabularySize, dimensions, contexts, deviation } = options;
  const ppmi = toPpmi(count(texts, options), contexts);
  let basis = Array.from({ length: dimensions }, () =>
    Float64Array.from({ length: contexts }, () => random.normal()),
  );
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    orthonormal(basis);
    basis = transposedTimes(ppmi, contexts, times(ppmi, contexts, basis)); // towards the largest singular values
  }
  orthonormal(basis);
  const columns = times(ppmi, contexts, basis); // U Σ
  for (const column of columns) {
    const singular = Math.sqrt(column.reduce((sum, x) => sum + x * x, 0)) || 1;
    const mean = column.reduce((sum, x) => sum + x, 0) / vocabularySize; // what all pieces share tells none of them apart
    for (let row = 0; row < vocabularySize; row++) column[row] = (column[row] - mean) / Math.sqrt(singular);
  }
  const vectors = new Float32Array(vocabularySize * dimensions);
  for (let row = 0; row < vocabularySize; row++) {
    const known = ppmi.subarray(row * contexts, (row + 1) * contexts).some((x) => x !== 0);
    const vector = known ? columns.map((column) => column[row]) : columns.map(() => random.normal());
    const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0)) || 1;
    vector.forEach(
      (x, j) => (vectors[row * dimensions + j] = (x / length) * deviation * Math.sqrt(dimensions)),
    );
  }
  return vectors;
}
