/**
 * Words as numbers and the chances with which doc2vec meets them: frequent ones skipped, others drawn against
 * them.
 */
import { Random } from "../../lib/support/random";

interface NumberedWords {
  /** V words, the most frequent first. */
  readonly vocabulary: readonly string[];
  readonly counts: readonly number[];
  /** All documents' words by number, one document after another; words that are too rare are left out. */
  readonly ids: Int32Array;
  /** Where each document begins in ids, and at the end the number of ids. */
  readonly starts: Int32Array;
}

/**
 * Numbers the words that occur at least `minCount` times; of equally frequent ones the first comes first.
 * @throws if there is none
 */
export function numberWords(documents: readonly (readonly string[])[], minCount: number): NumberedWords {
  const known = new Map<string, number>();
  const counts: number[] = [];
  const all = documents.map((words) =>
    Int32Array.from(words, (word) => {
      let id = known.get(word);
      if (id === undefined) known.set(word, (id = counts.push(0) - 1));
      counts[id]++;
      return id;
    }),
  );
  const spelt = [...known.keys()];
  const order = counts
    .flatMap((count, id) => (count < minCount ? [] : [id]))
    .sort((a, b) => counts[b] - counts[a] || a - b);
  if (order.length === 0)
    throw new Error(
      `none of ${spelt.length} words occurs ${minCount} times: lower minCount or give more text`,
    );
  const rank = new Int32Array(counts.length).fill(-1);
  order.forEach((id, i) => (rank[id] = i));
  const ids = new Int32Array(order.reduce((sum, id) => sum + counts[id], 0));
  const starts = new Int32Array(documents.length + 1);
  let at = 0;
  all.forEach((words, document) => {
    for (const id of words) if (rank[id] >= 0) ids[at++] = rank[id];
    starts[document + 1] = at;
  });
  return { vocabulary: order.map((id) => spelt[id]), counts: order.map((id) => counts[id]), ids, starts };
}

/**
 * The chance of each word to be kept (word2vec.c): 1 up to a share of about `sample` of the text, then less
 * and less; all 1 for 0.
 */
export function keepChances(counts: readonly number[], sample: number): Float64Array {
  const threshold = sample * counts.reduce((a, b) => a + b, 0);
  return Float64Array.from(counts, (count) =>
    sample === 0 ? 1 : Math.min(1, (Math.sqrt(count / threshold) + 1) * (threshold / count)),
  );
}

/**
 * Draws numbers by given weights in constant time (Walker 1977, Vose 1991): number i with chance[i], else
 * instead[i].
 */
export interface Alias {
  readonly chance: Float64Array;
  readonly instead: Int32Array;
}

export function aliasOf(weights: readonly number[]): Alias {
  const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
  const chance = Float64Array.from(weights, (weight) => weight / mean),
    instead = Int32Array.from(weights.keys());
  const small = [...weights.keys()].filter((i) => chance[i] < 1),
    large = [...weights.keys()].filter((i) => chance[i] >= 1);
  while (small.length > 0 && large.length > 0) {
    const i = small.pop() as number,
      j = large[large.length - 1];
    instead[i] = j;
    chance[j] -= 1 - chance[i];
    if (chance[j] < 1) small.push(large.pop() as number);
  }
  for (const i of [...small, ...large]) chance[i] = 1; // what is left is 1 but for rounding
  return { chance, instead };
}

/**
 * Chance for inner loops, some three times as fast as Random: xoroshiro64* (Blackman and Vigna 2018), seeded
 * by it.
 */
export class Draws {
  private readonly s: Int32Array;

  constructor(seed: number) {
    const random = new Random(seed);
    this.s = Int32Array.of(random.uint32() | 1, random.uint32()); // must not be all 0
  }

  /** A number in [0, 1) with 32 random bits. */
  uniform(): number {
    const s = this.s,
      s0 = s[0],
      s1 = s[1] ^ s0;
    s[0] = ((s0 << 26) | (s0 >>> 6)) ^ s1 ^ (s1 << 9);
    s[1] = (s1 << 13) | (s1 >>> 19);
    return (Math.imul(s0, 0x9e3779bb) >>> 0) / 4294967296;
  }

  /** A number by its weight. */
  from({ chance, instead }: Alias): number {
    const i = Math.floor(this.uniform() * chance.length);
    return this.uniform() < chance[i] ? i : instead[i];
  }
}
