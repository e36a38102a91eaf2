/**
 * WordPiece with any vocab.txt: greedy, longest piece first, as in transformers' WordpieceTokenizer
 * (Schuster and Nakajima 2012; google-research/bert, tokenization.py).
 */
import { readFileSync } from "node:fs";

/** As in transformers: a longer word becomes one unknown token. */
const MAX_CHARACTERS = 100;

export interface Vocabulary {
  /** Piece → id; the id is the line number in vocab.txt, from 0. */
  readonly ids: ReadonlyMap<string, number>;
  readonly pieces: readonly string[];
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
    throw new Error(`${source}, line ${twice + 1}: the piece "${pieces[twice]}" occurs twice`);
  }
  const special = (token: string): number => {
    const id = ids.get(token);
    if (id === undefined) throw new Error(`${source} has no ${token}: a BERT vocabulary has one token on each line, ${token} among them`);
    return id;
  };
  return {
    ids, pieces,
    pad: special("[PAD]"), unknown: special("[UNK]"), cls: special("[CLS]"), sep: special("[SEP]"), mask: special("[MASK]"),
  };
}

/** Reads a vocab.txt: UTF-8, one piece a line. */
export function readVocabulary(path: string): Vocabulary {
  const lines = readFileSync(path, "utf8").split(/\r?\n/);
  if (lines[lines.length - 1] === "") lines.pop();
  return vocabularyOf(lines, path);
}

/** The ids of a word's pieces; [UNK] alone if some part of the word is in no piece. */
export function wordpieces(word: string, vocabulary: Vocabulary): number[] {
  const characters = [...word];
  if (characters.length > MAX_CHARACTERS) return [vocabulary.unknown];
  const found: number[] = [];
  for (let start = 0; start < characters.length; ) {
    let end = characters.length;
    let id: number | undefined;
    for (; end > start; end--) {
      const piece = characters.slice(start, end).join("");
      id = vocabulary.ids.get(start === 0 ? piece : `##${piece}`);
      if (id !== undefined) break;
    }
    if (id === undefined) return [vocabulary.unknown];
    found.push(id);
    start = end;
  }
  return found;
}
