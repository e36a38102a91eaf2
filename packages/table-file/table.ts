/** Tables that people keep: CSV, TSV, JSON lines and JSON arrays. */

import { extname } from "node:path";
import { listed } from "../../lib/support/listed";
import { remark, shown } from "../../lib/support/printable";
import { DataError, type Problem } from "./data-error";
import { readText } from "./decode";
import { csvRecords, type TextRecord, tsvRecords } from "./delimited";
import { jsonObjects } from "./json-objects";

export interface Row {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  /** Of the columns in which something is written, so that many columns cost nothing where they are empty. */
  readonly cells: Readonly<Record<string, string>>;
  /** Of the columns in which something else than a text stands. */
  readonly faults?: Readonly<Record<string, Fault>>;
}

interface Fault {
  readonly value: string;
  readonly remedy: string;
  /** A word for nothing: no fault where nothing is needed. */
  readonly missing?: true;
}

/** A table whose rows are made as they are asked for, once, so that all of them are never in memory. */
export interface OpenTable {
  readonly path: string;
  readonly columns: readonly string[];
  /** @throws DataError, after the last row, with every bad line */
  readonly rows: Iterable<Row>;
}

export interface Table extends OpenTable {
  readonly rows: readonly Row[];
}

/**
 * Reads a table (.tsv, .csv, .jsonl, .json, also with .gz); a row with more or fewer cells than columns is a
 * problem.
 * @param names of the columns of a file without a header line
 * @throws DataError with every bad line, or Error for an unknown extension or a table without rows
 */
export function readTable(path: string, names?: readonly string[]): Table {
  const table = openTable(path, names);
  return { ...table, rows: [...table.rows] };
}

/** As readTable, but for the rows, which are read later. @throws as readTable */
export function openTable(path: string, names?: readonly string[]): OpenTable {
  const format = extname(path.replace(/\.gz$/, "")).slice(1).toLowerCase();
  if (!["tsv", "csv", "jsonl", "json"].includes(format))
    throw new Error(`${path}: "${format}" is none of tsv, csv, jsonl, json: save the table as one of them`);
  const text = readText(path);
  if (format.startsWith("json")) return fromJson(text, path);
  const records =
    format === "tsv"
      ? tsvRecords(text, path, names?.length)
      : csvRecords(text.replace(/^(\s*)sep=.(?=[\r\n])/i, "$1"), path, delimiterOf(text, path));
  const iterator = records[Symbol.iterator](),
    columns = names ?? iterator.next().value?.cells ?? [];
  return { path, columns, rows: rowsOf({ [Symbol.iterator]: () => iterator }, columns, path) };
}

/** What pandas 2.3.3 reads as missing by default, and JavaScript's own word. */
const MISSING = new Set([
  ..."NaN nan -NaN -nan NULL null None NA <NA> N/A n/a #NA #N/A".split(" "),
  ..."1.#IND 1.#QNAN -1.#IND -1.#QNAN undefined".split(" "),
]);

/** A cell of CSV or TSV, which know words alone. */
function cellOfText(value: string): string | Fault {
  const word = value.trim();
  if (/^#(NAME\?|REF!|VALUE!|DIV\/0!|NUM!|NULL!|SPILL!)$/.test(word))
    return { value, remedy: "an error of Excel in the place of what was written: write that again" };
  if (!MISSING.has(word)) return value;
  return {
    value,
    remedy:
      "a missing value, as pandas reads it: fill it in or take the row out; if it is a word, save as JSON lines",
    missing: true,
  };
}

/** A cell of JSON, which tells texts from other values. */
function cellOfJson(value: unknown): string | Fault {
  if (value === null || value === undefined) return "";
  if (typeof value === "object")
    return {
      value: shown(value),
      remedy: 'not a text: write an object a row, as pandas does with to_json(orient="records", lines=True)',
    };
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    return { value: String(value), remedy: "too large for a number of JSON: put it in quotes" };
  return String(value);
}

function rowOf(line: number, entries: readonly (readonly [string, string | Fault])[]): Row {
  const faults = entries.filter((entry): entry is readonly [string, Fault] => typeof entry[1] !== "string"),
    cells = entries.filter((entry): entry is readonly [string, string] => typeof entry[1] === "string");
  return {
    line,
    cells: Object.fromEntries(cells.filter(([, cell]) => cell !== "")),
    ...(faults.length > 0 && { faults: Object.fromEntries(faults) }),
  };
}

/** What stands between the cells of a CSV: as Excel's own line `sep=;` says, or as its header shows. */
function delimiterOf(text: string, path: string): string {
  const header = text.trimStart().split(/[\r\n]/, 1)[0];
  const said = /^sep=(.)$/i.exec(header)?.[1];
  if (said !== undefined || header.includes(",")) return said ?? ",";
  const other = /[;\t]/.exec(header)?.[0] ?? ",";
  if (other !== ",")
    remark(`${path} is read with ${other === ";" ? "semicolons" : "tabs"} between cells, as in its header`);
  return other;
}

const [LONG, MANY] = [24, 100_000];

/** A short cell in the one string that all equal ones are: stories and labels occur in many rows. */
function once(cell: string, spelt: Map<string, string>): string {
  if (cell.length > LONG) return cell;
  const known = spelt.get(cell);
  if (known === undefined && spelt.size < MANY) spelt.set(cell, cell);
  return known ?? cell;
}

const noRow = (path: string) => new Error(`${path} holds no row`);

function* rowsOf(records: Iterable<TextRecord>, names: readonly string[], path: string): Generator<Row> {
  const problems: Problem[] = [],
    spelt = new Map<string, string>();
  let count = 0;
  for (const { line, cells } of records) {
    count++;
    if (cells.length === names.length)
      yield rowOf(
        line,
        names.map((name, i) => [name, cellOfText(once(cells[i], spelt))]),
      );
    else {
      const remedy = `${cells.length} cells, but ${names.length} columns: ${listed(names)}`;
      problems.push({ path, line, value: cells.join(" | "), remedy });
    }
  }
  if (problems.length > 0) throw new DataError(problems);
  if (count === 0) throw noRow(path);
}

function fromJson(text: string, path: string): OpenTable {
  const objects = jsonObjects(text, path);
  if (objects.length === 0) throw noRow(path);
  const columns = [...new Set(objects.flatMap(({ value }) => Object.keys(value)))];
  const rows = objects.map(({ line, value }) =>
    rowOf(
      line,
      Object.entries(value).map(([name, cell]) => [name, cellOfJson(cell)]),
    ),
  );
  return { path, columns, rows };
}
