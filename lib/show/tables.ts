/** Rows as tables: HTML for notebooks, aligned Markdown for terminals and files. */
import { type Frame, isMissing, namesIn, rowsOf } from "../../packages/danfojs-frame";
import { escapeHtml } from "../support/html";
import { columnsOf, isJapanese, pad } from "../support/width";
import { decimals } from "./numbers";
import type { Bundle } from "./style";

export interface TableOptions {
  /** Says what the table shows; it stands above it. */
  readonly caption?: string;
  /**
   * The columns to show, in this order, with their headings; all of them under their own names by default.
   */
  readonly columns?: Readonly<Record<string, string>>;
  /** Decimals of numbers that are not whole, 3 by default. */
  readonly digits?: number;
}

function text(value: unknown, digits: number): string {
  if (isMissing(value)) return "–";
  if (typeof value === "number") return decimals(value, Number.isInteger(value) ? 0 : digits);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value instanceof Date) return value.toISOString();
  return String(value);
}

interface Grid {
  readonly headings: readonly string[];
  readonly cells: readonly (readonly string[])[];
  /** For each column whether it holds numbers, which stand on the right and are not broken. */
  readonly numeric: readonly boolean[];
}

function gridOf(source: readonly object[] | Frame, { columns, digits = 3 }: TableOptions): Grid {
  const rows = rowsOf(source);
  const known = namesIn(source);
  const keys = columns === undefined ? known : Object.keys(columns);
  const unknown = keys.find((key) => rows.length > 0 && !known.includes(key));
  if (unknown !== undefined)
    throw new Error(`no row has a column "${unknown}"; there are ${known.join(", ")}`);
  const cells = rows.map((row) => keys.map((key) => text(row[key], digits)));
  return {
    headings: keys.map((key) => columns?.[key] ?? key),
    cells,
    numeric: keys.map((_, i) =>
      cells.every((row) => /^(–|[-−+<]?\s?[\d.](?:[\d.,\s±–()n=%+−-]|of|to)*)$/.test(row[i])),
    ),
  };
}

/** Text as HTML, with its line breaks. */
export const escaped = (words: string) => escapeHtml(words).replace(/\n/g, "<br>");
const lang = (words: string) => (isJapanese(words) ? ' lang="ja"' : "");

/** Letters of a touch or an emotion, which browsers would break anywhere. */
const NAME = 8;

/** An HTML table with a caption, headings with their scope, and the language of Japanese cells. */
export function tableHtml(source: readonly object[] | Frame, options: TableOptions = {}): string {
  const { headings, cells, numeric } = gridOf(source, options),
    { caption } = options;
  const cell = (tag: string, words: string, column: number) => {
    const name = words.split("\n").every((line) => line.length <= NAME);
    const whole = tag === 'th scope="col"' ? name && isJapanese(words) : numeric[column] || name;
    return `<${tag}${lang(words)} style="text-align: ${numeric[column] ? "right" : "left"}${whole ? "; white-space: nowrap" : ""}">${escaped(words)}</${tag.split(" ")[0]}>`;
  };
  const row = (parts: readonly string[]) => `<tr>${parts.join("")}</tr>`;
  return [
    "<table>",
    ...(caption === undefined ? [] : [`<caption${lang(caption)}>${escaped(caption)}</caption>`]),
    `<thead>${row(headings.map((heading, i) => cell('th scope="col"', heading, i)))}</thead>`,
    "<tbody>",
    ...cells.map((line) => row(line.map((words, i) => cell(i === 0 ? 'th scope="row"' : "td", words, i)))),
    "</tbody>",
    "</table>",
  ].join("\n");
}

/** A Markdown table whose columns also line up as plain text, Japanese letters counted as two. */
export function tableText(source: readonly object[] | Frame, options: TableOptions = {}): string {
  const { headings, cells, numeric } = gridOf(source, options);
  const lines = [headings, ...cells].map((line) =>
    line.map((words) => words.replace(/\|/g, "\\|").replace(/\n/g, " ")),
  );
  const widths = headings.map((_, i) => lines.reduce((most, line) => Math.max(most, columnsOf(line[i])), 3));
  const drawn = lines.map(
    (line) =>
      `| ${line.map((words, i) => pad(words, widths[i], numeric[i] ? "start" : "end")).join(" | ")} |`,
  );
  const rule = `|${widths.map((width, i) => (numeric[i] ? `${"-".repeat(width + 1)}:` : "-".repeat(width + 2))).join("|")}|`;
  return [
    ...(options.caption === undefined ? [] : [options.caption, ""]),
    drawn[0],
    rule,
    ...drawn.slice(1),
  ].join("\n");
}

interface ShownTableOptions extends TableOptions {
  /** Remarks in small print below it. */
  readonly notes?: readonly string[];
  /** Further tables, folded beneath it under their summary; as text they stand in the open. */
  readonly folded?: readonly Bundle[];
  readonly summary?: string;
}

/**
 * Rows, or a DataFrame, as a table to be shown.
 *
 *     await show(table([{ class: "bad", texts: 12 }], { caption: "Texts by class" }));
 */
export function table(
  source: readonly object[] | Frame,
  { notes = [], folded = [], summary = "", ...options }: ShownTableOptions = {},
): Bundle {
  const markup = (bundle: Bundle) => String(bundle["text/html"]),
    text = (bundle: Bundle) => String(bundle["text/plain"]);
  const details = `<details>\n<summary>${escaped(summary)}</summary>\n${folded.map(markup).join("\n")}\n</details>`;
  return {
    "text/html": [
      tableHtml(source, options),
      ...notes.map((note) => `<p style="font-size: smaller">${escaped(note)}</p>`),
      ...(folded.length === 0 ? [] : [details]),
    ].join("\n"),
    "text/plain": [tableText(source, options), ...notes, ...folded.map(text)].join("\n\n"),
  };
}
