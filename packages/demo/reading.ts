/**
 * A text as the model reads it: its ids, of each word the tokens and the place in the text, and where the
 * page, whose dictionary and vocabulary are cut, may read it otherwise than the run does.
 */
import { isWord, type LeftOut, leftOutIn } from "../mecab";
import {
  cutOf,
  normalise,
  type Span,
  type TokenIds,
  type Tokenizer,
  type TokenizerParts,
  tokenizerOfParts,
} from "../tokenizer";
import { cutTokenizer } from "../vocabulary-cut";

export interface Word {
  /** UTF-16 code units [start, end) of the text. */
  readonly span: Span;
  /** Its tokens [from, to) among the ids. */
  readonly tokens: readonly [from: number, to: number];
  /** No word of the dictionary here: MeCab takes it for one by the kinds of its characters. */
  readonly unknownWord: boolean;
  /** A part of it, or all, has no piece here: the unknown one stands for it. */
  readonly unknownPiece: boolean;
  /** The whole vocabulary has other pieces for it. */
  readonly otherPieces: boolean;
}

export interface Reading {
  readonly ids: TokenIds;
  /** Where there are no words of MeCab's, each piece is one. */
  readonly words: readonly Word[];
  /**
   * Words in it that the whole dictionary has and the page's has not, where one may stand in the place of
   * words here: it begins and ends where they do, or shares a character with an unknown one.
   */
  readonly leftOut: readonly string[];
  /** How many tokens at the end the model has no room for. */
  readonly tooMany: number;
}

/** What decides how texts are read. */
export interface Read {
  /** With its whole vocabulary; its dictionary may be cut. */
  readonly tokenizer: TokenizerParts;
  /** The ids of the pieces that the model has; all if left out. */
  readonly kept?: readonly number[];
  /** The words that a cut dictionary lacks. */
  readonly leftOut?: LeftOut;
  /** Tokens of the longest text, those around it counted. */
  readonly longest: number;
}

interface Group {
  /** How many tokens it has. */
  readonly count: number;
  /** Of MeCab's, or an added token; a unigram model knows no words. */
  readonly word?: string;
}

/** The words of a text, or else its pieces, those together that stand for parts of one character. */
function groupsOf(parts: TokenizerParts, { words, offsets }: Tokenizer): (text: string) => Group[] {
  if (parts.kind === "words") {
    const cut = cutOf(parts);
    return (text) =>
      words(text).map((word) => {
        let count = 0;
        if (parts.added.has(word)) count = 1;
        else cut(word, () => count++);
        return { count, word };
      });
  }
  return (text) => {
    const counts: number[] = [];
    let [begin, end] = [0, 0];
    for (const [start, stop] of offsets(text)) {
      const isOfSame = start < end || begin === end; // a mark of a space may stand for nothing
      if (counts.length > 0 && isOfSame) counts[counts.length - 1]++;
      else {
        counts.push(1);
        begin = start;
      }
      end = Math.max(end, stop);
    }
    return counts.map((count) => ({ count }));
  };
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Where words stand in a normalised text. */
function placesOf(words: readonly string[], normal: string): (Place & { readonly word: string })[] {
  let at = 0;
  return words.flatMap((word) => {
    const start = normal.indexOf(word, at);
    if (start < 0) return []; // beside an added token NFKC may join other characters
    at = start + word.length;
    return [{ start, end: at, word }];
  });
}

/** The tokens of a text with what they stand for. */
const placed = ({ tokens, offsets }: Tokenizer, text: string): string[] => {
  const spans = offsets(text);
  return tokens(text).map((token, i) => `${spans[i]} ${token}`);
};

export function readerOf({ tokenizer: parts, kept, leftOut, longest }: Read): (text: string) => Reading {
  const whole = tokenizerOfParts(parts),
    ownParts = kept ? cutTokenizer(parts, kept) : parts,
    own = kept ? tokenizerOfParts(ownParts) : whole;
  const groups = groupsOf(ownParts, own),
    dictionary = parts.kind === "words" ? parts.dictionary : undefined;
  const isUnknown = (word: string | undefined): boolean =>
    word !== undefined && parts.kind === "words" && !parts.added.has(word) && !isWord(parts.dictionary, word);
  const missing = (text: string, words: readonly string[]): string[] => {
    if (!dictionary || !leftOut) return [];
    const normal = normalise(text),
      places = placesOf(words, normal),
      [starts, ends] = [new Set(places.map(({ start }) => start)), new Set(places.map(({ end }) => end))],
      guessed = places.filter(({ word }) => isUnknown(word));
    const counts = (one: Place) =>
      (starts.has(one.start) && ends.has(one.end)) ||
      guessed.some(({ start, end }) => start < one.end && one.start < end);
    return leftOutIn(normal, dictionary, leftOut)
      .filter(counts)
      .map(({ start, end }) => normal.slice(start, end));
  };
  return (text) => {
    const ids = own.encode(text, { maxLength: longest }),
      spans = own.offsets(text),
      tokens = placed(own, text),
      ofWhole = new Set(kept ? placed(whole, text) : tokens),
      room = ids.ids.length - 2,
      found = groups(text);
    const words: Word[] = [];
    let from = 0;
    for (const { count, word } of found) {
      const to = Math.min(from + count, room);
      if (from < to)
        words.push({
          span: [spans[from][0], spans[to - 1][1]],
          tokens: [from + 1, to + 1], // behind the first token
          unknownWord: isUnknown(word),
          unknownPiece: ids.ids.slice(from + 1, to + 1).includes(own.vocabulary.unknown),
          otherPieces: !tokens.slice(from, to).every((token) => ofWhole.has(token)),
        });
      from += count;
    }
    return {
      ids,
      words,
      leftOut: missing(
        text,
        found.flatMap(({ word }) => word ?? []),
      ),
      tooMany: spans.length - room,
    };
  };
}
