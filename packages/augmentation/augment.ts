/**
 * New texts from a text by changing some of its words: easy data augmentation (Wei and Zou 2019,
 * https://arxiv.org/abs/1901.11196). A share α of the words is changed, at least one; punctuation stays where
 * it is and is never changed.
 */
import type { Random } from "../../lib/support/random";
import { check, RATIO } from "../../lib/support/settings";

/** The words that may stand for a word; none if there are none. */
export type Similar = (word: string) => readonly string[];

export interface Change {
  /** α, from 0 to 1. */
  readonly share: number;
  readonly random: Random;
}

const WORD = /[\p{L}\p{N}]/u;
/** A special or added token, which stays where it is: MeCab makes no words of this form. */
const TOKEN = /^(\[.*\]|<.*>)$/s;

/** Whether something is a word, and neither punctuation nor a token such as [MASK]. */
const isWord = (word: string): boolean => WORD.test(word) && !TOKEN.test(word);

/** Whether a piece of a vocabulary is a word of its own: no inside of words ("##…"), token or punctuation. */
export const isWholeWord = (piece: string): boolean => !piece.startsWith("##") && isWord(piece);

/** The places of words, in random order, as many as are to be changed. */
export function placesToChange(
  words: readonly string[],
  { share, random }: Change,
  fits: (word: string) => boolean = () => true,
): number[] {
  check("share", share, RATIO);
  const places = [...words.keys()].filter((place) => isWord(words[place]));
  return random
    .shuffled(places.filter((place) => fits(words[place])))
    .slice(0, Math.max(1, Math.round(share * places.length)));
}

const any = <T>(values: readonly T[], random: Random): T => values[random.integer(values.length)];

/** Pairs of words change places. A text of one word stays as it is. */
export function swapWords(words: readonly string[], { share, random }: Change): string[] {
  check("share", share, RATIO);
  const swapped = [...words],
    places = [...words.keys()].filter((place) => isWord(words[place]));
  if (places.length < 2) return swapped;
  for (let n = Math.max(1, Math.round(share * places.length)); n > 0; n--) {
    const [a, b] = random.shuffled(places);
    [swapped[a], swapped[b]] = [swapped[b], swapped[a]];
  }
  return swapped;
}

/** Words are left out. A text of one word stays as it is. */
export function deleteWords(words: readonly string[], change: Change): string[] {
  const gone = new Set(placesToChange(words, change));
  return gone.size >= words.filter(isWord).length ? [...words] : words.filter((_, place) => !gone.has(place));
}

/** Words get a similar one beside them: before or after another word, wherever chance has it. */
export function insertWords(words: readonly string[], change: Change, similar: Similar): string[] {
  const { random } = change,
    grown = [...words];
  for (const place of placesToChange(words, change, (word) => similar(word).length > 0)) {
    grown.splice(random.integer(grown.length + 1), 0, any(similar(words[place]), random));
  }
  return grown;
}

/** Words are replaced by similar ones. */
export function replaceWords(words: readonly string[], change: Change, similar: Similar): string[] {
  const replaced = [...words];
  for (const place of placesToChange(words, change, (word) => similar(word).length > 0))
    replaced[place] = any(similar(words[place]), change.random);
  return replaced;
}
