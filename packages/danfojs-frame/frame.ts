/** Rows as danfojs frames, and either read in one way. */
import type { DataFrame } from "danfojs-node";
import { isMissing, repair } from "./repair";

export { isMissing };

/** What is used of a danfojs DataFrame. */
export interface Frame {
  readonly columns: readonly string[];
  readonly values: unknown;
}

/** True for danfojs frames. */
export const isFrame = (value: object): value is Frame =>
  "columns" in value && Array.isArray(value.columns) && "values" in value;

/** The columns of a table: of rows, every key that some row has. */
export const namesIn = (source: readonly object[] | Frame): readonly string[] =>
  isFrame(source) ? source.columns : [...new Set(source.flatMap((row) => Object.keys(row)))];

/**
 * A danfojs DataFrame of rows, for grouping and joining; its columns are those of all rows, by name, and what
 * a row lacks (an absent key, null, undefined) is NaN. danfojs is loaded at the first call, and repaired: see
 * repair.ts for what is left to look out for.
 * @throws if a column has a name that danfojs needs for itself
 */
export async function frame(rows: readonly object[]): Promise<DataFrame> {
  const { ready } = await import("../tfjs-graph");
  await ready();
  const danfo = await import("danfojs-node");
  repair(danfo);
  const columns = namesIn(rows),
    empty = new danfo.DataFrame([[0]]) as unknown as Readonly<Record<string, unknown>>,
    taken = columns.find((name) => name in empty && typeof empty[name] !== "function");
  if (taken !== undefined)
    throw new Error(`a frame cannot have a column "${taken}", which danfojs needs for itself`);
  const cells = rows.map((row) =>
    columns.map((name) => (row as Readonly<Record<string, unknown>>)[name] ?? Number.NaN),
  );
  return new danfo.DataFrame(cells, { columns: [...columns] });
}

/** The rows of a table as objects. */
export const rowsOf = (source: readonly object[] | Frame): readonly Readonly<Record<string, unknown>>[] =>
  isFrame(source)
    ? (source.values as readonly unknown[][]).map((cells) =>
        Object.fromEntries(source.columns.map((column, i) => [column, cells[i]])),
      )
    : (source as readonly Readonly<Record<string, unknown>>[]);
