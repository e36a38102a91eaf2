/** Explained lines as a table: marked words and nearest lines, in HTML and in plain text. */
import { decimals } from "../../lib/show/numbers";
import type { Bundle } from "../../lib/show/style";
import { escaped, tableText } from "../../lib/show/tables";
import { isJapanese } from "../../lib/support/width";
import { DATA_MIME } from "../notebook";
import type { Explained } from "./explain";
import { markedHtml, strongest } from "./marked";
import type { Way } from "./marks";

const MOST_WORDS = 5; // that stand with their numbers
const MOST_LETTERS = 48; // of a training line

interface Row {
  readonly explained: Explained;
  /** The right class, where it is known. */
  readonly gold?: number;
}

interface TableOptions {
  readonly classes: readonly string[];
  readonly caption: string;
  readonly way: Way;
}

/** How marked words are to be read. */
const legend = (way: Way) => [
  `Marks by ${way}: means over the seeds that give the predicted class, whose number stands in brackets; ρ: rank correlation of the marks between these seeds.`,
  "Bold with a line: the word speaks for the predicted class; slanted with dots: against it. Marked are words with a third or more of their line's largest mark, strongly from two thirds on.",
];

const shortened = (text: string) =>
  [...text].length > MOST_LETTERS ? `${[...text].slice(0, MOST_LETTERS).join("")}…` : text;

const LINE = "line";
const MARKS = "marks";
const NEAREST = "nearest training lines";
/** Columns of data, which no page translates. */
const DATA: readonly string[] = [LINE, MARKS, NEAREST];
/** Of text that goes over several lines. */
const WIDE: readonly string[] = [LINE, NEAREST];

function cellsOf({ explained: one, gold }: Row, classes: readonly string[]): Record<string, string> {
  const { predicted, probability, seeds, of, words, marks, agreement, nearest } = one;
  return {
    [LINE]: one.text,
    ...(gold !== undefined && { gold: classes[gold] }),
    predicted: `${classes[predicted]}\n${decimals(probability)} (${seeds}/${of})`,
    [MARKS]: strongest(words, marks, MOST_WORDS).join("\n"),
    ρ: Number.isNaN(agreement) ? "–" : decimals(agreement),
    ...(nearest.length > 0 && {
      [NEAREST]: nearest
        .map(({ text, label, cosine }) => `${classes[label]} ${decimals(cosine)} ${shortened(text)}`)
        .join("\n"),
    }),
  };
}

function cellHtml(heading: string, words: string, { explained }: Row): string {
  const tag = heading === LINE ? "th" : "td";
  const attributes = [
    tag,
    ...(heading === LINE ? ['scope="row"'] : []),
    ...(DATA.includes(heading) ? ['translate="no"'] : []),
    ...(isJapanese(words) ? ['lang="ja"'] : []),
    `style="text-align: left; ${WIDE.includes(heading) ? "min-width: 15em" : "white-space: nowrap"}"`,
  ];
  const inner =
    heading === LINE ? markedHtml(explained.text, explained.words, explained.marks) : escaped(words);
  return `<${attributes.join(" ")}>${inner}</${tag}>`;
}

/**
 * A row a line. As text the lines are whole, and the numbers beside them say what is marked. A private report
 * leaves the table out.
 */
export function explainedTable(rows: readonly Row[], { classes, caption, way }: TableOptions): Bundle {
  const cells = rows.map((row) => cellsOf(row, classes)),
    notes = legend(way);
  const row = (parts: readonly string[]) => `<tr>${parts.join("")}</tr>`;
  const html = [
    "<table>",
    `<caption>${escaped(caption)}</caption>`,
    `<thead>${row(Object.keys(cells[0]).map((heading) => `<th scope="col" style="text-align: left">${heading}</th>`))}</thead>`,
    "<tbody>",
    ...rows.map((one, i) =>
      row(Object.entries(cells[i]).map(([heading, words]) => cellHtml(heading, words, one))),
    ),
    "</tbody>",
    "</table>",
    ...notes.map((note) => `<p style="font-size: smaller">${escaped(note)}</p>`),
  ];
  return {
    "text/html": html.join("\n"),
    "text/plain": [tableText(cells, { caption }), ...notes].join("\n\n"),
    [DATA_MIME]: true,
  };
}
