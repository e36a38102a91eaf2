/**
 * A dictionary that MeCab 0.996 compiled (mecab-dict-index): sys.dic, unk.dic, char.bin and matrix.bin,
 * little-endian (MeCab's dictionary.cpp, char_property.cpp, connector.cpp; the double array is Darts',
 * darts.h). Features are not read.
 */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { type Dictionary, type Run, runOf } from "./dictionary";

const VERSION = 102;
const HEADER = 72; // bytes: 10 numbers of 4, then 32 with the name of the character set
const NAME = 32; // bytes of a category's name in char.bin

/** The two parts of a .dic file that words need: Darts' array and the tokens, 16 bytes each. */
interface Table {
  readonly path: string;
  readonly array: Int32Array;
  readonly tokens: Int16Array;
}

function readTable(path: string): Table {
  const file = openSync(path, "r");
  try {
    const header = Buffer.alloc(HEADER);
    readSync(file, header, 0, HEADER, 0);
    const charset = header.toString("latin1", 40, HEADER).replace(/\0.*/s, "");
    if (header.readUInt32LE(4) !== VERSION || !/^utf-?8$/i.test(charset)) {
      const found = `version ${header.readUInt32LE(4)}, "${charset}"`;
      throw new Error(`${path} is not a dictionary of MeCab 0.996 in UTF-8 (${found})`);
    }
    const [array, tokens] = [24, 28].map((at) => new Uint8Array(header.readUInt32LE(at)));
    const read =
      readSync(file, array, 0, array.length, HEADER) +
      readSync(file, tokens, 0, tokens.length, HEADER + array.length);
    if (read < array.length + tokens.length) {
      throw new Error(
        `${path} is shorter than its header says: delete its folder, so that it is fetched again`,
      );
    }
    return { path, array: new Int32Array(array.buffer), tokens: new Int16Array(tokens.buffer) };
  } finally {
    closeSync(file);
  }
}

/**
 * The run that a double array holds for a whole key: Darts names a child by its base, and stores -1 - run.
 */
function findRun({ array, path }: Table, key: string): Run {
  let base = array[0];
  for (const byte of Buffer.from(`${key}\0`)) {
    const unit = byte === 0 ? base : base + byte + 1;
    if (array[2 * unit + 1] !== base) throw new Error(`${path} has no entry ${key}, which char.bin names`);
    base = array[2 * unit];
  }
  return -1 - base;
}

/** Darts checks a child by its parent's base; puts the parent's unit in its place, as kuromoji does. */
function nameParents(array: Int32Array): Int32Array {
  const owner = new Int32Array(array.length / 2);
  for (let unit = 0; unit < owner.length; unit++) if (array[2 * unit] > 0) owner[array[2 * unit]] = unit;
  for (let at = 1; at < array.length; at += 2) array[at] = array[at] === 0 ? -1 : owner[array[at]];
  return array;
}

/** Reads the dictionary in a folder. */
export function readMecabDictionary(folder: string): Dictionary {
  const words = readTable(join(folder, "sys.dic"));
  const unknownWords = readTable(join(folder, "unk.dic"));
  const wordCount = words.tokens.length / 8;
  const tokens = new Int16Array(3 * (wordCount + unknownWords.tokens.length / 8));
  for (let token = 0; token < tokens.length / 3; token++) {
    const [from, at] =
      token < wordCount ? [words.tokens, 8 * token] : [unknownWords.tokens, 8 * (token - wordCount)];
    tokens[3 * token] = from[at];
    tokens[3 * token + 1] = from[at + 1];
    tokens[3 * token + 2] = from[at + 3]; // after the part of speech
  }

  const properties = readFileSync(join(folder, "char.bin"));
  const categories = properties.readUInt32LE(0);
  const unknown = Array.from({ length: categories }, (_, category) => {
    const name = properties
      .toString("latin1", 4 + NAME * category, 4 + NAME * (category + 1))
      .replace(/\0.*/s, "");
    const run = findRun(unknownWords, name);
    return runOf((run >> 8) + wordCount, run & 0xff);
  });
  const first = 4 + NAME * categories;
  // The table ends before U+FFFF.
  const characters = Uint32Array.from({ length: 65536 }, (_, unit) =>
    properties.readUInt32LE(first + 4 * (unit % 65535)),
  );

  const matrix = readFileSync(join(folder, "matrix.bin"));
  const [rightContexts, leftContexts] = [matrix.readUInt16LE(0), matrix.readUInt16LE(2)];
  const connections = new Int16Array(matrix.buffer, matrix.byteOffset + 4, rightContexts * leftContexts);
  const trie = nameParents(words.array);
  return { trie, byteOffset: 1, tokens, connections, leftContexts, rightContexts, characters, unknown };
}
