/** What is wrong with a file of data, all of it at once. */
import { brief, printable } from "../../lib/support/printable";

export interface Problem {
  readonly path: string;
  readonly line: number;
  /** Of the whole row it is left out. */
  readonly column?: string;
  readonly value: string;
  readonly remedy: string;
}

/** The beginning of a value on one line. */
const short = (value: string): string => printable(brief(value).replace(/\r\n|\r|\n/g, "↵"));

/** All that is wrong with a file, at most the first 20 spelt out in the message. */
export class DataError extends Error {
  override readonly name = "DataError";

  constructor(readonly problems: readonly Problem[]) {
    const lines = problems
      .slice(0, 20)
      .map(
        (p) =>
          `${p.path}, line ${p.line}${p.column === undefined ? "" : `, column ${p.column}`}: "${short(p.value)}": ${p.remedy}`,
      );
    if (problems.length > 20) lines.push(`… and ${problems.length - 20} more`);
    super(lines.join("\n"));
  }
}
