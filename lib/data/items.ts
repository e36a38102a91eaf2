/** Rows of a table → items: which column is which, what a cell may hold, names in one spelling. */
import { DataError, type Problem, type Row, type Table } from "../../packages/table-file";
import { listed, nameKey } from "./names";

/** The names by which a field's column is known, its own first. */
export type Fields = Readonly<Record<string, readonly string[]>>;

export interface ItemOptions<T> {
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
  { path, columns }: Table,
  fields: Fields,
  { names = {}, optional = [] }: Pick<ItemOptions<unknown>, "names" | "optional">,
): Readonly<Record<string, string>> {
  const faults: string[] = [],
    taken: string[] = [];
  const chosen = Object.values(names).map((name) => nameKey(name ?? ""));
  const found = Object.entries(fields).flatMap(([field, known]): [string, string][] => {
    const own = names[field];
    const called = (name: string) => columns.filter((column) => nameKey(column) === nameKey(name));
    const other = columns.filter(
      (column) =>
        known.some((name) => nameKey(name).toLowerCase() === nameKey(column).toLowerCase()) &&
        !chosen.includes(nameKey(column)),
    );
    const exact = called(own ?? known[0]);
    const candidates = own !== undefined || exact.length > 0 ? exact : other;
    if (candidates.length > 1)
      faults.push(
        new Set(candidates).size > 1
          ? `${candidates.join(" and ")} can both be ${field}: name yours in the settings`
          : `several columns are called ${candidates[0]}: give them different names`,
      );
    if (candidates.length === 0 && (own !== undefined || !optional.includes(field)))
      faults.push(
        `no column "${own ?? known[0]}"${own === undefined ? "" : ` (${field})`}. Its columns are ${listed(columns)}: name yours in the settings`,
      );
    const rest = other.filter((column) => column !== candidates[0]);
    if (own === undefined && candidates.length === 1 && (exact.length === 0 || rest.length > 0))
      taken.push(
        `${candidates[0]} is read as ${field}${rest.length > 0 ? ` and ${rest.join(", ")} left alone` : ""}`,
      );
    return candidates.map((column) => [field, column]);
  });
  if (faults.length > 0) throw new Error(faults.map((fault) => `${path}: ${fault}`).join("\n"));
  if (taken.length > 0) console.log(`${path}: ${taken.join(", ")}`);
  return Object.fromEntries(found);
}

/**
 * Makes an item of every row. `read` asks for cells by the name of the field. Names that are spelt in several
 * ways are one, which is said.
 * @throws DataError with every bad row, so that nothing is lost silently; Error if a column is missing or can
 *   be one of several
 */
export function readItems<T>(table: Table, fields: Fields, options: ItemOptions<T>): T[] {
  const columns = columnsOf(table, fields, options);
  const spellings: Spellings = new Map(),
    problems: Problem[] = [];
  const items = table.rows.map((row) => {
    const cell = new Cells(table.path, row, columns, spellings);
    const item = options.read(cell);
    problems.push(...cell.problems);
    return item;
  });
  if (problems.length > 0) throw new DataError(problems);
  for (const [field, names] of spellings)
    for (const [first, ...others] of names.values())
      if (others.length > 0)
        console.log(
          `${table.path}: ${[first, ...others].map((name) => `"${name}"`).join(" and ")} are one ${field}, ${first.trim()}`,
        );
  return items;
}

/** Of each field and key the spellings in the file, the first one first. */
type Spellings = Map<string, Map<string, Set<string>>>;

/** The cells of one row; what is wrong with them is gathered in `problems`. */
export class Cells {
  readonly problems: Problem[] = [];

  constructor(
    private readonly path: string,
    private readonly row: Row,
    private readonly columns: Readonly<Record<string, string>>,
    private readonly spellings: Spellings,
  ) {}

  /** Line of the file on which the row begins, from 1. */
  get line(): number {
    return this.row.line;
  }

  /** Whether the file has the field's column. */
  has(field: string): boolean {
    return field in this.columns;
  }

  /** Something is wrong with a field. */
  fail(field: string, remedy: string, value = this.row.cells[this.columns[field]] ?? ""): void {
    this.problems.push({
      path: this.path,
      line: this.row.line,
      column: this.columns[field] ?? field,
      value,
      remedy,
    });
  }

  /** A text, white space around it taken away; empty only where allowed. */
  text(field: string, { mayBeEmpty = false } = {}): string {
    const column = this.columns[field],
      fault = this.row.faults?.[column];
    const value = (this.row.cells[column] ?? "").trim();
    if (fault !== undefined && !(mayBeEmpty && fault.missing)) this.fail(field, fault.remedy, fault.value);
    else if (value === "" && !mayBeEmpty) this.fail(field, "empty: fill it in or take the row out");
    return value;
  }

  /** A whole number of at least `min`, full-width digits allowed. */
  integer(field: string, { min = 1 } = {}): number {
    const value = this.number(field, min);
    if (value >= min && !Number.isInteger(value)) this.fail(field, `not a whole number from ${min}`);
    return value;
  }

  /** A number of at least `min`. */
  number(field: string, min: number): number {
    const text = this.text(field),
      value = text === "" ? min : Number(nameKey(text)); // an empty cell has been complained of
    if (!(value >= min)) this.fail(field, `not a number from ${min}`);
    return value;
  }

  /** A name, in the spelling that it has first in the file. */
  name(field: string): string {
    const value = this.text(field),
      key = nameKey(value);
    const ofField = this.spellings.get(field) ?? new Map<string, Set<string>>();
    this.spellings.set(field, ofField);
    const known = ofField.get(key) ?? new Set<string>();
    ofField.set(key, known.add(this.row.cells[this.columns[field]]));
    return [...known][0].trim();
  }

  /** One of `labels`, whatever the width of its characters (ｷﾞｬｸﾞ is read as ギャグ). */
  label<L extends string>(field: string, labels: readonly L[]): L {
    const value = nameKey(this.text(field));
    const found = labels.find((label) => nameKey(label) === value);
    if (found === undefined) this.fail(field, `none of ${labels.join(", ")}`);
    return found ?? labels[0];
  }
}
