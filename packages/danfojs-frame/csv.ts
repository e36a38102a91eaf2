/** Rows as a file for spreadsheets. */
import { type Frame, isMissing, namesIn, rowsOf } from "./frame";

/** Tabs and line ends at the beginning are dropped by some spreadsheets before they look for a formula. */
const FORMULA = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/;

/** A text as it was before csv() guarded it. */
export const unguarded = (cell: string): string =>
  cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;

/**
 * RFC 4180. The mark at the beginning (BOM) is what Excel in Japan needs to read UTF-8. Empty where a row
 * lacks a column or its cell is missing. A text that a spreadsheet would take for a formula (=, +, -, @, also
 * after a tab or a line end) gets the ' in front by which it is shown as a text; numbers stay as they are.
 */
export function csv(source: readonly object[] | Frame): string {
  const rows = rowsOf(source),
    columns = namesIn(source);
  const cell = (value: unknown) => {
    const plain = isMissing(value) ? "" : value instanceof Date ? value.toISOString() : String(value);
    const text = typeof value !== "number" && FORMULA.test(plain) ? `'${plain}` : plain;
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  const line = (values: readonly unknown[]) => `${values.map(cell).join(",")}\r\n`;
  return `\ufeff${line(columns)}${rows.map((row) => line(columns.map((column) => row[column]))).join("")}`;
}
