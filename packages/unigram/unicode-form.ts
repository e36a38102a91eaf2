/**
 * Unicode's normalisation forms (UAX 15) with what became of each character, as the crate
 * unicode-normalization-alignments counts it: of a character taken apart the first part stands for it and the
 * others are inserted; one that is put together stands for its parts.
 */
import { type Aligned, alignedTo, type Change, lowercased, transformed } from "./aligned";

type Form = "NFC" | "NFD" | "NFKC" | "NFKD";

/** Whether b comes before a in canonical order: the classes of both are above 0, and a's is higher. */
const swaps = (a: string, b: string): boolean => a !== b && (a + b).normalize("NFD") === b + a;
const LOWEST = "\u0334"; // class 1
const HIGHEST = "\u0345"; // class 240

/**
 * Characters that are taken apart or put together since Unicode 12.1: the crate knows 12.0, for which they
 * stay as they are, ㋿ among them.
 */
const NEWER =
  /[\u32ff\ua7f1-\ua7f4\uab69\u{105c9}\u{105e4}\u{10781}-\u{107ba}\u{11383}-\u{113c8}\u{11938}\u{16121}-\u{16128}\u{16d68}-\u{16d6a}\u{1ccd6}-\u{1ccf9}\u{1e030}-\u{1e06d}\u{1f16c}\u{1fbf0}-\u{1fbf9}]/u;

const isNewer = (character: string) => NEWER.test(character);
const none = () => false;

interface Part {
  readonly character: string;
  /** Its combining class is above 0. */
  readonly mark: boolean;
}

const known = { NFD: new Map<string, readonly Part[]>(), NFKD: new Map<string, readonly Part[]>() };

const partOf = (character: string): Part => ({
  character,
  mark: /\p{M}/u.test(character) && (swaps(character, LOWEST) || swaps(HIGHEST, character)),
});

function partsOf(character: string, form: "NFD" | "NFKD"): readonly Part[] {
  let parts = known[form].get(character);
  if (parts === undefined) {
    parts = [...character.normalize(form)].map(partOf);
    known[form].set(character, parts);
  }
  return parts;
}

type Counted = Part & Change;

const inOrder = ({ character: a }: Part, { character: b }: Part): number =>
  swaps(a, b) ? 1 : swaps(b, a) ? -1 : 0;

/** @param whole whether a character stays as it is */
function decomposed(text: string, form: "NFD" | "NFKD", whole: (character: string) => boolean): Counted[] {
  const made: Counted[] = [];
  let marks: Counted[] = []; // those after the last character that is none
  const close = () => {
    made.push(...(marks.length > 1 ? marks.sort(inOrder) : marks));
    marks = [];
  };
  for (const character of text)
    (whole(character) ? [partOf(character)] : partsOf(character, form)).forEach((part, i) => {
      if (!part.mark) close();
      (part.mark ? marks : made).push({ ...part, change: i === 0 ? 0 : 1 });
    });
  close();
  return made;
}

/** What composes with a character before it: marks, and the vowels and ends of Korean syllables. */
const COMPOSING = /[\p{M}\u1161-\u1175\u11a8-\u11c2]/u;
const together = new Map<string, string | undefined>();
const REMEMBERED = 2 ** 14;

/** The character that two are together, if there is one. */
function composed(a: string, b: string): string | undefined {
  if (!COMPOSING.test(b)) return undefined;
  if (!together.has(a + b)) {
    const both = (a + b).normalize("NFC");
    if (together.size === REMEMBERED) together.clear();
    together.set(a + b, [...both].length === 1 ? both : undefined);
  }
  return together.get(a + b);
}

/** @param never which characters are not put together */
function recomposed(parts: readonly Counted[], never: (character: string) => boolean): Change[] {
  const made: Counted[] = [];
  let starter = -1; // place in made
  for (const part of parts) {
    const last = made[made.length - 1];
    // a mark of the same class, or a mark before what is none, stands between them
    const free = starter === made.length - 1 || (part.mark && swaps(part.character, last.character));
    const one = starter >= 0 && free ? composed(made[starter].character, part.character) : undefined;
    if (one !== undefined && !never(one)) {
      made[starter] = { character: one, mark: false, change: made[starter].change + part.change - 1 };
      continue;
    }
    made.push({ ...part });
    if (!part.mark) starter = made.length - 1;
  }
  return made;
}

/** A text in a form, as the crate makes it. */
export function toForm(before: Aligned, form: Form): Aligned {
  if (before.text.normalize(form) === before.text) return before;
  const parts = decomposed(before.text, form === "NFC" || form === "NFD" ? "NFD" : "NFKD", isNewer);
  return transformed(before, form === "NFC" || form === "NFKC" ? recomposed(parts, isNewer) : parts);
}

/**
 * NFKC as `raw.normalize("NFKC")` has it, of lower case if so wanted; what is put together is aligned to all
 * its parts.
 */
export function alignedNfkc(raw: string, { lowercase = false } = {}): Aligned {
  const before = lowercase ? lowercased(alignedTo(raw)) : alignedTo(raw);
  if (before.text.normalize("NFKC") === before.text) return before;
  return transformed(before, recomposed(decomposed(before.text, "NFKD", none), none), true);
}
