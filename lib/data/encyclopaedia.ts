/** Encyclopaedia entries (事典の項目): plain prose on everyday things, from which word vectors learn what lines alone do not tell. */
import { readItems, readTable, type TableOptions } from "./table";

export interface Entry {
  readonly title: string;
  /** The group of the entry; empty where the file has no such column. */
  readonly subject: string;
  readonly text: string;
}

export const ENTRY_COLUMNS = { title: "title", subject: "subject", text: "text" } as const;

export interface EntryOptions extends TableOptions {
  readonly names?: Partial<Record<keyof typeof ENTRY_COLUMNS, string>>;
}

/**
 * Reads entries in file order. Only the text is required; without titles the line's number is the title.
 * @throws DataError with file, line, column and value of every bad row
 */
export function readEncyclopaedia(path: string, options: EntryOptions = {}): Entry[] {
  return readItems(readTable(path, options), { ...ENTRY_COLUMNS, ...options.names }, {
    optional: ["title", "subject"],
    read: (cell): Entry => ({
      title: cell.has("title") ? cell.text("title") : `line ${cell.line}`,
      subject: cell.text("subject", { mayBeEmpty: true }),
      text: cell.text("text"),
    }),
  });
}
