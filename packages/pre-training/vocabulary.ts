/**
 * Trains a WordPiece vocabulary as Hugging Face's BertWordPieceTrainer does: byte-pair merges (Sennrich et
 * al. 2016) inside words, where every piece but a word's first begins with "##".
 */

/** In BERT's order, so that [PAD] is 0. */
export const SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] as const;

export interface VocabularyOptions {
  /** Number of pieces, special tokens counted. */
  readonly size: number;
  /**
   * Number of single characters among them, those inside words ("##の") counted apart; a word with any other
   * is [UNK].
   */
  readonly alphabet: number;
  /** Characters that are pieces however rare they are, alone and inside words. */
  readonly always?: string;
}

/** What texts of users hold and books may not: ASCII, kana, and the marks of lively speech, after NFKC. */
export const EVERYDAY_CHARACTERS =
  [
    [0x21, 0x7e],
    [0x3041, 0x3096],
    [0x30a1, 0x30fc],
  ]
    .map(([from, to]) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i)))
    .join("") + "、。「」『』・〜々〇…―×→↑↓○●◎△▲□■◇◆☆★♪♡♥※";

interface Word {
  pieces: number[];
  readonly count: number;
}

/**
 * The most frequent characters, as pieces; ties in code-point order, so that equal counts give equal
 * vocabularies.
 */
function frequentCharacters(words: ReadonlyMap<string, number>, limit: number, always: string): string[] {
  const counts = new Map<string, number>();
  const given = new Set([...always].flatMap((character) => [character, `##${character}`]));
  for (const [word, count] of words) {
    [...word].forEach((character, i) => {
      const piece = i === 0 ? character : `##${character}`;
      counts.set(piece, (counts.get(piece) ?? 0) + count);
    });
  }
  const byCount = [...counts]
    .filter(([piece]) => !given.has(piece))
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return [...given, ...byCount.slice(0, Math.max(0, limit - given.size)).map(([piece]) => piece)];
}

/**
 * The pieces of a vocabulary in the order of vocab.txt: special tokens, characters, merges.
 * @param words how often each word occurs, words as the tokenizer makes them
 * @throws if the alphabet leaves no room
 */
export function trainVocabulary(
  words: ReadonlyMap<string, number>,
  { size, alphabet, always = "" }: VocabularyOptions,
): string[] {
  if (SPECIAL_TOKENS.length + alphabet > size)
    throw new Error(`a vocabulary of ${size} has no room for an alphabet of ${alphabet}`);
  const pieces: string[] = [...SPECIAL_TOKENS, ...frequentCharacters(words, alphabet, always)];
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const pairIds = new Map<number, number>(); // left · 2^16 + right → position in the three arrays
  const pairs: number[] = [];
  const counts: number[] = [];
  const places: number[][] = []; // words that have had the pair
  const count = ({ pieces: parts, count: n }: Word, sign: 1 | -1, place: number) => {
    for (let i = 0; i + 1 < parts.length; i++) {
      const key = parts[i] * 65536 + parts[i + 1];
      let pair = pairIds.get(key);
      if (pair === undefined) {
        pairIds.set(key, (pair = pairs.length));
        pairs.push(key);
        counts.push(0);
        places.push([]);
      }
      counts[pair] += sign * n;
      if (sign > 0) places[pair].push(place);
    }
  };
  const corpus: Word[] = [];
  for (const [word, n] of words) {
    const parts = [...word].map((character, i) => ids.get(i === 0 ? character : `##${character}`));
    if (parts.length > 1 && parts.every((part) => part !== undefined))
      corpus.push({ pieces: parts as number[], count: n });
  }
  corpus.forEach((word, place) => count(word, 1, place));

  while (pieces.length < size) {
    let best = 0;
    for (let pair = 1; pair < pairs.length; pair++) if (counts[pair] > counts[best]) best = pair;
    if (!(counts[best] > 1)) break; // nothing occurs twice: the text is too small for this size
    const [left, right] = [Math.floor(pairs[best] / 65536), pairs[best] % 65536];
    const piece = pieces[left] + pieces[right].slice(2);
    // The same piece may come from two pairs (ab + c, a + bc).
    const id = ids.get(piece) ?? pieces.push(piece) - 1;
    ids.set(piece, id);
    for (const place of new Set(places[best])) {
      const word = corpus[place];
      count(word, -1, place);
      const merged: number[] = [];
      for (let i = 0; i < word.pieces.length; i++) {
        if (word.pieces[i] === left && word.pieces[i + 1] === right) {
          merged.push(id);
          i++;
        } else merged.push(word.pieces[i]);
      }
      word.pieces = merged;
      count(word, 1, place);
    }
    counts[best] = 0;
  }
  return pieces;
}
