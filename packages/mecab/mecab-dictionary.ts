/**
 * A dictionary that MeCab 0.996 compiled (mecab-dict-index): sys.dic, unk.dic, char.bin and matrix.bin,
 * little-endian (MeCab's dictionary.cpp, char_property.cpp, connector.cpp; the double array is Darts',
 * darts.h). Features are not read.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { printable } from "../../lib/support/printable";
import { categoryOf, type Dictionary, type Run, runOf } from "./dictionary";

const VERSION = 102;
const HEADER = 72; // bytes: 10 numbers of 4, then 32 with the name of the character set
const NAME = 32; // bytes of a category's name in char.bin
const MOST_CATEGORIES = 18; // bits of MeCab's CharInfo
const CHARACTERS = 0xffff; // of char.bin's table

/** The two parts of a .dic file that words need: Darts' array and the tokens, 16 bytes each. */
interface Table {
  readonly path: string;
  readonly array: Int32Array;
  readonly tokens: Int16Array;
}

const damaged = (path: string, what: string): Error =>
  new Error(`${path} ${what}: delete its folder, so that it is fetched again`);

function readTable(path: string): Table {
  const file = readFileSync(path);
  if (file.length < HEADER) throw damaged(path, "is cut off within its header");
  const charset = file.toString("latin1", 40, HEADER).replace(/\0.*/s, "");
  if (file.readUInt32LE(4) !== VERSION || !/^utf-?8$/i.test(charset)) {
    const found = `version ${file.readUInt32LE(4)}, "${printable(charset)}"`;
    throw new Error(`${path} is not a dictionary of MeCab 0.996 in UTF-8 (${found})`);
  }
  const [arrayBytes, tokenBytes] = [24, 28].map((at) => file.readUInt32LE(at));
  if (HEADER + arrayBytes + tokenBytes > file.length) throw damaged(path, "is shorter than its header says");
  if (arrayBytes === 0 || arrayBytes % 8 > 0 || tokenBytes % 16 > 0)
    throw damaged(
      path,
      `has a double array of ${arrayBytes} bytes and tokens of ${tokenBytes}, no whole number of them`,
    );
  const part = (start: number, bytes: number) => new Uint8Array(file.subarray(start, start + bytes)).buffer;
  return {
    path,
    array: new Int32Array(part(HEADER, arrayBytes)),
    tokens: new Int16Array(part(HEADER + arrayBytes, tokenBytes)),
  };
}

/**
 * The run that a double array holds for a whole key: Darts names a child by its base, and stores -1 - run.
 */
function findRun({ array, path }: Table, key: string): Run {
  let base = array[0];
  for (const byte of Buffer.from(`${key}\0`, "latin1")) {
    const unit = byte === 0 ? base : base + byte + 1;
    if (array[2 * unit + 1] !== base)
      throw damaged(path, `has no entry ${printable(key)}, which char.bin names`);
    base = array[2 * unit];
  }
  return -1 - base;
}

/** @throws unless every token has contexts that the matrix knows */
function checkTokens({ path, tokens }: Table, leftContexts: number, rightContexts: number): void {
  for (let at = 0; at < tokens.length; at += 8)
    if (
      !(tokens[at] >= 0 && tokens[at] < leftContexts && tokens[at + 1] >= 0 && tokens[at + 1] < rightContexts)
    )
      throw damaged(
        path,
        `has a token ${at / 8} with contexts ${tokens[at]} and ${tokens[at + 1]}, but matrix.bin knows ${leftContexts} and ${rightContexts}`,
      );
}

/** @throws unless a run is one of tokens that are there */
function checkRun({ path, tokens }: Table, run: Run): void {
  const [first, count] = [run >> 8, run & 0xff];
  if (run < 0 || count === 0 || first + count > tokens.length / 8)
    throw damaged(path, `names ${count} tokens from token ${first}, of ${tokens.length / 8}`);
}

/** @throws unless every run that the double array names is one of tokens that are there */
function checkRuns(table: Table): void {
  const { array } = table;
  for (let unit = 0; unit < array.length / 2; unit++) {
    // a unit that is nobody's child is never asked
    if (array[2 * unit] < 0 && array[2 * unit + 1] > 0) checkRun(table, -1 - array[2 * unit]);
  }
}

/** Darts checks a child by its parent's base; puts the parent's unit in its place, as kuromoji does. */
function nameParents(array: Int32Array): Int32Array {
  const owner = new Int32Array(array.length / 2);
  for (let unit = 0; unit < owner.length; unit++) if (array[2 * unit] > 0) owner[array[2 * unit]] = unit;
  for (let at = 1; at < array.length; at += 2) array[at] = array[at] === 0 ? -1 : owner[array[at]];
  return array;
}

/** @throws with the file if one is damaged, cut off, or does not fit the others */
export function readMecabDictionary(folder: string): Dictionary {
  const [charFile, matrixFile] = ["char.bin", "matrix.bin"].map((name) => join(folder, name));
  const matrix = readFileSync(matrixFile);
  const [rightContexts, leftContexts] =
    matrix.length < 4 ? [0, 0] : [matrix.readUInt16LE(0), matrix.readUInt16LE(2)];
  if (rightContexts * leftContexts === 0 || matrix.length < 4 + 2 * rightContexts * leftContexts)
    throw damaged(
      matrixFile,
      `is cut off: it has ${matrix.length} bytes for ${rightContexts} × ${leftContexts} costs`,
    );
  const connections = new Int16Array(
    new Uint8Array(matrix.subarray(4, 4 + 2 * rightContexts * leftContexts)).buffer,
  );

  const [words, unknownWords] = ["sys.dic", "unk.dic"].map((name) => {
    const table = readTable(join(folder, name));
    checkTokens(table, leftContexts, rightContexts);
    checkRuns(table);
    return table;
  });
  const wordCount = words.tokens.length / 8;
  const tokens = new Int16Array(3 * (wordCount + unknownWords.tokens.length / 8));
  for (let token = 0; token < tokens.length / 3; token++) {
    const [from, at] =
      token < wordCount ? [words.tokens, 8 * token] : [unknownWords.tokens, 8 * (token - wordCount)];
    tokens[3 * token] = from[at];
    tokens[3 * token + 1] = from[at + 1];
    tokens[3 * token + 2] = from[at + 3]; // after the part of speech
  }

  const properties = readFileSync(charFile);
  const categories = properties.length < 4 ? 0 : properties.readUInt32LE(0),
    first = 4 + NAME * categories;
  if (categories === 0 || categories > MOST_CATEGORIES || properties.length < first + 4 * CHARACTERS)
    throw damaged(
      charFile,
      `is cut off: it has ${properties.length} bytes for ${categories} categories and ${CHARACTERS} characters`,
    );
  const unknown = Array.from({ length: categories }, (_, category) => {
    const name = properties
      .toString("latin1", 4 + NAME * category, 4 + NAME * (category + 1))
      .replace(/\0.*/s, "");
    const run = findRun(unknownWords, name);
    checkRun(unknownWords, run);
    return runOf((run >> 8) + wordCount, run & 0xff);
  });
  // The table ends before U+FFFF.
  const characters = new Uint32Array(CHARACTERS + 1);
  characters.set(new Uint32Array(new Uint8Array(properties.subarray(first, first + 4 * CHARACTERS)).buffer));
  characters[CHARACTERS] = characters[0];
  const stray = characters.findIndex((info) => categoryOf(info) >= categories);
  if (stray >= 0)
    throw damaged(
      charFile,
      `puts character ${stray} into category ${categoryOf(characters[stray])} of ${categories}`,
    );
  const trie = nameParents(words.array);
  return { trie, byteOffset: 1, tokens, connections, leftContexts, rightContexts, characters, unknown };
}
