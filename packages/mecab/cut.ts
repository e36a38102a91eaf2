/**
 * A dictionary with fewer words, in the places of the whole one: what is left out is zero, so that its arrays
 * take few bytes once they are compressed, and nothing is renumbered.
 */
import { type Characters, encodeCharacters } from "./characters";
import type { Dictionary, Run } from "./dictionary";

/** The parent of a unit that is left out: none. */
const NONE = -1;

/** The units that end words, of all words that begin at a character, with the character after each. */
function* wordsAt(
  { trie }: Dictionary,
  { count, bytes, byteAt }: Characters,
  start: number,
): Generator<{ readonly unit: number; readonly end: number }> {
  let state = 0;
  for (let end = start; end < count; end++) {
    for (let at = byteAt[end]; at < byteAt[end + 1]; at++) {
      const child = trie[2 * state] + bytes[at];
      if (trie[2 * child + 1] !== state) return;
      state = child;
    }
    const unit = trie[2 * state];
    if (trie[2 * unit + 1] === state && trie[2 * unit] < 0) yield { unit, end: end + 1 };
  }
}

/** Whether a word is one of the dictionary's or of the user's own; what is none MeCab takes as unknown. */
export function isWord(dictionary: Dictionary, word: string): boolean {
  const own = dictionary.userWords?.get(word.charCodeAt(0)) ?? [];
  if (own.some((one) => one.word === word)) return true;
  const characters = encodeCharacters(word, dictionary);
  for (const { end } of wordsAt(dictionary, characters, 0)) if (end === characters.count) return true;
  return false;
}

const tokensOf = (run: Run): number[] => Array.from({ length: run & 0xff }, (_, i) => (run >> 8) + i);

/** One more byte in a hash (FNV-1a), from a word's last byte to its first, as the trie is climbed. */
const hashed = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193) >>> 0;
const NO_BYTE = 0x811c9dc5;

/**
 * Words that a cut dictionary lacks, told by 32-bit hashes: in order, those of one byte first. A text of 40
 * characters has one that is none of them with a probability of some 40 · 220,000 / 2³².
 */
export interface LeftOut {
  readonly hashes: Uint32Array;
  /** Where those of so many bytes begin. */
  readonly begins: readonly number[];
}

/** The words that end at units of the trie. */
function hashesOf({ trie, byteOffset }: Dictionary, ends: readonly number[]): LeftOut {
  const byLength: number[][] = [];
  for (const end of ends) {
    let [hash, length] = [NO_BYTE, 0];
    for (let unit = trie[2 * end + 1]; unit > 0; unit = trie[2 * unit + 1], length++)
      hash = hashed(hash, unit - trie[2 * trie[2 * unit + 1]] - byteOffset);
    (byLength[length] ??= []).push(hash);
  }
  const all = Array.from(byLength, (some = []) => Uint32Array.from(some).sort());
  const begins = [0],
    hashes = new Uint32Array(ends.length);
  for (const some of all) {
    const begin = begins[begins.length - 1];
    hashes.set(some, begin);
    begins.push(begin + some.length);
  }
  return { hashes, begins };
}

/**
 * The words that a cut dictionary lacks, wherever they stand in a text: UTF-16 code units [start, end) of
 * each, none within a longer one.
 */
export function leftOutIn(
  text: string,
  dictionary: Dictionary,
  { hashes, begins }: LeftOut,
): { readonly start: number; readonly end: number }[] {
  const { byteOffset } = dictionary,
    { count, bytes, byteAt, unitAt } = encodeCharacters(text, dictionary);
  const isThere = (hash: number, length: number): boolean => {
    let [low, high] = [begins[length] ?? 0, begins[length + 1] ?? 0];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (hashes[middle] < hash) low = middle + 1;
      else high = middle;
    }
    return low < (begins[length + 1] ?? 0) && hashes[low] === hash;
  };
  const found: { readonly start: number; readonly end: number }[] = [];
  for (let end = 1; end <= count; end++) {
    let hash = NO_BYTE;
    for (let start = end - 1; start >= 0 && byteAt[end] - byteAt[start] < begins.length; start--) {
      for (let at = byteAt[start + 1] - 1; at >= byteAt[start]; at--)
        hash = hashed(hash, bytes[at] - byteOffset);
      if (isThere(hash, byteAt[end] - byteAt[start])) found.push({ start, end });
    }
  }
  return found
    .filter(
      (one) => !found.some((other) => other !== one && other.start <= one.start && other.end >= one.end),
    )
    .map(({ start, end }) => ({ start: unitAt[start], end: unitAt[end] }));
}

export interface CutDictionary {
  readonly dictionary: Dictionary;
  /** How many words it has, and how many the whole one has; the user's own are not counted. */
  readonly words: number;
  readonly of: number;
  readonly leftOut: LeftOut;
}

/** The mean cost of a connection to each left context, and from each right one. */
function meanConnections({ connections, leftContexts, rightContexts }: Dictionary) {
  const lefts = new Float64Array(leftContexts),
    rights = new Float64Array(rightContexts);
  for (let left = 0, at = 0; left < leftContexts; left++)
    for (let right = 0; right < rightContexts; right++, at++) {
      lefts[left] += connections[at] / rightContexts;
      rights[right] += connections[at] / leftContexts;
    }
  return { lefts, rights };
}

/**
 * The dictionary with every word that stands anywhere in some texts, so that these have the words that the
 * whole one gives, and with `others` further words: those that cost the least with mean connections, which
 * MeCab takes the most readily. Of the costs of connections those between contexts that are left stay.
 * @param texts normalised, as the segmenter reads them
 */
export function cutDictionary(
  dictionary: Dictionary,
  texts: Iterable<string>,
  others: number,
): CutDictionary {
  const { trie, tokens, connections, rightContexts, unknown, userWords } = dictionary;
  const units = trie.length / 2,
    kept = new Uint8Array(units), // of the trie
    mean = meanConnections(dictionary);
  const runAt = (unit: number): Run => -1 - trie[2 * unit];
  const costOf = (unit: number) =>
    Math.min(
      ...tokensOf(runAt(unit)).map(
        (token) => mean.lefts[tokens[3 * token]] + tokens[3 * token + 2] + mean.rights[tokens[3 * token + 1]],
      ),
    );

  const inTexts = new Set<number>();
  for (const text of texts) {
    const characters = encodeCharacters(text, dictionary);
    for (let start = 0; start < characters.count; start++)
      for (const { unit } of wordsAt(dictionary, characters, start)) inTexts.add(unit);
  }
  const rest: { readonly unit: number; readonly cost: number }[] = [];
  for (let unit = 1; unit < units; unit++) {
    const parent = trie[2 * unit + 1];
    const isEnd = trie[2 * unit] < 0 && parent >= 0 && trie[2 * parent] === unit;
    if (isEnd && !inTexts.has(unit)) rest.push({ unit, cost: costOf(unit) });
  }
  rest.sort((a, b) => a.cost - b.cost || a.unit - b.unit);
  const ends = [...inTexts, ...rest.slice(0, others).map(({ unit }) => unit)],
    gone = rest.slice(others).map(({ unit }) => unit);

  const runs = [...unknown, ...[...(userWords?.values() ?? [])].flat().map(({ run }) => run)];
  for (const end of ends) {
    runs.push(runAt(end));
    for (let unit = end; unit > 0 && kept[unit] === 0; unit = trie[2 * unit + 1]) kept[unit] = 1;
  }
  const [lefts, rights] = [new Set([0]), new Set([0])]; // 0: the ends of a text
  const ownTokens = new Int16Array(tokens.length);
  for (const token of runs.flatMap(tokensOf)) {
    lefts.add(tokens[3 * token]);
    rights.add(tokens[3 * token + 1]);
    ownTokens.set(tokens.subarray(3 * token, 3 * token + 3), 3 * token);
  }
  const ownTrie = new Int32Array(trie.length);
  for (let unit = 0; unit < units; unit++) {
    const isKept = unit === 0 || kept[unit] === 1;
    ownTrie[2 * unit] = isKept ? trie[2 * unit] : 0;
    ownTrie[2 * unit + 1] = isKept ? trie[2 * unit + 1] : NONE;
  }
  const ownConnections = new Int16Array(connections.length);
  for (const left of lefts)
    for (const right of rights) {
      const at = left * rightContexts + right;
      ownConnections[at] = connections[at];
    }
  return {
    dictionary: { ...dictionary, trie: ownTrie, tokens: ownTokens, connections: ownConnections },
    words: ends.length,
    of: inTexts.size + rest.length,
    leftOut: hashesOf(dictionary, gone),
  };
}
