/**
 * The pieces of a text by a unigram model (Kudo 2018): the path with the highest sum of scores, as the crate
 * `tokenizers` finds it (models/unigram/model.rs, encode_optimized), in time of the text's length times the
 * longest piece's. Typed arrays that live between calls make it fast; no result is remembered.
 */
import { widthAt } from "./aligned";

export interface UnigramModel {
  /** Its file, for messages. */
  readonly path?: string;
  readonly pieces: readonly string[];
  /** Logarithms of probabilities, [pieces]. */
  readonly scores: readonly number[];
  /** The id of what is in no piece; without it such a text is refused. */
  readonly unknown?: number;
  /** Whether it is written in pieces <0x00> … <0xFF> of its UTF-8 instead, where all of them are there. */
  readonly byteFallback: boolean;
  /** In SentencePiece's own files: pieces that are bytes, the least score of normal pieces, … */
  readonly bytePieces?: readonly string[];
  readonly least?: number;
  /** … and scores added in 32 bits. */
  readonly single?: boolean;
}

/** A token: its id, and the code units [from, to) of the text that it stands for. */
type OnToken = (id: number, from: number, to: number) => void;

const UNKNOWN_PENALTY = 10;
const NOWHERE = -1;

/** Child nodes by (node, code unit): an open hash table, and for the root an array. */
class Trie {
  private readonly root = new Int32Array(65536).fill(NOWHERE);
  private readonly parents: Int32Array;
  private readonly units: Uint16Array;
  private readonly children: Int32Array;
  private readonly mask: number;
  /** The id of the piece that ends at a node, or NOWHERE. */
  readonly ids: Int32Array;
  private count = 1;

  constructor(pieces: readonly string[]) {
    const most = pieces.reduce((sum, { length }) => sum + length, 1);
    let size = 1024;
    while (size < 2 * most) size *= 2;
    this.mask = size - 1;
    this.parents = new Int32Array(size).fill(NOWHERE);
    this.units = new Uint16Array(size);
    this.children = new Int32Array(size);
    this.ids = new Int32Array(most).fill(NOWHERE);
    pieces.forEach((piece, id) => {
      let node = 0;
      for (let i = 0; i < piece.length; i++) node = this.grown(node, piece.charCodeAt(i));
      if (node !== 0) this.ids[node] = id;
    });
  }

  private slot(node: number, unit: number): number {
    let slot = (Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 7;
    for (; ; slot++) {
      slot &= this.mask;
      if (this.parents[slot] === NOWHERE || (this.parents[slot] === node && this.units[slot] === unit))
        return slot;
    }
  }

  private grown(node: number, unit: number): number {
    const known = this.child(node, unit);
    if (known !== NOWHERE) return known;
    const made = this.count++;
    if (node === 0) this.root[unit] = made;
    else {
      const slot = this.slot(node, unit);
      this.parents[slot] = node;
      this.units[slot] = unit;
      this.children[slot] = made;
    }
    return made;
  }

  child(node: number, unit: number): number {
    if (node === 0) return this.root[unit];
    const slot = this.slot(node, unit);
    return this.parents[slot] === NOWHERE ? NOWHERE : this.children[slot];
  }
}

/**
 * The pieces of texts, given to `onToken` from left to right.
 * @returns a function that throws if a text has what is in no piece, and the model has no unknown piece
 */
export function viterbi({
  path = "the model",
  pieces,
  scores,
  unknown,
  byteFallback,
  bytePieces = pieces,
  least = scores.reduce((lowest, one) => Math.min(lowest, one), Infinity),
  single = false,
}: UnigramModel): (text: string, onToken: OnToken) => void {
  const trie = new Trie(pieces);
  const { ids } = trie;
  const score = Float64Array.from(scores);
  const unknownScore = least - UNKNOWN_PENALTY;
  const rounded = single ? Math.fround : (sum: number) => sum;
  const byPiece = new Map(pieces.map((piece, id) => [piece, id]));
  const byName = new Map(bytePieces.map((piece, id) => [piece, id]));
  const bytes = Array.from({ length: 256 }, (_, byte) =>
    byName.get(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`),
  );

  // By the end of a path: its score, where its last piece begins, and that piece.
  let best = new Float64Array(1024);
  let before = new Int32Array(1024);
  let last = new Int32Array(1024);
  // The pieces of the best path, the last first.
  let begins = new Int32Array(1024);

  const search = (text: string): void => {
    const size = text.length;
    if (best.length <= size) {
      [best, before, last, begins] = [
        new Float64Array(2 * size),
        new Int32Array(2 * size),
        new Int32Array(2 * size),
        new Int32Array(2 * size),
      ];
    }
    before.fill(NOWHERE, 0, size + 1);
    best[0] = 0;
    for (let start = 0; start < size; ) {
      const width = widthAt(text, start);
      const here = best[start];
      let whole = false; // a piece is this one character
      let node = 0;
      for (let end = start; end < size; ) {
        node = trie.child(node, text.charCodeAt(end++));
        if (node === NOWHERE) break;
        const id = ids[node];
        if (id === NOWHERE) continue;
        const sum = score[id] + here;
        if (before[end] === NOWHERE || sum > best[end]) {
          best[end] = rounded(sum);
          before[end] = start;
          last[end] = id;
        }
        if (end - start === width) whole = true;
      }
      if (!whole) {
        if (unknown === undefined)
          throw new Error(
            `${path} has neither a piece for "${text.slice(start, start + width)}" nor an unknown one (model.unk_id): leave the character out`,
          );
        const end = start + width;
        const sum = rounded(unknownScore + here);
        if (before[end] === NOWHERE || sum > best[end]) {
          best[end] = sum;
          before[end] = start;
          last[end] = unknown;
        }
      }
      start += width;
    }
  };

  /** What is in no piece, neighbours together. */
  const giveUnknown = (text: string, from: number, to: number, onToken: OnToken): void => {
    const part = text.slice(from, to);
    const found = byPiece.get(part);
    const fallback =
      found === undefined && byteFallback
        ? [...new TextEncoder().encode(part)].map((byte) => bytes[byte])
        : [undefined];
    if (fallback.includes(undefined)) onToken(found ?? unknown!, from, to);
    else for (const id of fallback) onToken(id!, from, to);
  };

  return (text, onToken) => {
    search(text);
    let count = 0;
    for (let end = text.length; end > 0; end = before[end]) begins[count++] = before[end];
    for (let at = count - 1; at >= 0; at--) {
      const from = begins[at];
      let to = at === 0 ? text.length : begins[at - 1];
      const id = last[to];
      if (id !== unknown) {
        onToken(id, from, to);
        continue;
      }
      for (; at > 0; at--) {
        const end = at === 1 ? text.length : begins[at - 2];
        if (last[end] !== unknown) break;
        to = end;
      }
      giveUnknown(text, from, to, onToken);
    }
  };
}
