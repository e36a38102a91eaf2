/** A text as MeCab reads it: UTF-8 bytes and what char.def says of each character. */
import type { Dictionary } from "./dictionary";

/** Of a text of `count` characters; the arrays are longer, and the next text overwrites them. */
export interface Characters {
  readonly count: number;
  /** UTF-8, the dictionary's byteOffset added to each byte. */
  readonly bytes: Uint16Array;
  /** Where each character begins in `bytes` and in the text's UTF-16 code units; one more at the end. */
  readonly byteAt: Int32Array;
  readonly unitAt: Int32Array;
  /** The first UTF-16 code unit of each character. */
  readonly units: Uint16Array;
  readonly infos: Uint32Array;
}

const roomFor = (count: number): Omit<Characters, "count"> => ({
  bytes: new Uint16Array(3 * count),
  byteAt: new Int32Array(count + 1),
  unitAt: new Int32Array(count + 1),
  units: new Uint16Array(count),
  infos: new Uint32Array(count),
});

let room = roomFor(1024);

/**
 * Reads a text up to its first NUL, where C's strings end. A surrogate without its other half is encoded
 * alone.
 */
export function encodeCharacters(text: string, { characters, byteOffset }: Dictionary): Characters {
  if (text.length > room.units.length) room = roomFor(2 * text.length);
  const { bytes, byteAt, unitAt, units, infos } = room;
  let [count, at, i] = [0, 0, 0];
  for (; i < text.length; i++, count++) {
    const unit = text.charCodeAt(i);
    if (unit === 0) break;
    byteAt[count] = at;
    unitAt[count] = i;
    units[count] = unit;
    infos[count] = characters[unit];
    if (unit < 0x80) {
      bytes[at++] = byteOffset + unit;
      continue;
    }
    const low = (unit & 0xfc00) === 0xd800 ? text.charCodeAt(i + 1) : 0; // NaN at the end of the text
    if ((low & 0xfc00) === 0xdc00) {
      const point = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
      i++;
      infos[count] = characters[0]; // char.def ends at U+FFFF; MeCab takes NUL's entry
      bytes[at++] = byteOffset + (0xf0 | (point >> 18));
      bytes[at++] = byteOffset + (0x80 | ((point >> 12) & 0x3f));
      bytes[at++] = byteOffset + (0x80 | ((point >> 6) & 0x3f));
      bytes[at++] = byteOffset + (0x80 | (point & 0x3f));
      continue;
    }
    if (unit < 0x800) bytes[at++] = byteOffset + (0xc0 | (unit >> 6));
    else {
      bytes[at++] = byteOffset + (0xe0 | (unit >> 12));
      bytes[at++] = byteOffset + (0x80 | ((unit >> 6) & 0x3f));
    }
    bytes[at++] = byteOffset + (0x80 | (unit & 0x3f));
  }
  byteAt[count] = at;
  unitAt[count] = i;
  return { count, bytes, byteAt, unitAt, units, infos };
}
