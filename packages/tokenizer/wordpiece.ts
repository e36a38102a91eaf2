/**
 * Words → pieces with any vocab.txt: WordPiece, greedy, longest piece first, as in transformers'
 * WordpieceTokenizer (Schuster and Nakajima 2012; google-research/bert, tokenization.py), or single
 * characters, as in its CharacterTokenizer.
 */

import { brief } from "../../lib/support/printable";
import { readPresent } from "../hf-files";

/**
 * Unicode NFKC, as transformers' MecabTokenizer applies it before MeCab sees a text: ｶﾀｶﾅ → カタカナ, ！？ → !?, ㌔
 * → キロ, ① → 1.
 */
export const normalise = (text: string): string => text.normalize("NFKC");

/** As in transformers: a longer word becomes one unknown token. */
const MAX_CHARACTERS = 100;

export interface Vocabulary {
  /** Piece → id; the id is the line number in vocab.txt, from 0. */
  readonly ids: ReadonlyMap<string, number>;
  readonly pieces: readonly string[];
  /** The pieces for the inside of words, without their "##" → id. */
  readonly inside: ReadonlyMap<string, number>;
  /** Length of the longest piece, in UTF-16 code units. */
  readonly longest: number;
  readonly pad: number;
  readonly unknown: number;
  readonly cls: number;
  readonly sep: number;
  readonly mask: number;
}

/**
 * Makes a vocabulary from its pieces in order.
 * @throws if one of the five special tokens is missing or a piece occurs twice
 */
export function vocabularyOf(pieces: readonly string[], source = "the vocabulary"): Vocabulary {
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  if (ids.size !== pieces.length) {
    const twice = pieces.findIndex((piece, id) => ids.get(piece) !== id);
    throw new Error(`${source}, line ${twice + 1}: the piece "${brief(pieces[twice])}" occurs twice`);
  }
  const special = (token: string): number => {
    const id = ids.get(token);
    if (id === undefined)
      throw new Error(
        `${source} has no ${token}: a BERT vocabulary has one token on each line, ${token} among them`,
      );
    return id;
  };
  return {
    ids,
    pieces,
    inside: new Map(
      [...ids].filter(([piece]) => piece.startsWith("##")).map(([piece, id]) => [piece.slice(2), id]),
    ),
    longest: pieces.reduce((longest, { length }) => Math.max(longest, length), 0),
    pad: special("[PAD]"),
    unknown: special("[UNK]"),
    cls: special("[CLS]"),
    sep: special("[SEP]"),
    mask: special("[MASK]"),
  };
}

/** Reads a vocab.txt: UTF-8, one piece a line. @throws if it is missing, or as vocabularyOf */
export function readVocabulary(path: string): Vocabulary {
  const lines = readPresent(path).toString("utf8").split(/\r?\n/);
  if (lines[lines.length - 1] === "") lines.pop();
  return vocabularyOf(lines, path);
}

/** What Python's str.split() takes for white space, apart from what NFKC makes a space of. */
export const WHITE_SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Takes a piece of a word: its id, and the UTF-16 code units [start, end) of the word that it stands for. */
type OnPiece = (id: number, start: number, end: number) => void;

/** Cuts words into pieces of a vocabulary. */
export type Cut = (word: string, onPiece: OnPiece) => void;

/**
 * WordPiece: the pieces of a word; [UNK] alone if some part of it is in no piece. White space in a word parts
 * it, and is lost.
 */
export const wordpieceCut =
  (vocabulary: Vocabulary): Cut =>
  (word, onPiece) => {
    if (!WHITE_SPACE.test(word)) return longestPieces(word, vocabulary, 0, onPiece);
    let at = 0;
    for (const part of word.split(WHITE_SPACE)) {
      at = word.indexOf(part, at);
      longestPieces(part, vocabulary, at, onPiece);
      at += part.length;
    }
  };

/** The ids of a word's pieces. */
export function wordpieces(word: string, vocabulary: Vocabulary): number[] {
  const ids: number[] = [];
  wordpieceCut(vocabulary)(word, (id) => ids.push(id));
  return ids;
}

/** Counts in UTF-16 code units, as no piece begins or ends inside a surrogate pair. */
function longestPieces(word: string, vocabulary: Vocabulary, at: number, onPiece: OnPiece): void {
  const { ids, inside, longest, unknown } = vocabulary;
  const found: number[] = []; // id and end, one after another
  const isLong = word.length > MAX_CHARACTERS && [...word].length > MAX_CHARACTERS;
  for (let start = 0; start < word.length && !isLong; ) {
    const pieces = start === 0 ? ids : inside;
    let end = Math.min(word.length, start + longest);
    let id = pieces.get(word.slice(start, end));
    while (id === undefined && --end > start) id = pieces.get(word.slice(start, end));
    if (id === undefined) break;
    found.push(id, end);
    start = end;
  }
  if (word.length > 0 && found[found.length - 1] !== word.length) onPiece(unknown, at, at + word.length);
  else
    for (let i = 0; i < found.length; i += 2) onPiece(found[i], at + (found[i - 1] ?? 0), at + found[i + 1]);
}

/** Single characters, for the models whose pieces they are; an unknown one is [UNK]. */
export const characterCut =
  ({ ids, unknown }: Vocabulary): Cut =>
  (word, onPiece) => {
    let at = 0;
    for (const character of word) {
      onPiece(ids.get(character) ?? unknown, at, at + character.length);
      at += character.length;
    }
  };
