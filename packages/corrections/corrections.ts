/**
 * Corrections of labels, kept beside the data: of a text its id, the label that the file has, the one that it
 * is to have, who says so and when. Nothing is corrected unless every row can be.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { grouped } from "../../lib/support/groups";
import { listed } from "../../lib/support/listed";
import { existing, nearest } from "../../lib/support/nearest";
import { brief, remark } from "../../lib/support/printable";
import { unguarded } from "../danfojs-frame";
import { DataError, type Problem, type Row, readTable } from "../table-file";
import { normalise } from "../tokenizer";
import { COLUMNS } from "./list";

/** A row that has been answered; where `to` is `from`, somebody has looked and the label is right. */
export interface Correction {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly who: string;
  /** YYYY-MM-DD. */
  readonly when: string;
  readonly comment: string;
}

export interface Corrected {
  readonly corrections: readonly Correction[];
  /** Rows without a new label. */
  readonly open: number;
}

/** A text with its label, as a word of the file. */
export interface Labelled {
  readonly id: string;
  readonly text: string;
  readonly label: string;
}

type Field = keyof typeof COLUMNS;
const NEEDED: readonly Field[] = ["id", "old", "new", "who", "when"];

/** As people spell names: of any width, with spaces around. */
const keyOf = (name: string): string => normalise(name).trim();

/** The column of every field that has one. @throws with all that are missing or there twice */
function columnsOf(path: string, columns: readonly string[]): Readonly<Partial<Record<Field, string>>> {
  const faults: string[] = [];
  const found = (Object.keys(COLUMNS) as Field[]).flatMap((field): [Field, string][] => {
    const known: readonly string[] = COLUMNS[field],
      own = columns.filter((column) => known.includes(keyOf(column).toLowerCase()));
    if (own.length > 1) faults.push(`${own.map(brief).join(" and ")} can both be "${known[0]}": keep one`);
    if (own.length === 0 && NEEDED.includes(field))
      faults.push(`no column "${known.join('" or "')}". Its columns are ${listed(columns)}`);
    return own.map((column) => [field, column]);
  });
  if (faults.length > 0) throw new Error(faults.map((fault) => `${path}: ${fault}`).join("\n"));
  return Object.fromEntries(found);
}

/** "2026-11-20" of 2026-11-20, 2026/11/20 (as Excel in Japan has it) or 2026年11月20日; else undefined. */
function dayOf(written: string): string | undefined {
  const [, year, month, day] =
    /^(\d{4})(?:-|\/|\.|年)(\d{1,2})(?:-|\/|\.|月)(\d{1,2})日?$/.exec(keyOf(written)) ?? [];
  if (day === undefined) return undefined;
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`,
    time = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso) ? iso : undefined;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Whether a cell is the text, as far as the file could write it: Excel puts ? for what Shift_JIS lacks. */
function isText(cell: string, text: string): boolean {
  const [said, own] = [unguarded(cell), text].map(oneLine);
  return said.length === own.length && said.split("").every((unit, i) => unit === "?" || own[i] === unit);
}

/** Reads the rows of one file; what is wrong is gathered. */
class Reading {
  readonly problems: Problem[] = [];
  readonly corrections: Correction[] = [];
  open = 0;
  /** Of each text the first answer, and where it stands. */
  private readonly answers = new Map<
    string,
    { readonly to: string; readonly path: string; readonly line: number }
  >();
  private readonly texts: ReadonlyMap<string, Labelled>;
  /** Labels by key, as they stand in the data. */
  private readonly labels: ReadonlyMap<string, string>;

  constructor(texts: readonly Labelled[]) {
    this.texts = new Map(texts.map((text) => [text.id, text]));
    this.labels = new Map(texts.map(({ label }) => [keyOf(label), label]));
  }

  read(path: string): void {
    const { columns, rows } = readTable(path),
      fields = columnsOf(path, columns);
    for (const row of rows) this.row(path, row, fields);
  }

  private row(path: string, row: Row, fields: ReturnType<typeof columnsOf>): void {
    const written = (field: Field): string => {
      const column = fields[field];
      return column !== undefined && Object.hasOwn(row.cells, column) ? row.cells[column].trim() : "";
    };
    const faultOf = (field: Field) => {
      const column = fields[field];
      return column !== undefined && row.faults && Object.hasOwn(row.faults, column)
        ? row.faults[column]
        : undefined;
    };
    if (written("new") === "" && faultOf("new") === undefined) {
      this.open++;
      return;
    }
    const before = this.problems.length;
    const fail = (field: Field, remedy: string, value = written(field)): void => {
      this.problems.push({ path, line: row.line, column: fields[field], value, remedy });
    };
    for (const field of NEEDED) {
      const fault = faultOf(field);
      if (fault !== undefined) fail(field, fault.remedy, fault.value);
    }
    if (this.problems.length > before) return;
    const text = this.textOf(written("id"), (remedy) => fail("id", remedy));
    if (text !== undefined && written("text") !== "" && !isText(written("text"), text.text))
      fail("text", `${text.id} is "${brief(text.text)}" in the data: is this row of another text?`);
    const to = this.labels.get(keyOf(unguarded(written("new")))),
      from = this.labels.get(keyOf(unguarded(written("old"))));
    if (to === undefined) {
      const near = nearest(written("new"), [...this.labels.values()]);
      fail(
        "new",
        `no label of the data: ${near === undefined ? "" : `did you mean ${near}? `}There are ${listed([...this.labels.values()])}`,
      );
    }
    if (text !== undefined && from !== text.label)
      fail(
        "old",
        to === text.label
          ? `the data have the new label ${to} already: take the row out`
          : `the label of ${text.id} is now ${text.label}: look at the text again, and write that here`,
      );
    if (written("who") === "") fail("who", "empty: write who says so");
    const when = dayOf(written("when"));
    if (when === undefined) fail("when", "no day: write it as 2026-11-20");
    if (this.problems.length > before) return;
    this.answer(
      {
        ...{ id: text!.id, from: text!.label, to: to!, who: oneLine(written("who")), when: when! },
        comment: unguarded(written("comment")),
      },
      { path, line: row.line },
      (remedy) => fail("new", remedy),
    );
  }

  private answer(
    correction: Correction,
    place: { readonly path: string; readonly line: number },
    fail: (remedy: string) => void,
  ): void {
    const { id, to } = correction,
      first = this.answers.get(id);
    if (first === undefined) this.answers.set(id, { to, ...place });
    else if (first.to !== to)
      fail(
        `${id} is ${first.to} in line ${first.line}${first.path === place.path ? "" : ` of ${first.path}`}: agree on one label and take the other row out`,
      );
    this.corrections.push(correction);
  }

  private textOf(cell: string, fail: (remedy: string) => void): Labelled | undefined {
    const plain = unguarded(cell),
      [exact, own] = [cell, plain].map((id) => this.texts.get(id));
    if (plain !== cell && exact !== undefined && own !== undefined)
      fail(`the data have both ${cell} and ${plain}: give one of them another id`);
    else if (exact === undefined && own === undefined) {
      const near = nearest(plain, [...this.texts.keys()]);
      fail(
        `no id of the data${near === undefined ? "" : `: did you mean ${near}?`}. Spreadsheets take 001 for 1 and 1/2 for a day: such a column is to be text`,
      );
    }
    return exact ?? own;
  }
}

/** The file, or all tables of the folder. */
function filesOf(path: string): string[] {
  if (!statSync(existing(path)).isDirectory()) return [path];
  const files = readdirSync(path)
    .filter((name) => /\.(tsv|csv|jsonl?)(\.gz)?$/i.test(name))
    .sort();
  if (files.length === 0) throw new Error(`${path} holds no corrections: put the filled-in lists into it`);
  return files.map((name) => join(path, name));
}

/**
 * Reads a file of corrections (CSV, TSV or JSON lines), or all of a folder, as correctionsCsv() writes them
 * and an annotator fills them in. Needed are id, old and new label, who and when; where the text is there
 * too, it must be that of the data, so that no row slips to another text.
 * @param texts all of the data, with the labels that their file has
 * @throws DataError with file, line, column and value: of an id or a label that the data do not have, an old
 *   label that is not the data's, a text of another id, no name, no day, one text with two new labels; Error
 *   if a column is missing or there twice
 */
export function readCorrections(path: string, texts: readonly Labelled[]): Corrected {
  const reading = new Reading(texts);
  for (const file of filesOf(path)) reading.read(file);
  if (reading.problems.length > 0) throw new DataError(reading.problems);
  return { corrections: reading.corrections, open: reading.open };
}

/** "喜楽 → 驚愕 (2), 悲哀 → 憤怒 (1)": the most frequent first. */
const counted = (names: readonly string[]): string =>
  [...grouped(names, (name) => name)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([name, { length }]) => `${name} (${length})`)
    .join(", ");

/** What was corrected, by whom, when, and which labels were taken for which, in one line. */
function inWords(path: string, texts: number, { corrections, open }: Corrected): string {
  const latest = [...new Map(corrections.map((one) => [one.id, one])).values()], // of two that agree, one
    changed = latest.filter(({ from, to }) => from !== to),
    days = corrections.map(({ when }) => when).sort();
  const pairs = counted(changed.map(({ from, to }) => `${from} → ${to}`));
  return [
    `${path}: ${changed.length} of ${texts} labels corrected, ${latest.length - changed.length} looked at and kept, ${open} left open`,
    ...(corrections.length === 0
      ? []
      : [`looked at by ${counted(corrections.map(({ who }) => who))}, ${days[0]} to ${days.at(-1)}`]),
    ...(pairs === "" ? [] : [`corrected pairs: ${pairs}`]),
  ].join("; ");
}

/**
 * Where corrections of a data file lie if nobody names them: beside lines.csv it is lines.corrections.csv, or
 * the folder lines.corrections. undefined where there is neither.
 * @throws if there are both
 */
export function correctionsBeside(data: string): string | undefined {
  const stem = data.replace(/(\.(tsv|csv|jsonl|json))?(\.gz)?$/i, ".corrections"),
    found = ["", ".csv", ".tsv"].map((ending) => `${stem}${ending}`).filter((path) => existsSync(path));
  if (found.length > 1)
    throw new Error(`${found.join(" and ")} both hold corrections of ${data}: put them into one folder`);
  return found[0];
}

/** How items hold their label. */
export interface LabelWords<T> {
  /** As a word of the file. */
  readonly labelOf: (item: T) => string;
  readonly withLabel: (item: T, label: string) => T;
}

/**
 * Items with their labels corrected, which is said in one line; as they are where there is no path.
 * @throws as readCorrections()
 */
export function corrected<T extends { readonly id: string; readonly text: string }>(
  items: readonly T[],
  path: string | undefined,
  { labelOf, withLabel }: LabelWords<T>,
): readonly T[] {
  if (!path) return items;
  const texts = items.map((item) => ({ id: item.id, text: item.text, label: labelOf(item) })),
    read = readCorrections(path, texts);
  remark(inWords(path, items.length, read));
  const labels = new Map(read.corrections.map(({ id, to }) => [id, to]));
  return items.map((item) => {
    const label = labels.get(item.id);
    return label === undefined ? item : withLabel(item, label);
  });
}

/** The same for items whose label is the number of a class. @throws as readCorrections() */
export const correctedClasses = <
  T extends { readonly id: string; readonly text: string; readonly label: number },
>(
  items: readonly T[],
  path: string | undefined,
  classes: readonly string[],
): readonly T[] =>
  corrected(items, path, {
    labelOf: ({ label }) => classes[label],
    withLabel: (item, name) => ({ ...item, label: classes.indexOf(name) }),
  });

/** Ids of texts that somebody has looked at; none of the path "". Rows are checked by readCorrections(). */
export const lookedAt = (path: string): ReadonlySet<string> =>
  new Set(
    (path === "" ? [] : filesOf(path)).flatMap((file) => {
      const { columns, rows } = readTable(file),
        { id = "", new: answer = "" } = columnsOf(file, columns);
      return rows
        .filter(({ cells }) => cells[answer]?.trim())
        .map(({ cells }) => unguarded(cells[id].trim()));
    }),
  );
