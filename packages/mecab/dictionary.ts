/**
 * A dictionary of words as MeCab compiles it, in typed arrays: what the lattice reads, whatever files it came
 * from.
 */

/**
 * Tokens stand in runs: the number `first << 8 | count` names the run of `count` tokens from token `first`
 * on.
 */
export type Run = number;

export const runOf = (first: number, count: number): Run => (first << 8) | count;

export interface Dictionary {
  /**
   * Double array over the bytes of UTF-8 (Aoe 1989). Unit u: base at 2u, its parent's unit at 2u + 1. The
   * child of u for a byte b is base + b + byteOffset; the child base + 0 ends a word, and its own base is -1
   * - run.
   */
  readonly trie: Int32Array;
  readonly byteOffset: 0 | 1;
  /**
   * Left context, right context and cost of each token, three numbers a token; words first, then unknown
   * words.
   */
  readonly tokens: Int16Array;
  /**
   * Cost of a right context (of the word before) beside a left context (of the word after), [left, right].
   */
  readonly connections: Int16Array;
  readonly leftContexts: number;
  readonly rightContexts: number;
  /** What char.def says of each UTF-16 code unit, [65536]; read by the functions below. */
  readonly characters: Uint32Array;
  /** How unknown words of each category may be read, [categories]. */
  readonly unknown: readonly Run[];
  /** By their first UTF-16 code unit, the short ones first. */
  readonly userWords?: ReadonlyMap<number, readonly { readonly word: string; readonly run: Run }[]>;
}

/**
 * MeCab's CharInfo, as in char.bin: 18 bits with a set of categories, 8 the first of them, 4 length, group,
 * invoke.
 */
type CharacterInfo = number;

/** True if the characters share a category. */
export const isKindOf = (a: CharacterInfo, b: CharacterInfo): boolean => (a & b & 0x3ffff) !== 0;
export const categoryOf = (info: CharacterInfo): number => (info >>> 18) & 0xff;
/** Unknown words of 1 to so many characters are tried. */
export const lengthOf = (info: CharacterInfo): number => (info >>> 26) & 0xf;
/** True if a whole run of the kind is tried as one unknown word. */
export const isGrouped = (info: CharacterInfo): boolean => (info & (1 << 30)) !== 0;
/** True if unknown words are tried even where the dictionary knows a word. */
export const isInvoked = (info: CharacterInfo): boolean => info >>> 31 === 1;

export interface CategoryRule {
  readonly category: number;
  /** Bits of all categories of the character. */
  readonly kinds: number;
  readonly length: number;
  readonly group: boolean;
  readonly invoke: boolean;
}

export function characterInfo({ category, kinds, length, group, invoke }: CategoryRule): CharacterInfo {
  return (kinds | (category << 18) | (length << 26) | (Number(group) << 30) | (Number(invoke) << 31)) >>> 0;
}
