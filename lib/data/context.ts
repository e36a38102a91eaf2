/**
 * A line after the lines before it: n lines, of which the last one is classified. Lines come before it in the
 * same telling of a story (story and touch), at most on the same page, in the order of their numbers; they
 * never come from another telling.
 */
import { grouped } from "../support/groups";
import { COUNT, check } from "../support/settings";
import type { Encodable } from "./encode";
import type { MangaLine } from "./manga";

/** What is read with a line. */
export interface ContextOptions {
  /** n, the line itself counted: 1 is the line alone. The first lines of a page or story have fewer. */
  readonly lines: number;
  /** Where the lines before may stand; a file without page numbers has one page a story. */
  readonly within: "page" | "story";
  /** Begins every line with its speaker's name, 「ミナミ：先輩…」; a line without speaker stays as it is. */
  readonly speakers: boolean;
}

/** A line, and what is read before it. */
export type MangaItem = MangaLine & Pick<Encodable, "context">;

/** The line as it is encoded. */
const spoken = ({ speaker, text }: MangaLine, speakers: boolean): string =>
  speakers && speaker !== "" ? `${speaker}：${text}` : text;

/**
 * Every line, as it is encoded, with the texts of up to n - 1 lines before it, in the order of `lines`.
 * @throws if n is no whole number from 1
 */
export function inContext(
  lines: readonly MangaLine[],
  { lines: n, within, speakers }: ContextOptions,
): MangaItem[] {
  check("lines", n, COUNT); // the line itself counted
  const placeOf = ({ story, touch, page }: MangaLine) =>
    JSON.stringify(within === "page" ? [story, touch, page] : [story, touch]);
  const before = new Map<MangaLine, readonly MangaLine[]>();
  for (const place of grouped(lines, placeOf).values()) {
    const inOrder = [...place].sort((a, b) => a.line - b.line);
    inOrder.forEach((line, i) => before.set(line, inOrder.slice(Math.max(0, i - n + 1), i)));
  }
  return lines.map((line) => ({
    ...line,
    text: spoken(line, speakers),
    context: (before.get(line) ?? []).map((one) => spoken(one, speakers)),
  }));
}
