/** Rows as a file for spreadsheets. */

/**
 * RFC 4180. The mark at the beginning (BOM) is what Excel in Japan needs to read UTF-8. Empty where a row
 * lacks a column.
 */
export function csv(rows: readonly object[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown) => {
    const text = value === undefined || value === null ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  const line = (values: readonly unknown[]) => `${values.map(cell).join(",")}\r\n`;
  return `\ufeff${line(columns)}${rows.map((row) => line(columns.map((column) => (row as Readonly<Record<string, unknown>>)[column]))).join("")}`;
}
