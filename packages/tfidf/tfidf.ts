/**
 * N-grams of characters or words weighted by TF-IDF, as scikit-learn's TfidfVectorizer(analyzer="char" or
 * "word", sublinear_tf=True) gives them: log tf + 1, times log((1 + n) / (1 + df)) + 1, rows of length 1.
 */
import { normalise } from "../tokenizer";

/** Rows of a sparse matrix (CSR). */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  /** Where each row begins in `indices` and `values`; one more than there are rows. */
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** A text, of whose characters n-grams are made, or its words, which are cut elsewhere. */
export type Counted = string | readonly string[];

export interface TfidfOptions {
  /** Lengths of n-grams in characters (code points), or in words. */
  readonly shortest: number;
  readonly longest: number;
  /** n-grams in fewer texts than this are left out. */
  readonly minimumTexts: number;
}

export const TFIDF_DEFAULTS: TfidfOptions = { shortest: 1, longest: 4, minimumTexts: 2 };

/** A fitted vectoriser. */
export interface Tfidf {
  readonly options: TfidfOptions;
  /** n-gram → column. */
  readonly columns: ReadonlyMap<string, number>;
  /** Inverse document frequency of each column. */
  readonly idf: Float64Array;
}

/**
 * How often each n-gram occurs. scikit-learn lower-cases and takes runs of white space as one; so do we.
 * Words of an n-gram have a space between them.
 */
function countGrams(text: Counted, { shortest, longest }: TfidfOptions): Map<string, number> {
  const units =
      typeof text === "string"
        ? [...normalise(text).toLowerCase().replace(/\s\s+/g, " ")]
        : text.map((word) => word.toLowerCase()),
    between = typeof text === "string" ? "" : " ";
  const counts = new Map<string, number>();
  for (let start = 0; start < units.length; start++) {
    let gram = "";
    for (let length = 1; length <= longest && start + length <= units.length; length++) {
      gram += (length > 1 ? between : "") + units[start + length - 1];
      if (length >= shortest) counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
  }
  return counts;
}

/** Learns columns and weights from the training texts. @throws if no n-gram is in enough texts */
export function fitTfidf(texts: readonly Counted[], options: TfidfOptions = TFIDF_DEFAULTS): Tfidf {
  const frequency = new Map<string, number>();
  for (const text of texts)
    for (const gram of countGrams(text, options).keys()) frequency.set(gram, (frequency.get(gram) ?? 0) + 1);
  const kept = [...frequency].filter(([, count]) => count >= options.minimumTexts);
  if (kept.length === 0)
    throw new Error(
      `no n-gram is in ${options.minimumTexts} of the ${texts.length} texts: more texts are needed`,
    );
  return {
    options,
    columns: new Map(kept.map(([gram], column) => [gram, column])),
    idf: Float64Array.from(kept, ([, count]) => Math.log((1 + texts.length) / (1 + count)) + 1),
  };
}

/**
 * The texts as rows of length 1; n-grams that training did not see are left out, and a text without any is a
 * row of zeros.
 */
export function transform({ options, columns, idf }: Tfidf, texts: readonly Counted[]): SparseRows {
  const starts = new Int32Array(texts.length + 1);
  const indices: number[] = [];
  const values: number[] = [];
  texts.forEach((text, row) => {
    let squares = 0;
    for (const [gram, count] of countGrams(text, options)) {
      const column = columns.get(gram);
      if (column === undefined) continue;
      const value = (Math.log(count) + 1) * idf[column];
      indices.push(column);
      values.push(value);
      squares += value * value;
    }
    for (let i = starts[row]; i < values.length; i++) values[i] /= Math.sqrt(squares);
    starts[row + 1] = values.length;
  });
  return {
    rows: texts.length,
    columns: columns.size,
    starts,
    indices: Int32Array.from(indices),
    values: Float64Array.from(values),
  };
}

/** The same rows with the columns of both, the left ones first. */
export function beside(left: SparseRows, right: SparseRows): SparseRows {
  const starts = left.starts.map((start, row) => start + right.starts[row]),
    size = starts[left.rows];
  const indices = new Int32Array(size),
    values = new Float64Array(size);
  for (let row = 0; row < left.rows; row++) {
    const [from, to] = [left.starts[row], left.starts[row + 1]],
      [start, end] = [right.starts[row], right.starts[row + 1]];
    const at = starts[row],
      middle = at + to - from;
    indices.set(left.indices.subarray(from, to), at);
    values.set(left.values.subarray(from, to), at);
    indices.set(
      right.indices.subarray(start, end).map((column) => column + left.columns),
      middle,
    );
    values.set(right.values.subarray(start, end), middle);
  }
  return { rows: left.rows, columns: left.columns + right.columns, starts, indices, values };
}
