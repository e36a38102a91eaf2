/**
 * What a tokenizer is made of, as plain data: it can be cut (packages/vocabulary-cut), and sent to where no
 * folder is read, as a browser.
 */
import { type Dictionary, segmenterOf } from "../mecab";
import type { AddedTokens } from "./added-tokens";
import { type Tokenizer, tokenizerOf } from "./tokenizer";
import { openUnigram, type UnigramParts } from "./unigram-folder";
import { type Cut, characterCut, vocabularyOf, wordpieceCut } from "./wordpiece";

/** MeCab's words with the pieces of a vocab.txt. */
export interface WordParts {
  readonly kind: "words";
  readonly dictionary: Dictionary;
  /** Of vocab.txt, by id. */
  readonly pieces: readonly string[];
  /** How words are cut into pieces. */
  readonly cut: "wordpiece" | "character";
  /** Tokens that are never taken apart, with their ids; some may lie behind the pieces. */
  readonly added: AddedTokens;
}

export type TokenizerParts = WordParts | UnigramParts;

const CUTS = { wordpiece: wordpieceCut, character: characterCut } as const;

/** How they cut a word into pieces. @throws as vocabularyOf */
export const cutOf = ({ cut, pieces }: WordParts): Cut => CUTS[cut](vocabularyOf(pieces));

/** The tokenizer of its parts. @throws as openTokenizer */
export function tokenizerOfParts(parts: TokenizerParts): Tokenizer {
  if (parts.kind === "unigram") return openUnigram(parts, "the tokenizer");
  const { dictionary, pieces, added } = parts;
  return tokenizerOf(segmenterOf(dictionary), vocabularyOf(pieces), { cut: cutOf(parts), added });
}
