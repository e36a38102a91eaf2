/**
 * Unicode's normalisation forms (UAX 15) with what became of each character, as the crate
 * unicode-normalization-alignments counts it: of a character taken apart the first part stands for it and the
 * others are inserted; one that is put together stands for its parts.
 */
import { type Aligned, type Change, transformed } from "./aligned";

export type Form = "NFC" | "NFD" | "NFKC" | "NFKD";

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

interface Part {
  readonly character: string;
  /** Its combining class is above 0. */
  readonly mark: boolean;
}

const known = { NFD: new Map<string, readonly Part[]>(), NFKD: new Map<string, readonly Part[]>() };

function partsOf(character: string, form: "NFD" | "NFKD"): readonly Part[] {
  let parts = known[form].get(character);
  if (parts === undefined) {
    parts = (NEWER.test(character) ? [character] : [...character.normalize(form)]).map((part) => ({
      character: part,
      mark: /\p{M}/u.test(part) && (swaps(part, LOWEST) || swaps(HIGHEST, part)),
    }));
    known[form].set(character, parts);
  }
  return parts;
}

type Counted = Part & Change;

function decomposed(text: string, form: "NFD" | "NFKD"): Counted[] {
  const made: Counted[] = [];
  for (const character of text)
    partsOf(character, form).forEach((part, i) => {
      const counted = { ...part, change: i === 0 ? 0 : 1 };
      let place = made.length;
      // insertion, so that marks of one class keep their order; a run of marks is short in any real text
      if (part.mark)
        while (place > 0 && made[place - 1].mark && swaps(made[place - 1].character, part.character)) place--;
      made.splice(place, 0, counted);
    });
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
    together.set(a + b, [...both].length === 1 && !NEWER.test(both) ? both : undefined);
  }
  return together.get(a + b);
}

function recomposed(parts: readonly Counted[]): Change[] {
  const made: Counted[] = [];
  let starter = -1; // place in made
  for (const part of parts) {
    const last = made[made.length - 1];
    // a mark of the same class, or a mark before what is none, stands between them
    const free = starter === made.length - 1 || (part.mark && swaps(part.character, last.character));
    const one = starter >= 0 && free ? composed(made[starter].character, part.character) : undefined;
    if (one !== undefined) {
      made[starter] = { character: one, mark: false, change: made[starter].change + part.change - 1 };
      continue;
    }
    made.push({ ...part });
    if (!part.mark) starter = made.length - 1;
  }
  return made;
}

/** A text in a form. */
export function toForm(before: Aligned, form: Form): Aligned {
  if (before.text.normalize(form) === before.text) return before;
  const parts = decomposed(before.text, form === "NFC" || form === "NFD" ? "NFD" : "NFKD");
  return transformed(before, form === "NFC" || form === "NFKC" ? recomposed(parts) : parts);
}
