/** What can predict the next character and write on by itself, and how its text is judged. */
import type { Random } from "../../lib/support/random";
import type { Characters, Window } from "./text";

export interface Writer {
  /** The log-likelihood of each next character, in nats: [pieces][steps]. */
  likelihoods(pieces: readonly Window[]): number[][];
  /**
   * What each step reads: the gold character where it is kept, and at the first step; elsewhere one that was
   * drawn from the writer's own prediction at the step before, given all that it has read until then.
   */
  read(pieces: readonly Window[], kept: (piece: number, step: number) => boolean, random: Random): number[][];
}

/** Steps of a piece: `prefix` gold ones, then `own` ones of the writer's own characters. */
export interface Stretch {
  readonly prefix: number;
  readonly own: number;
}

/** What a writer is judged by, one number a piece: mean log-likelihoods a character, in nats. */
export interface Judged {
  /** Of the characters behind the stretch, if all that is read before them is gold, … */
  readonly gold: readonly number[];
  /** and of the same if the stretch holds the writer's own characters. */
  readonly own: readonly number[];
  /** Of what it writes behind the prefix, by the judge. */
  readonly judge: readonly number[];
  /** The prefix is no part of it. */
  readonly written: readonly string[];
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / values.length;

/** What a judge says of what was written behind the prefix of each piece. */
export const judgedText = (judge: Writer, read: readonly (readonly number[])[], prefix: number): number[] =>
  judge
    .likelihoods(read.map((ids) => ({ read: ids.slice(0, -1), next: ids.slice(1) })))
    .map((steps) => meanOf(steps.slice(prefix - 1)));

/** Judges a writer by pieces of held-out text. */
export function judged(
  writer: Writer,
  pieces: readonly Window[],
  { prefix, own, judge, characters }: Stretch & { readonly judge: Writer; readonly characters: Characters },
  random: Random,
): Judged {
  const behind = (some: readonly Window[]) =>
    writer.likelihoods(some).map((steps) => meanOf(steps.slice(prefix + own)));
  const stretch = writer.read(pieces, (_, step) => step < prefix || step >= prefix + own, random);
  const written = writer.read(pieces, (_, step) => step < prefix, random);
  return {
    gold: behind(pieces),
    own: behind(pieces.map(({ next }, i) => ({ read: stretch[i], next }))),
    judge: judgedText(judge, written, prefix),
    written: written.map((ids) => characters.text(ids.slice(prefix))),
  };
}

/** The n-grams of a text, of characters. */
const gramsOf = (text: string, n: number): string[] => {
  const signs = [...text];
  return Array.from({ length: Math.max(0, signs.length - n + 1) }, (_, i) => signs.slice(i, i + n).join(""));
};

/** Different n-grams as a part of all of several texts (Li et al. 2016, arXiv 1510.03055). */
export function distinct(texts: readonly string[], n: number): number {
  const grams = texts.flatMap((text) => gramsOf(text, n));
  return new Set(grams).size / grams.length;
}

/** The part of the pairs of characters that stood in the same text before, mean over texts. */
export const repetition = (texts: readonly string[]): number =>
  meanOf(texts.map((text) => 1 - distinct([text], 2)));
