/**
 * An executed notebook without the lines of its data: for lines that must not leave the machine. What leads
 * to them is left out before page and notebook are written: the table behind the charts, all outputs of a
 * cell that is tagged `lines` (it may show parts of a line), has an output that says so itself, or shows a
 * whole line of that table (nobody may have thought of the tag), and the words of errors, which may quote a
 * line.
 */
import {
  type Cell,
  DATA_MIME,
  type Failure,
  hasTag,
  LINES_MIME,
  type Notebook,
  type Output,
  textOf,
  textsBehind,
} from "../notebook";

/** Shorter lines are words that stand anywhere; their cells need the tag. */
export const TELLING = 5;
/** What stands where something is left out. */
export const REMARK = "(left out of this private report: it shows lines of the data)";

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

const isTable = ({ data }: Output): boolean => data?.[LINES_MIME] !== undefined;

/** Whether a notebook says which lines it has: otherwise only the tag `lines` can tell. */
export function namesItsLines(notebook: Notebook): boolean {
  return notebook.cells.some((cell) => hasTag(cell, "lines") || cell.outputs?.some(isTable));
}

/** The notebook without its lines, each output that showed some replaced by a remark. */
export function withoutLines(notebook: Notebook): Notebook {
  const lines = textsBehind(notebook)
    .map(plain)
    .filter((line) => line.length >= TELLING);
  const remark: Output = {
    output_type: "display_data",
    data: { "text/markdown": `*${REMARK}*`, "text/plain": REMARK },
    metadata: {},
  };
  const tells = (output: Output): boolean => {
    if (output.data?.[DATA_MIME] !== undefined) return true;
    const written = wordsOf(output);
    const forms = [written, written.replace(/<[^<>]*>/g, "")].map(plain); // markup within a line hides none of it
    return lines.some((line) => forms.some((words) => words.includes(line)));
  };
  const outputsLeft = (cell: Cell): readonly Output[] => {
    const shown = (cell.outputs ?? [])
      .filter((output) => !isTable(output))
      .map((output) =>
        output.output_type === "error"
          ? { ...output, evalue: REMARK, traceback: [`${output.ename}: ${REMARK}`] }
          : output,
      );
    return hasTag(cell, "lines") || shown.some(tells)
      ? [remark, ...shown.filter(({ output_type }) => output_type === "error")]
      : shown;
  };
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
