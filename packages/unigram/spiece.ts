/**
 * A unigram model in SentencePiece's own file (spiece.model, tokenizer.model): its protocol buffer
 * (sentencepiece_model.proto), its normalizer (normalizer.cc) and its rules for pieces (unigram_model.cc).
 * Unlike `tokenizers`, it takes the longest match of the table, and adds scores as 32-bit floats.
 */
import { remembered } from "../../lib/support/remembered";
import { readPresent } from "../hf-files";
import { type Aligned, alignedTo, Builder, widthAt } from "./aligned";
import { tableOf } from "./precompiled";
import { viterbi } from "./viterbi";

type Fields = ReadonlyMap<number, readonly (Buffer | number)[]>;

/** The fields of a message by number: numbers, and bytes of what has a length. */
function fieldsOf(bytes: Buffer): Fields {
  const fields = new Map<number, (Buffer | number)[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= bytes.length) throw new RangeError("ends inside a number");
      const byte = bytes[at++];
      if (shift < 49) value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("holds a number of more than 10 bytes");
  };
  const part = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError(`ends ${at + length - bytes.length} bytes early`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = varint();
    const wire = key % 8,
      number = Math.floor(key / 8);
    const value =
      wire === 0
        ? varint()
        : wire === 1
          ? part(8)
          : wire === 2
            ? part(varint())
            : wire === 5
              ? part(4)
              : undefined;
    if (value === undefined) throw new RangeError(`holds a field of the kind ${wire}`);
    remembered(fields, number, () => []).push(value);
  }
  return fields;
}

const bytesOf = (fields: Fields, number: number): Buffer | undefined => {
  const value = fields.get(number)?.at(-1);
  return Buffer.isBuffer(value) ? value : undefined;
};
const numberOf = (fields: Fields, number: number, usual: number): number => {
  const value = fields.get(number)?.at(-1);
  return typeof value === "number" ? value : usual;
};

const MARK = "▁";
const UNIGRAM = 1;
/** Kinds of pieces. */
const [NORMAL, UNKNOWN, USER_DEFINED] = [1, 2, 4];

/** A piece of a text: its id, and the UTF-16 code units [start, end) of the text that it stands for. */
interface Piece {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export interface SentencePieceModel {
  readonly pieces: readonly string[];
  readonly unknown: number;
  encode(text: string): Piece[];
}

interface Rules {
  readonly table: (text: string, at: number) => { readonly text: string; readonly end: number };
  readonly dummyPrefix: boolean;
  readonly fewerSpaces: boolean;
  readonly suffix: boolean;
}

/** As SentencePiece's Normalizer: the longest match of the table, single spaces, and ▁ for each. */
function normalized(before: Aligned, { table, dummyPrefix, fewerSpaces, suffix }: Rules): Aligned {
  const { text } = before;
  const made = new Builder();
  let at = 0;
  while (fewerSpaces && at < text.length) {
    const first = table(text, at);
    if (first.text !== " ") break;
    at = first.end;
  }
  if (at === text.length) return alignedTo("");
  const begin = at;
  if (dummyPrefix && !suffix) made.add(MARK, before, begin);
  let space = fewerSpaces;
  let last = at;
  while (at < text.length) {
    const found = table(text, at);
    let by = found.text;
    if (space) by = by.replace(/^ +/, "");
    if (by !== "") {
      made.add(by.replaceAll(" ", MARK), before, at, found.end - 1);
      space = by.endsWith(" ");
    }
    at = found.end;
    if (!by.endsWith(" ") && by !== "") last = at;
    if (!fewerSpaces) space = false;
  }
  const done = made.done();
  let { length } = done.text;
  if (fewerSpaces) while (length > 0 && done.text[length - 1] === MARK) length--;
  const all = {
    text: done.text.slice(0, length),
    starts: done.starts.slice(0, length),
    ends: done.ends.slice(0, length),
  };
  if (!dummyPrefix || !suffix) return all;
  const more = new Builder();
  more.copy(all, 0, length);
  more.add(MARK, before, last - 1);
  return more.done();
}

/**
 * Reads a model.
 * @throws with the file and the remedy if it is missing or damaged, or no unigram model
 */
export function readSentencePiece(path: string): SentencePieceModel {
  const damaged = (what: string): never => {
    throw new Error(`${path} ${what}: it is no whole model of SentencePiece, copy it again`);
  };
  const bytes = readPresent(path);
  let stored: { readonly piece: string; readonly score: number; readonly kind: number }[] = [];
  let trainer: Fields = new Map();
  let rules: Fields = new Map();
  let longest: ReturnType<typeof tableOf> | undefined;
  try {
    const model = fieldsOf(bytes);
    trainer = fieldsOf(bytesOf(model, 2) ?? Buffer.alloc(0));
    rules = fieldsOf(bytesOf(model, 3) ?? Buffer.alloc(0));
    const charsmap = bytesOf(rules, 2);
    if (charsmap && charsmap.length > 0) longest = tableOf(charsmap);
    stored = (model.get(1) ?? []).map((one) => {
      const fields = fieldsOf(one as Buffer);
      const piece = (bytesOf(fields, 1) ?? Buffer.alloc(0)).toString("utf8");
      return { piece, score: bytesOf(fields, 2)?.readFloatLE(0) ?? 0, kind: numberOf(fields, 3, NORMAL) };
    });
  } catch (error) {
    damaged((error as Error).message);
  }
  const empty = stored.findIndex(({ piece }) => piece === ""); // SentencePiece refuses it as well
  if (empty >= 0) damaged(`has no letters in piece ${empty}`);
  const unknown = stored.findIndex(({ kind }) => kind === UNKNOWN);
  if (unknown < 0) damaged(`has ${stored.length} pieces, none of them the unknown one`);
  const type = numberOf(trainer, 3, UNIGRAM);
  if (type !== UNIGRAM)
    throw new Error(
      `${path} is a model of SentencePiece's type ${type} (2 is BPE, 3 words, 4 characters), and komalab reads unigram models alone: use another model`,
    );
  const own = stored.filter(({ kind }) => kind === USER_DEFINED).map(({ piece }) => piece);
  own.sort((a, b) => b.length - a.length);
  const settings: Rules = {
    dummyPrefix: numberOf(rules, 3, 1) === 1,
    fewerSpaces: numberOf(rules, 4, 1) === 1,
    suffix: numberOf(trainer, 24, 0) === 1,
    table(text, at) {
      const whole = own.find((piece) => text.startsWith(piece, at));
      if (whole !== undefined) return { text: whole, end: at + whole.length };
      return (
        longest?.(text, at) ?? { text: text.slice(at, at + widthAt(text, at)), end: at + widthAt(text, at) }
      );
    },
  };
  const normal = stored.filter(({ kind }) => kind === NORMAL).map(({ score }) => score);
  const [least, most] = [
    normal.reduce((a, b) => Math.min(a, b), Infinity),
    normal.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  const search = viterbi({
    pieces: stored.map(({ piece, kind }) => (kind === NORMAL || kind === USER_DEFINED ? piece : "")),
    scores: stored.map(({ piece, score, kind }) =>
      kind === USER_DEFINED ? Math.fround(Buffer.byteLength(piece) * most) - 0.1 : score,
    ),
    unknown,
    byteFallback: numberOf(trainer, 35, 0) === 1,
    bytePieces: stored.map(({ piece }) => piece),
    least,
    single: true,
  });
  return {
    pieces: stored.map(({ piece }) => piece),
    unknown,
    encode(text) {
      const { text: whole, starts, ends } = normalized(alignedTo(text), settings);
      const found: Piece[] = [];
      search(whole, (id, from, to) => found.push({ id, start: starts[from], end: ends[to - 1] }));
      return found;
    },
  };
}
