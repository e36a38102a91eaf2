/**
 * Vectors of words from elsewhere, in the two formats of word2vec: as text, "word number number …" a line,
 * and binary, "word", a space and float32 numbers. Both begin with a line of two counts, words and
 * dimensions; GloVe's text has none. Only words that are wanted are kept, so that a file of gigabytes can
 * be read.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { printable } from "../../lib/support/printable";

export interface WordVectors {
  /** D. */
  readonly dimensions: number;
  /** [D], or undefined for a word without one. */
  of(word: string): Float32Array | undefined;
}

const [CHUNK, LONGEST_LINE, LONGEST_WORD, MOST_DIMENSIONS] = [1 << 20, 1 << 18, 4096, 4096];
const [NEWLINE, SPACE] = [10, 32];

/** A file from its beginning to its end, a piece at a time. */
class Pieces {
  private held: Buffer = Buffer.alloc(0);
  /** Bytes before `held`. */
  private passed = 0;

  constructor(
    private readonly file: number,
    readonly size: number,
  ) {}

  get offset(): number {
    return this.passed;
  }

  private more(): boolean {
    const piece = Buffer.alloc(CHUNK),
      read = readSync(this.file, piece, 0, CHUNK, this.passed + this.held.length);
    this.held = Buffer.concat([this.held, piece.subarray(0, read)]);
    return read > 0;
  }

  private pass(bytes: number): Buffer {
    const taken = this.held.subarray(0, bytes);
    this.held = this.held.subarray(bytes);
    this.passed += bytes;
    return taken;
  }

  /** The bytes before the next `end`, which is passed; undefined if it does not come within `most`. */
  until(end: number, most: number): Buffer | undefined {
    for (let from = 0; ; ) {
      const at = this.held.indexOf(end, from);
      if (at >= 0) return at > most ? undefined : this.pass(at + 1).subarray(0, at);
      from = this.held.length;
      if (from > most || !this.more()) return undefined;
    }
  }

  /** So many bytes, or all that are left. */
  take(bytes: number): Buffer {
    while (this.held.length < bytes && this.more());
    return this.pass(Math.min(bytes, this.held.length));
  }

  /** The next byte, which is not passed. */
  next(): number | undefined {
    return this.held.length > 0 || this.more() ? this.held[0] : undefined;
  }
}

const numbers = (cells: readonly string[]) =>
  Float32Array.from(cells, (cell) => (cell === "" ? Number.NaN : Number(cell)));
const shown = (bytes: Buffer | string) => `"${printable(bytes.toString().slice(0, 40))}"`;

function checked(vector: Float32Array, word: string, where: string): Float32Array {
  const wrong = vector.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new Error(
      `${where}: number ${wrong + 1} of the word ${shown(word)} is none: the file is damaged, fetch it again`,
    );
  return vector;
}

/** The two counts of a first line; undefined if it has none. */
function countsOf(line: string): readonly [words: number, dimensions: number] | undefined {
  const found = /^(\d+) (\d+)\s*$/.exec(line);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

function checkDimensions(dimensions: number, where: string): void {
  if (dimensions < 1 || dimensions > MOST_DIMENSIONS)
    throw new Error(`${where}: ${dimensions} dimensions: there may be 1 to ${MOST_DIMENSIONS}`);
}

function readTextVectors(pieces: Pieces, path: string, wanted: ReadonlySet<string>) {
  const vectors = new Map<string, Float32Array>();
  let dimensions = 0,
    words: number | undefined,
    read = 0;
  for (let line = 1; pieces.next() !== undefined; line++) {
    const where = `${path}, line ${line}`,
      bytes = pieces.until(NEWLINE, LONGEST_LINE) ?? pieces.take(LONGEST_LINE + 1);
    if (bytes.length > LONGEST_LINE)
      throw new Error(
        `${where}: more than ${LONGEST_LINE} bytes: no line of word vectors; a binary file is to end in .bin`,
      );
    const text = bytes.toString("utf8").trimEnd(),
      counts = line === 1 ? countsOf(text) : undefined;
    if (counts) {
      [words, dimensions] = counts;
      checkDimensions(dimensions, where);
      continue;
    }
    if (text === "") continue;
    const cells = text.split(" ");
    if (dimensions === 0) {
      dimensions = cells.length - 1;
      checkDimensions(dimensions, where);
    }
    // a word may hold spaces: the numbers are counted from the end
    const word = cells.slice(0, -dimensions).join(" ");
    if (cells.length <= dimensions)
      throw new Error(
        `${where}: ${cells.length - 1} numbers after ${shown(cells[0])}, not ${dimensions}: the file is damaged, fetch it again`,
      );
    read++;
    if (wanted.has(word) && !vectors.has(word))
      vectors.set(word, checked(numbers(cells.slice(-dimensions)), word, where));
  }
  if (read === 0) throw new Error(`${path}: no word vectors: it is empty`);
  if (words !== undefined && words !== read)
    throw new Error(
      `${path}, line 1: it promises ${words} words, but there are ${read}: fetch the file again`,
    );
  return { dimensions, vectors };
}

function readBinaryVectors(pieces: Pieces, path: string, wanted: ReadonlySet<string>) {
  const vectors = new Map<string, Float32Array>();
  const counts = countsOf(pieces.until(NEWLINE, 64)?.toString("latin1") ?? "");
  if (!counts)
    throw new Error(
      `${path}, byte 0: no line of two counts, words and dimensions: it is not in word2vec's binary format`,
    );
  const [words, dimensions] = counts;
  checkDimensions(dimensions, `${path}, byte 0`);
  const least = words * (4 * dimensions + 1);
  if (least > pieces.size)
    throw new Error(
      `${path}, byte 0: ${words} words of ${dimensions} numbers need ${least} bytes, but the file has ${pieces.size}: fetch it again`,
    );
  for (let i = 0; i < words; i++) {
    while (pieces.next() === NEWLINE) pieces.take(1); // word2vec.c ends each word's numbers so, gensim does not
    const at = pieces.offset,
      name = pieces.until(SPACE, LONGEST_WORD);
    const bytes = name && pieces.take(4 * dimensions);
    if (bytes?.length !== 4 * dimensions)
      throw new Error(
        `${path}, byte ${at}: word ${i + 1} of ${words} is cut off, or no word: fetch the file again`,
      );
    const word = name!.toString("utf8");
    if (wanted.has(word) && !vectors.has(word)) {
      const vector = Float32Array.from({ length: dimensions }, (_, d) => bytes.readFloatLE(4 * d));
      vectors.set(word, checked(vector, word, `${path}, byte ${at}`));
    }
  }
  return { dimensions, vectors };
}

/**
 * The vectors of some words from a file of word2vec's, GloVe's or fastText's: binary if its name ends in
 * .bin, else text.
 * @throws with file, line or byte, and remedy if it is neither, or cut off
 */
export function readWordVectors(path: string, wanted: Iterable<string>): WordVectors {
  const file = openSync(path, "r");
  try {
    const pieces = new Pieces(file, fstatSync(file).size);
    const read = path.endsWith(".bin") ? readBinaryVectors : readTextVectors;
    const { dimensions, vectors } = read(pieces, path, new Set(wanted));
    return { dimensions, of: (word) => vectors.get(word) };
  } finally {
    closeSync(file);
  }
}
