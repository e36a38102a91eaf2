/**
 * Widths of a table's columns by what they hold: pandoc gives all columns the same where a cell has several
 * lines, which leaves names no room beside numbers.
 */
import { columnsOf } from "../../lib/support/width";

/** Letters of half width that fit side by side in a table on A4, in small print. */
const ROOM = 100;
/** What stands around the letters of a cell. */
const PADDING = 4;
/** Of a column that holds sentences. */
const MOST = 60;

/** The lines of a cell as text. */
const linesOf = (cell: string): string[] =>
  cell.split(/<br\s*\/?>|<\/p>/).map((line) =>
    line
      .replace(/<[^<>]*>/g, "")
      .replace(/&(?:lt|gt|amp|quot|#39);/g, "x")
      .trim(),
  );

const largest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);

/** A number with its interval, "−0.30 to −0.22". */
const NUMBERS = /^[\d\s.,:%±+−–()<>=np]+(?:to[\d\s.,+−)]+)?$/;

/**
 * The longest part that should not be torn: a Latin word, a date, a number with its interval; Japanese may go
 * on in the next line anywhere.
 */
const wordOf = (line: string): number =>
  NUMBERS.test(line) && line.length <= 24
    ? line.length
    : Math.max(
        largest(line.split(/[\s\u2e80-\uffff]+|(?<=[-/])(?=[A-Za-z])/).map(columnsOf)),
        Math.min(columnsOf(line), 4),
      );

/** Shares of the page's width, together at most 1. */
export function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const columns = Array.from({ length: largest(rows.map((row) => row.length)) }, (_, i) => {
    const lines = rows.flatMap((row) => linesOf(row[i] ?? ""));
    const natural = Math.min(MOST, Math.max(1, largest(lines.map(columnsOf))));
    return {
      natural: natural + PADDING,
      least: Math.min(natural, Math.max(1, largest(lines.map(wordOf)))) + PADDING,
    };
  });
  const sum = (of: "natural" | "least") => columns.reduce((total, column) => total + column[of], 0);
  if (sum("natural") <= ROOM) return columns.map(({ natural }) => natural / ROOM);
  const spare = ROOM - sum("least"),
    wish = sum("natural") - sum("least");
  return spare <= 0
    ? columns.map(({ least }) => least / sum("least"))
    : columns.map(({ natural, least }) => (least + (spare * (natural - least)) / wish) / ROOM);
}

/** A document's tables, each with the widths of its columns. */
export const withColumnWidths = (html: string): string =>
  html.replace(
    /(<table\b[^<>]*>\s*(?:<caption\b(?:(?!<caption\b|<table\b).)*?<\/caption>)?)((?:(?!<table\b).)*?)<\/table>/gs,
    (_, head: string, body: string) => {
      const rows = [...body.matchAll(/<tr\b[^<>]*>((?:(?!<tr\b).)*?)<\/tr>/gs)].map(([, row]) =>
        [...row!.matchAll(/<t[hd]\b[^<>]*>((?:(?!<t[hd]\b).)*?)<\/t[hd]>/gs)].map(([, cell]) => cell!),
      );
      const columns = columnWidths(rows).map((share) => `<col style="width: ${(100 * share).toFixed(1)}%">`);
      return `${head}<colgroup>${columns.join("")}</colgroup>${body}</table>`;
    },
  );
