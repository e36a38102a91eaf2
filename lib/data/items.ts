/** Rows of a table → items: which column is which, what a cell may hold, names in one spelling. */
import { DataError, type OpenTable, type Problem, type Row } from "../../packages/table-file";
import { listed } from "../support/listed";
import { brief, remark } from "../support/printable";
import { remembered } from "../support/remembered";
import { nameKey } from "./names";

/** The names by which a field's column is known, its own first. */
export type Fields = Readonly<Record<string, readonly string[]>>;

interface ItemOptions<T> {
  /** The user's own column names; they replace the known ones. */
  readonly names?: Readonly<Record<string, string | undefined>>;
  /** Fields whose column may be missing. */
  readonly optional?: readonly string[];
  readonly read: (cell: Cells) => T;
}

/**
 * The column of every field that has one. A column by another name than the field's own is said, so that
 * nobody is surprised by what was read.
 */
function columnsOf(
  { path, columns }: OpenTable,
  fields: Fields,
  { names = {}, optional = [] }: Pick<ItemOptions<unknown>, "names" | "optional">,
): Readonly<Record<string, string>> {
  const faults: string[] = [],
    taken: string[] = [];
  const chosen = Object.values(names).map((name) => nameKey(name ?? ""));
  const found = Object.entries(fields).flatMap(([field, known]): [string, string][] => {
    const own = names[field],
      exact = columns.filter((column) => nameKey(column) === nameKey(own ?? known[0]));
    const others = columns.filter(
      (column) =>
        known.some((name) => nameKey(name).toLowerCase() === nameKey(column).toLowerCase()) &&
        !chosen.includes(nameKey(column)),
    );
    const candidates = own !== undefined || exact.length > 0 ? exact : others,
      [column] = candidates;
    const remedy = `name yours in the setting${known[1] ? ` columns={"${field}":"…"}` : "s"}`;
    if (new Set(candidates).size > 1)
      faults.push(`${candidates.map(brief).join(" and ")} can both be ${field}: ${remedy}`);
    else if (candidates.length > 1)
      faults.push(`several columns are called ${brief(column)}: give them different names`);
    else if (column === undefined && (own !== undefined || !optional.includes(field)))
      faults.push(
        `no column "${own ?? known.join('" or "')}"${own === undefined ? "" : ` (${field})`}. Its columns are ${listed(columns)}: ${remedy}`,
      );
    else if (column !== undefined && own === undefined) {
      const rest = others.filter((other) => other !== column).join(" and ");
      if (exact.length === 0 || rest !== "")
        taken.push(
          `${brief(column)} is read as ${field}${rest === "" ? "" : ` and ${brief(rest)} left alone`}`,
        );
    }
    return candidates.map((one) => [field, one]);
  });
  if (faults.length > 0) throw new Error(faults.map((fault) => `${path}: ${fault}`).join("\n"));
  if (taken.length > 0) remark(`${path}: ${taken.join(", ")}`);
  return Object.fromEntries(found);
}

/**
 * Makes an item of every row. `read` asks for cells by the name of the field. Names that are spelt in several
 * ways are one, which is said.
 * @throws DataError with every bad row, so that nothing is lost silently; Error if a column is missing or can
 *   be one of several
 */
export function readItems<T>(table: OpenTable, fields: Fields, options: ItemOptions<T>): T[] {
  const file: FileState = {
    path: table.path,
    columns: columnsOf(table, fields, options),
    spellings: new Map(),
    ids: new Set(),
    problems: [],
  };
  const items: T[] = [];
  for (const row of table.rows) items.push(options.read(new Cells(file, row)));
  const { spellings, problems } = file;
  if (problems.length > 0) throw new DataError(problems);
  for (const [field, names] of spellings)
    for (const [first, ...others] of names.values())
      if (others.length > 0)
        remark(
          `${table.path}: ${[first, ...others].map((name) => `"${brief(name)}"`).join(" and ")} are one ${field}, ${brief(first.trim())}`,
        );
  return items;
}

/** What is known of a file while its rows are read. */
interface FileState {
  readonly path: string;
  /** Of every field that has one. */
  readonly columns: Readonly<Record<string, string>>;
  /** Of each field and key the spellings in the file, the first one first. */
  readonly spellings: Map<string, Map<string, Set<string>>>;
  readonly ids: Set<string>;
  readonly problems: Problem[];
}

/** The cells of one row, by field; what is wrong with them is gathered. */
export class Cells {
  constructor(
    private readonly file: FileState,
    private readonly row: Row,
  ) {}

  /** Line of the file on which the row begins, from 1. */
  get line(): number {
    return this.row.line;
  }

  /** Whether the file has the field's column. */
  has(field: string): boolean {
    return field in this.file.columns;
  }

  /** The name of an item, which no other row may have. @param field that makes it so */
  id(field: string, id: string, remedy: string): string {
    if (this.file.ids.has(id)) this.fail(field, `${brief(id)} occurs twice: ${remedy}`);
    this.file.ids.add(id);
    return id;
  }

  /** A text, white space around it taken away; empty only where allowed. */
  text(field: string, { mayBeEmpty = false } = {}): string {
    const fault = this.own(this.row.faults ?? {}, field);
    const value = this.written(field).trim();
    if (fault !== undefined && !(mayBeEmpty && fault.missing)) this.fail(field, fault.remedy, fault.value);
    else if (value === "" && !mayBeEmpty) this.fail(field, "empty: fill it in or take the row out");
    return value;
  }

  /** A whole number of at least `min`; 1 where the file has no such column. */
  integer(field: string, min = 1): number {
    if (!this.has(field)) return 1;
    const value = this.number(field, min);
    if (value >= min && !Number.isInteger(value)) this.fail(field, `not a whole number from ${min}`);
    return value;
  }

  /** A number of at least `min`, full-width digits allowed. */
  number(field: string, min: number): number {
    const text = this.text(field),
      value = text === "" ? min : Number(nameKey(text)); // an empty cell has been complained of
    if (!(value >= min)) this.fail(field, `not a number from ${min}`);
    return value;
  }

  /** A name, in the spelling that it has first in the file. */
  name(field: string): string {
    const value = this.text(field);
    const ofField = remembered(this.file.spellings, field, () => new Map<string, Set<string>>());
    const spelt = remembered(ofField, nameKey(value), () => new Set<string>());
    return [...spelt.add(this.written(field))][0].trim();
  }

  /** One of `labels`, whatever the width of its characters (ｷﾞｬｸﾞ is read as ギャグ). */
  label<L extends string>(field: string, labels: readonly L[]): L {
    const value = nameKey(this.text(field));
    const found = labels.find((label) => nameKey(label) === value);
    if (found === undefined) this.fail(field, `none of ${labels.join(", ")}`);
    return found ?? labels[0];
  }

  /** What a record has in a field's column, itself: a file's column may be called "constructor". */
  private own<V>(record: Readonly<Record<string, V>>, field: string): V | undefined {
    const column = this.file.columns[field];
    return column !== undefined && Object.hasOwn(record, column) ? record[column] : undefined;
  }

  private written(field: string): string {
    return this.own(this.row.cells, field) ?? "";
  }

  /** Something is wrong with a field. */
  private fail(field: string, remedy: string, value = this.written(field)): void {
    const { path, columns, problems } = this.file;
    problems.push({ path, line: this.line, column: columns[field] ?? field, value, remedy });
  }
}
