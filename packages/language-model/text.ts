/** Texts as numbers of characters, in the parts that are learnt, held out and kept for a judge. */
import { canonicalJson, sha256 } from "../../lib/support/files";
import { COUNT, check } from "../../lib/support/settings";

/** Stands for every character that is too rare to be learnt. */
export const RARE = "〓";

/** The characters that a model tells apart; the first one is RARE. */
export interface Characters {
  readonly size: number;
  readonly ids: (text: string) => number[];
  readonly text: (ids: readonly number[]) => string;
}

export interface Corpus {
  readonly characters: Characters;
  /** What systems learn from; … */
  readonly learnt: readonly number[];
  /** what a judge of their text learns from, so that it is none of theirs; and … */
  readonly judging: readonly number[];
  /** what all are tested on. */
  readonly heldOut: readonly number[];
  /** Texts in each part. */
  readonly texts: { readonly learnt: number; readonly judging: number; readonly heldOut: number };
  /** Of all of it. */
  readonly sha256: string;
}

/** Of ten texts in turn: two for the judge, one held out, the others learnt. */
const partOf = (place: number) => (place % 10 === 9 ? "heldOut" : place % 5 === 2 ? "judging" : "learnt");

/** Characters in the order of their frequency, equals in that of their code. */
function charactersOf(text: string, fewest: number): Characters {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  const kept = [...counts]
    .filter(([sign, count]) => count >= fewest && sign !== RARE)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([sign]) => sign);
  const signs = [RARE, ...kept],
    places = new Map(signs.map((sign, place) => [sign, place]));
  return {
    size: signs.length,
    ids: (some) => [...some].map((sign) => places.get(sign) ?? 0),
    text: (ids) => ids.map((id) => signs[id]).join(""),
  };
}

/**
 * Texts one after another, each ended by a line break.
 * @param fewest occurrences in what is learnt that make a character one of its own
 */
export function corpusOf(texts: readonly string[], fewest: number): Corpus {
  check("fewest", fewest, COUNT);
  const of = (part: string) => texts.filter((_, place) => partOf(place) === part).map((text) => `${text}\n`);
  const parts = { learnt: of("learnt"), judging: of("judging"), heldOut: of("heldOut") };
  const characters = charactersOf(parts.learnt.join(""), fewest);
  const idsOf = (part: keyof typeof parts) => characters.ids(parts[part].join(""));
  return {
    characters,
    ...{ learnt: idsOf("learnt"), judging: idsOf("judging"), heldOut: idsOf("heldOut") },
    texts: {
      learnt: parts.learnt.length,
      judging: parts.judging.length,
      heldOut: parts.heldOut.length,
    },
    sha256: sha256(canonicalJson([parts, fewest])),
  };
}

/** A piece of text: what is read at each step, and the character after it. */
export interface Window {
  readonly read: readonly number[];
  readonly next: readonly number[];
}

/** A piece that begins at a place. */
export const windowAt = (ids: readonly number[], begin: number, length: number): Window => ({
  read: ids.slice(begin, begin + length),
  next: ids.slice(begin + 1, begin + length + 1),
});

/**
 * A text in pieces, none of which shares a character that is predicted with another.
 * @throws if it is shorter than one
 */
export function windowsOf(ids: readonly number[], length: number): Window[] {
  const count = Math.floor((ids.length - 1) / length);
  if (count < 1)
    throw new Error(`${ids.length} characters hold no piece of ${length}: use more text, or a lower length`);
  return Array.from({ length: count }, (_, i) => windowAt(ids, i * length, length));
}
