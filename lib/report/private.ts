/**
 * A report without the lines of its data: for lines that must not leave the machine. What leads to them is
 * left out before page and notebook are written: the table behind the charts, all outputs of a cell that is
 * tagged `lines` or shows a line of that table, and the words of errors, which may quote a line.
 */
import { LINES_MIME, type LinesTable } from "../show/lines";
import type { Cell, Notebook, Output } from "../show/notebook";
import { hasTag, textOf } from "../show/notebook";
import type { Failure } from "./execute";

/** Shorter lines are words that stand anywhere; their cells need the tag. */
const TELLING = 5;
const REMARK = "(left out of this private report: it shows lines of the data)";

/** All text of an output. */
const wordsOf = ({ text, data = {} }: Output): string =>
  [
    textOf(text),
    ...Object.values(data).map((value) =>
      typeof value === "string" || Array.isArray(value) ? textOf(value) : JSON.stringify(value),
    ),
  ].join("\n");

const plain = (text: string): string =>
  text
    .replace(/&amp;/g, "&")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/\\?["'`]|&quot;|&#39;/g, "")
    .replace(/\s+/g, " ");

/** Whether a notebook says which lines it has: otherwise only the tag `lines` can tell. */
export function namesItsLines(notebook: Notebook): boolean {
  return notebook.cells.some(
    (cell) => hasTag(cell, "lines") || cell.outputs?.some(({ data }) => data?.[LINES_MIME] !== undefined),
  );
}

/** The notebook without its lines, each output that showed some replaced by a remark. */
export function withoutLines(notebook: Notebook): Notebook {
  const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []);
  const tables = outputs.flatMap(({ data }) =>
    data?.[LINES_MIME] === undefined ? [] : [data[LINES_MIME] as LinesTable],
  );
  const lines = tables
    .flatMap(({ texts }) => texts)
    .map(plain)
    .filter((line) => line.length >= TELLING);
  const remark: Output = {
    output_type: "display_data",
    data: { "text/markdown": `*${REMARK}*`, "text/plain": REMARK },
    metadata: {},
  };
  const shownBy = ({ outputs = [] }: Cell): readonly Output[] =>
    outputs
      .filter(({ data }) => data?.[LINES_MIME] === undefined)
      .map((output) =>
        output.output_type === "error"
          ? { ...output, evalue: REMARK, traceback: [`${output.ename}: ${REMARK}`] }
          : output,
      );
  const tells = (cell: Cell): boolean =>
    hasTag(cell, "lines") ||
    shownBy(cell)
      .map(wordsOf)
      .map(plain)
      .some((words) => lines.some((line) => words.includes(line)));
  const outputsLeft = (cell: Cell): readonly Output[] =>
    tells(cell)
      ? [remark, ...shownBy(cell).filter(({ output_type }) => output_type === "error")]
      : shownBy(cell);
  return {
    ...notebook,
    cells: notebook.cells.map((cell) =>
      cell.outputs?.length ? { ...cell, outputs: outputsLeft(cell) } : cell,
    ),
  };
}

/** The failure without its words. */
export function withoutWords(failure: Failure | undefined): Failure | undefined {
  return failure && { ...failure, evalue: REMARK, traceback: [] };
}
