/**
 * SentencePiece's table of normalisation (precompiled_charsmap): a double array (darts-clone) from UTF-8 to
 * places in a list of texts. It is applied as the crate `tokenizers` does (normalizers/precompiled.rs and the
 * crate spm_precompiled), which is not what SentencePiece does: first to grapheme clusters of less than 6
 * bytes, of which the shortest beginning in the table decides, then to single characters.
 */
import { type Aligned, type Change, transformed, widthAt } from "./aligned";

/**
 * Characters that may be in one grapheme cluster with another and yet in less than 6 bytes: marks, joiners,
 * and what stands before (UAX 29's Extend, SpacingMark, Prepend and CR).
 */
const JOINING =
  /[\r\p{M}\p{Grapheme_Extend}\u0e33\u0eb3\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e]|\u200d|\p{Emoji_Modifier}|[\u{110bd}\u{110cd}\u{111c2}\u{111c3}\u{1193f}\u{11941}\u{11a3a}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}]/u;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const BYTES = 6; // of UTF-8: a longer cluster is read character by character

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true }); // keeps what is there

const hasLeaf = (unit: number) => ((unit >>> 8) & 1) === 1;
const leafOf = (unit: number) => unit & 0x7fffffff;
const labelOf = (unit: number) => unit & 0x800000ff;
const offsetOf = (unit: number) => (unit >>> 10) << ((unit & 0x200) >>> 6);

/**
 * Opens a table.
 * @returns what the keys that a text's UTF-8 begins with stand for, the shortest first, with their bytes
 * @throws what is wrong with it
 */
function opened(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.length < 4 ? 0 : view.getUint32(0, true);
  if (size === 0 || size % 4 !== 0 || size + 4 > bytes.length)
    throw new Error(
      `is no table of SentencePiece: ${bytes.length} bytes, of which ${size} should be its array`,
    );
  const array = Int32Array.from({ length: size / 4 }, (_, i) => view.getInt32(4 + 4 * i, true));
  const texts = bytes.subarray(4 + size);
  return function* matches(text: string) {
    const key = encoder.encode(text);
    let at = offsetOf(array[0]);
    for (let length = 1; length <= key.length; length++) {
      const byte = key[length - 1];
      if (byte === 0) return;
      at ^= byte;
      const unit = array[at];
      if (unit === undefined || labelOf(unit) !== byte) return;
      at ^= offsetOf(unit);
      if (!hasLeaf(unit)) continue;
      const from = leafOf(array[at] ?? 0),
        end = texts.indexOf(0, from);
      yield { length, text: decoder.decode(texts.subarray(from, end === -1 ? texts.length : end)) };
    }
  };
}

const LONGEST = 32; // UTF-16 code units of a key, more than any has

/** SentencePiece's own reading of a table: the longest key at a place of a text. @throws as opened */
export function tableOf(bytes: Uint8Array) {
  const matches = opened(bytes);
  return (text: string, at: number): { readonly text: string; readonly end: number } | undefined => {
    const ahead = text.slice(at, at + LONGEST);
    let longest: { readonly text: string; readonly end: number } | undefined;
    for (const { length, text: by } of matches(ahead))
      longest = { text: by, end: at + decoder.decode(encoder.encode(ahead).subarray(0, length)).length };
    return longest;
  };
}

/** Bytes of base64; of a damaged one none, which opened() refuses. A browser reads it too. */
function fromBase64(encoded: string): Uint8Array {
  try {
    return Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/**
 * The table of a tokenizer.json.
 * @param encoded base64 of the table
 * @throws as opened
 */
export function precompiled(encoded: string): (before: Aligned) => Aligned {
  const matches = opened(fromBase64(encoded));
  const look = (part: string): string | undefined => {
    for (const { text } of matches(part)) return text;
    return undefined;
  };
  /** Of single characters, by code point. */
  const known = new Map<number, string | undefined>();
  const lookUp = (character: string): string | undefined => {
    const point = character.codePointAt(0)!;
    if (!known.has(point)) known.set(point, look(character));
    return known.get(point);
  };

  return (before) => {
    const { text } = before;
    const changes: Change[] = [];
    let modified = false;
    const replace = (old: string, by: string): void => {
      modified = true;
      const made = [...by],
        more = made.length - [...old].length;
      made.forEach((character, i) => changes.push({ character, change: i < made.length - more ? 0 : 1 }));
      // what becomes nothing at the beginning is nowhere counted: so it is in the crate
      if (more < 0 && changes.length > 0) changes[changes.length - 1].change += more;
    };
    const one = (character: string): void => {
      const by = lookUp(character);
      if (by === undefined) changes.push({ character, change: 0 });
      else replace(character, by);
    };
    if (JOINING.test(text))
      for (const { segment } of graphemes.segment(text)) {
        const short = segment.length < BYTES && encoder.encode(segment).length < BYTES;
        const by = short ? look(segment) : undefined;
        if (by === undefined) for (const character of segment) one(character);
        else replace(segment, by);
      }
    else {
      let at = 0;
      while (at < text.length && lookUp(text.slice(at, at + widthAt(text, at))) === undefined)
        at += widthAt(text, at);
      if (at === text.length) return before;
      for (const character of text) one(character);
    }
    return modified ? transformed(before, changes) : before;
  };
}
