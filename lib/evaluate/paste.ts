/**
 * A published table as it is pasted into a notebook: Markdown, or columns copied from a spreadsheet or a PDF
 * with tabs between them.
 */
import type { PublishedTable } from "./published";

export interface PastedTable {
  /** What a cell prints, for instance ".652 / .300 / .207" with ["accuracy", "recall", "f1"]. */
  readonly metrics: PublishedTable["metrics"];
  /** The name of the row that calls nothing positive, if there is one. */
  readonly alwaysNegative?: string;
  /** Columns that are no test sets, as averages are. */
  readonly leaveOut?: readonly string[];
}

/**
 * Reads a table: headings first, then one row a system; in a cell the scores stand between slashes or spaces,
 * "-" where none is printed. Decimals are counted as they are printed (.30 has two).
 * @throws with line and value if a score is no number from 0 to 1, or a cell or row has not as many scores as
 *   it should
 */
export function pastedTable(
  text: string,
  { metrics, alwaysNegative, leaveOut = [] }: PastedTable,
): PublishedTable {
  const lines = text
    .split(/\r?\n/)
    .map((line, i) => ({ at: i + 1, cells: cellsOf(line) }))
    .filter(({ cells }) => !cells.every((cell) => /^[-: ]*$/.test(cell)));
  if (lines.length < 2)
    throw new Error("the pasted table has no rows: it takes a line of headings and one line a system");
  const accuracy = metrics.indexOf("accuracy");
  if (alwaysNegative !== undefined && accuracy < 0)
    throw new Error("a baseline that calls nothing positive is read by its accuracy, which is not printed");
  const [heading, ...rows] = lines;
  const kept = heading.cells.map((_, i) => i).filter((i) => i > 0 && !leaveOut.includes(heading.cells[i]));
  const systems = rows.map(({ at, cells }) => {
    if (cells.length !== heading.cells.length)
      throw new Error(`line ${at}: ${cells.length} columns under ${heading.cells.length} headings`);
    const printed = kept.map((i) => cells[i].split(/[\s/,]+/).filter(Boolean));
    for (const scores of printed) {
      if (scores.length !== metrics.length)
        throw new Error(`line ${at}: "${scores.join(" / ")}" is not ${metrics.join(" / ")}`);
      const odd = scores.find((score) => !/^[-–]$|^(0?\.\d+|[01](\.0*)?)$/.test(score));
      if (odd !== undefined)
        throw new Error(`line ${at}: "${odd}" is no score from 0 to 1, and not "-" for none`);
    }
    return { system: cells[0], printed };
  });
  const decimals = (some: typeof systems) =>
    Math.max(
      ...some.flatMap(({ printed }) => printed.flat()).map((score) => (score.split(".")[1] ?? "").length),
    );
  const baseline = systems.filter(({ system }) => system === alwaysNegative);
  const others = systems.filter(({ system }) => system !== alwaysNegative);
  if (alwaysNegative !== undefined && baseline.length !== 1)
    throw new Error(`${baseline.length} rows are named "${alwaysNegative}", not one`);
  const number = (score: string) => (/^[-–]$/.test(score) ? null : Number(score));
  return {
    metrics,
    decimals: decimals(others),
    testSets: kept.map((i) => heading.cells[i]),
    systems: others.map(({ system, printed }) => ({
      system,
      cells: printed.map((scores) => scores.map(number)),
    })),
    ...(baseline.length === 0
      ? {}
      : {
          alwaysNegative: {
            decimals: decimals(baseline),
            accuracy: baseline[0].printed.map((scores) => number(scores[accuracy])),
          },
        }),
  };
}

const cellsOf = (line: string) =>
  (line.includes("\t")
    ? line.split("\t")
    : line
        .trim()
        .replace(/^\||\|$/g, "")
        .split("|")
  ).map((cell) => cell.trim());
