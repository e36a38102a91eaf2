/**
 * CSV (RFC 4180, through csv-parse) and TSV, with quotes or without → records. Lines are counted as an editor
 * counts them.
 */

import { type CsvError, parse } from "csv-parse/sync";
import { remark } from "../../lib/support/printable";
import { DataError, type Problem } from "./data-error";

export interface TextRecord {
  /** On which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Some records of a text, up to where it breaks the rules of quoting, if it does. */
interface Reading {
  readonly records: readonly TextRecord[];
  readonly broken?: Problem;
}

interface Format {
  readonly path: string;
  readonly delimiter: string;
  readonly quote: '"' | null;
}

/** Line ends in a part of a text. */
export const breaks = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;

const REMEDIES: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a cell opens with a quote that nothing closes",
  CSV_INVALID_CLOSING_QUOTE: 'a cell goes on after its closing quote: write quotes inside a cell twice, ""',
  INVALID_OPENING_QUOTE:
    'a quote inside a cell without quotes: put the cell in quotes and write them twice, ""',
};

const PIECE = 1 << 16; // characters

const LINE_END = /\r\n|\r|\n/g;

/** Where the line that holds `from` has ended. */
function nextLineEnd(text: string, from: number): number {
  LINE_END.lastIndex = from;
  return LINE_END.exec(text) ? LINE_END.lastIndex : text.length;
}

/**
 * The text in pieces of whole records, so that a large file is never in memory as text, bytes and records at
 * once. A line end ends a record where as many quotes have opened as closed.
 */
function* piecesOf(text: string, quote: Format["quote"]): Generator<string> {
  let quotes = 0,
    next = quote === null ? -1 : text.indexOf(quote);
  for (let start = 0, from = 0; start < text.length; ) {
    from = nextLineEnd(text, Math.max(from, start + PIECE - 1));
    for (; next >= 0 && next < from; next = text.indexOf(quote!, next + 1)) quotes++;
    if (quotes % 2 === 1 && from < text.length) continue;
    yield text.slice(start, from);
    start = from;
  }
}

function parsed(
  text: string,
  first: number,
  { path, delimiter, quote }: Format,
): Reading & { readonly next: number } {
  const bytes = Buffer.from(text),
    records: TextRecord[] = [];
  // csv-parse 7.0.3 itself counts a CRLF inside quotes as two lines, so its places in bytes are used.
  let [at, line] = [0, first];
  const goTo = (place: number) => {
    line += breaks(bytes.toString("utf8", at, place));
    at = place;
  };
  const skipEmptyLines = () => {
    let place = at;
    while (bytes[place] === 10 || bytes[place] === 13) place++;
    goTo(place);
  };
  try {
    parse(bytes, {
      delimiter,
      quote,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ["\r\n", "\n", "\r"],
      on_record: (cells: string[], { bytes: end }: { readonly bytes: number }) => {
        skipEmptyLines();
        records.push({ line, cells });
        goTo(end);
        return null;
      },
    });
    goTo(bytes.length);
    return { records, next: line };
  } catch (error) {
    const { code, message } = error as CsvError;
    skipEmptyLines();
    const value = bytes.toString("utf8", at).split(/[\r\n]/, 1)[0];
    const broken = { path, line, value, remedy: REMEDIES[code] ?? message };
    return { records, broken, next: line };
  }
}

function* readings(text: string, format: Format): Generator<Reading> {
  let line = 1;
  for (const piece of piecesOf(text, format.quote)) {
    const reading = parsed(piece, line, format);
    yield reading;
    if (reading.broken) return;
    line = reading.next;
  }
}

/** The whole text at once. */
function read(text: string, path: string, quote: '"' | null): Reading {
  const all = [...readings(text, { path, delimiter: "\t", quote })];
  return { records: all.flatMap(({ records }) => records), broken: all.at(-1)?.broken };
}

/** @throws DataError where a quote is out of place */
export function* csvRecords(
  text: string,
  path: string,
  delimiter: string,
  quote: '"' | null = '"',
): Generator<TextRecord, void, undefined> {
  for (const { records, broken } of readings(text, { path, delimiter, quote })) {
    yield* records;
    if (broken) throw new DataError([broken]);
  }
}

/** A cell with quotes doubled inside quotes, as no text is by itself. */
const isQuoted = (cell: string): boolean => /^"(?=.*"")(?:[^"]|"")+"$/s.test(cell);

/**
 * pandas and Excel put cells that hold quotes, tabs or line ends in quotes; others write TSV without any
 * quoting, and a quote is a character like others there.
 * @param width number of columns; by default as many as the first record has cells
 * @throws DataError for a text that can be read in both ways with other cells
 */
export function tsvRecords(text: string, path: string, width?: number): Iterable<TextRecord> {
  if (!text.includes('"')) return csvRecords(text, path, "\t", null);
  const plain = read(text, path, null).records,
    { records: quoted, broken } = read(text, path, '"');
  const fits = (records: readonly TextRecord[]) =>
    records.every(({ cells }) => cells.length === (width ?? plain[0].cells.length));
  const refuse = ({ line, cells }: TextRecord, why: string): never => {
    const remedy = `its quotes can be read in two ways: ${why}. Save the table as CSV or JSON lines`;
    throw new DataError([{ path, line, value: cells.join(" | "), remedy }]);
  };
  const proof = plain.find(({ cells }) => cells.some(isQuoted));
  if (broken) {
    if (proof) refuse(proof, `a cell is quoted here, but in line ${broken.line}: ${broken.remedy}`);
    return plain;
  }
  if (!fits(plain)) return quoted;
  if (!fits(quoted)) return plain;
  const begins = new Set(quoted.map(({ line }) => line));
  const inside = plain.findIndex(({ line }) => !begins.has(line));
  if (inside > 0) refuse(plain[inside - 1], "one cell over several lines, or cells of several rows");
  if (!proof) remark(`${path}: quotes around whole cells are taken away, as pandas and Excel do`);
  return quoted;
}
