/**
 * Tables that people keep: TSV, CSV (RFC 4180, through csv-parse) and JSON lines, in UTF-8 with or without
 * BOM or in Shift_JIS (as Excel in Japan saves), with LF or CRLF. Every problem is named with file, line,
 * column and value.
 */
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { parse } from "csv-parse/sync";

export interface Row {
  /** Line of the file on which the row starts, from 1. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface Table {
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly remedy: string;
}

/** All that is wrong with a file, at most the first 20 spelt out in the message. */
export class DataError extends Error {
  override readonly name = "DataError";

  constructor(readonly problems: readonly Problem[]) {
    const lines = problems
      .slice(0, 20)
      .map((p) => `${p.path}, line ${p.line}, column ${p.column}: "${p.value}": ${p.remedy}`);
    if (problems.length > 20) lines.push(`… and ${problems.length - 20} more`);
    super(lines.join("\n"));
  }
}

export type Encoding = "utf-8" | "shift_jis";

/** The text of a file: UTF-8 if all of it is valid UTF-8, else Shift_JIS. */
export function decode(bytes: Uint8Array, path: string, encoding?: Encoding): string {
  for (const candidate of encoding === undefined ? (["utf-8", "shift_jis"] as const) : [encoding]) {
    try {
      return new TextDecoder(candidate, { fatal: true }).decode(bytes); // takes a BOM away
    } catch {}
  }
  throw new Error(
    `${path}: neither UTF-8 nor Shift_JIS${encoding === undefined ? "" : ` (asked for ${encoding})`}: save it as UTF-8`,
  );
}

export interface TableOptions {
  /** From the file's extension by default: .tsv, .csv, .jsonl. */
  readonly format?: "tsv" | "csv" | "jsonl";
  readonly encoding?: Encoding;
  /** Column names of a file without a header line. */
  readonly columns?: readonly string[];
}

/**
 * Reads a table; a row with more or fewer cells than columns is a problem.
 * @throws DataError with every bad line, or Error for an unknown extension
 */
export function readTable(path: string, options: TableOptions = {}): Table {
  const format = options.format ?? extname(path).slice(1).toLowerCase();
  const text = decode(readFileSync(path), path, options.encoding);
  if (format === "jsonl") return fromJsonLines(text, path);
  if (format !== "tsv" && format !== "csv")
    throw new Error(`${path}: "${format}" is none of tsv, csv, jsonl: name the format in the settings`);
  return fromDelimited(text, path, format, options.columns);
}

function fromDelimited(
  text: string,
  path: string,
  format: "tsv" | "csv",
  columns?: readonly string[],
): Table {
  let parsed: { record: string[]; info: { lines: number } }[];
  try {
    parsed = parse(text, {
      delimiter: format === "tsv" ? "\t" : ",",
      quote: format === "tsv" ? null : '"',
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
      record_delimiter: ["\r\n", "\n", "\r"],
    }) as unknown as typeof parsed;
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`); // csv-parse names the line
  }
  const named = columns ?? parsed[0]?.record.map((name) => name.normalize("NFKC").trim()) ?? [];
  const body = columns === undefined ? parsed.slice(1) : parsed;
  const problems: Problem[] = [];
  const rows = body.map(({ record, info }): Row => {
    const line =
      info.lines - record.reduce((breaks, cell) => breaks + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
    if (record.length !== named.length) {
      problems.push({
        path,
        line,
        column: "all",
        value: record.join(" | ").slice(0, 80),
        remedy: `${record.length} cells, but ${named.length} columns: ${named.join(", ")}`,
      });
    }
    return { line, cells: Object.fromEntries(named.map((name, i) => [name, record[i] ?? ""])) };
  });
  if (problems.length > 0) throw new DataError(problems);
  return { path, columns: named, rows };
}

function fromJsonLines(text: string, path: string): Table {
  const problems: Problem[] = [],
    columns = new Set<string>();
  const rows = text.split(/\r\n|\r|\n/).flatMap((source, index): Row[] => {
    if (source.trim() === "") return [];
    try {
      const value: unknown = JSON.parse(source);
      if (value === null || typeof value !== "object" || Array.isArray(value))
        throw new Error("not an object");
      const cells = Object.fromEntries(
        Object.entries(value).map(([key, cell]) => [
          key,
          typeof cell === "string" ? cell : JSON.stringify(cell),
        ]),
      );
      Object.keys(cells).forEach((name) => columns.add(name));
      return [{ line: index + 1, cells }];
    } catch (error) {
      problems.push({
        path,
        line: index + 1,
        column: "all",
        value: source.slice(0, 80),
        remedy: `not a JSON object (${(error as Error).message})`,
      });
      return [];
    }
  });
  if (problems.length > 0) throw new DataError(problems);
  return { path, columns: [...columns], rows };
}

/**
 * Makes an item of every row. `read` asks for cells by the name of the field; the column's name is looked up
 * in `names`.
 * @throws DataError with every bad row: loses nothing silently. With `onProblem` bad rows are reported to it
 *   and left out.
 */
export function readItems<T>(
  table: Table,
  names: Readonly<Record<string, string>>,
  {
    read,
    optional = [],
    onProblem,
  }: {
    readonly read: (cell: Cells) => T;
    /** Fields whose column may be missing as long as it has its default name. */
    readonly optional?: readonly string[];
    readonly onProblem?: (problem: Problem) => void;
  },
): T[] {
  const missing = Object.entries(names).filter(
    ([field, column]) => !table.columns.includes(column) && !(optional.includes(field) && field === column),
  );
  if (missing.length > 0) {
    const list = missing
      .map(([field, column]) => (field === column ? `"${column}"` : `"${column}" (${field})`))
      .join(", ");
    throw new Error(
      `${table.path} has no column ${list}. Its columns are ${table.columns.join(", ")}: name yours in the settings`,
    );
  }
  const problems: Problem[] = [];
  const items = table.rows.flatMap((row): T[] => {
    const cell = new Cells(table.path, row, names);
    const item = read(cell);
    problems.push(...cell.problems);
    return cell.problems.length === 0 ? [item] : [];
  });
  if (onProblem !== undefined) problems.forEach(onProblem);
  else if (problems.length > 0) throw new DataError(problems);
  return items;
}

/** The cells of one row; what is wrong with them is gathered in `problems`. */
export class Cells {
  readonly problems: Problem[] = [];

  constructor(
    private readonly path: string,
    private readonly row: Row,
    private readonly names: Readonly<Record<string, string>>,
  ) {}

  /** Line of the file on which the row starts, from 1. */
  get line(): number {
    return this.row.line;
  }

  /** Whether the file has the field's column. */
  has(field: string): boolean {
    return this.names[field] in this.row.cells;
  }

  private fail(field: string, remedy: string): void {
    this.problems.push({
      path: this.path,
      line: this.row.line,
      column: this.names[field],
      value: this.row.cells[this.names[field]] ?? "",
      remedy,
    });
  }

  /** A text, white space around it taken away; empty only where allowed. */
  text(field: string, { mayBeEmpty = false } = {}): string {
    const value = (this.row.cells[this.names[field]] ?? "").trim();
    if (value === "" && !mayBeEmpty) this.fail(field, "empty: fill it in or take the row out");
    return value;
  }

  /** A whole number of at least `min`, full-width digits allowed. */
  integer(field: string, { min = 1, max = Number.MAX_SAFE_INTEGER } = {}): number {
    const value = Number(this.text(field).normalize("NFKC"));
    if (!Number.isInteger(value) || value < min || value > max)
      this.fail(field, `not a whole number from ${min}${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ""}`);
    return value;
  }

  /** One of `labels`, whatever the width of its characters (ｷﾞｬｸﾞ is read as ギャグ). */
  label<L extends string>(field: string, labels: readonly L[]): L {
    const value = this.text(field).normalize("NFKC");
    const found = labels.find((label) => label.normalize("NFKC") === value);
    if (found === undefined) this.fail(field, `none of ${labels.join(", ")}`);
    return found ?? labels[0];
  }
}
