import type { Linear } from "./linear";
import type { Tfidf } from "./tfidf";

/** Of n-grams in UTF-8, a weight for each, and a model's numbers, four bytes each. */
export function bytesOf(grams: readonly Pick<Tfidf, "columns">[], { weights }: Linear): number {
  const names = grams.flatMap(({ columns }) => [...columns.keys()]),
    numbers = names.length + weights.reduce((sum, { length }) => sum + length, 0);
  return 4 * numbers + names.reduce((sum, name) => sum + Buffer.byteLength(name), 0);
}
