/**
 * A line with its marked words. What a word says is told by weight, slant and the kind of its underline as
 * well as by colour, so that it is read in black and white, in the dark (the tints are translucent), on
 * paper, and where styles are taken away (GitHub).
 */
import { signed } from "../../lib/show/numbers";
import { escapeHtml } from "../../lib/support/html";
import type { Word } from "./words";

/** Shares of a line's largest mark from which words are marked, and strongly marked. */
const MARKED = 1 / 3;
const STRONG = 2 / 3;

/** Okabe and Ito's blue and vermillion, lib/show/style.ts. */
const TINTS = { for: "0, 114, 178", against: "213, 94, 0" };

const largestOf = (marks: readonly number[]) => Math.max(0, ...marks.map(Math.abs));

function markup(text: string, mark: number, share: number): string {
  const speaks = mark > 0 ? "for" : "against",
    strong = share >= STRONG;
  const style = [
    "color: inherit",
    `background: rgba(${TINTS[speaks]}, ${strong ? 0.32 : 0.14})`,
    `text-decoration: underline ${speaks === "for" ? "solid" : "dotted"} ${strong ? 3 : 1}px`,
    "text-underline-offset: 0.2em",
  ];
  const tag = speaks === "for" ? "strong" : "em";
  return `<mark style="${style.join("; ")}" title="${signed(mark)}"><${tag}>${escapeHtml(text)}</${tag}></mark>`;
}

/** The whole text as HTML, its words with a third or more of the largest mark marked. */
export function markedHtml(text: string, words: readonly Word[], marks: readonly number[]): string {
  const largest = largestOf(marks);
  let at = 0;
  const parts = words.map(({ start, end }, i) => {
    const before = escapeHtml(text.slice(at, start)),
      word = text.slice(start, end),
      share = largest > 0 ? Math.abs(marks[i]) / largest : 0;
    at = end;
    return before + (share >= MARKED ? markup(word, marks[i], share) : escapeHtml(word));
  });
  return (parts.join("") + escapeHtml(text.slice(at))).replace(/\n/g, "<br>");
}

/** The words with the largest marks, each with its number, the largest first: "親切 +0.31". */
export function strongest(words: readonly Word[], marks: readonly number[], most: number): string[] {
  const least = MARKED * largestOf(marks);
  return [...words.keys()]
    .filter((i) => marks[i] !== 0 && Math.abs(marks[i]) >= least)
    .sort((a, b) => Math.abs(marks[b]) - Math.abs(marks[a]) || a - b)
    .slice(0, most)
    .map((i) => `${words[i].text} ${signed(marks[i])}`);
}
