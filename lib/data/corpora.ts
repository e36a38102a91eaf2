/** Public corpora, each in its own format, in the place of a user's lines or reviews. */
import { openTable } from "../../packages/table-file";
import { TIE } from "./intensities";
import { type Cells, readItems } from "./items";
import type { MangaLine } from "./manga";

/** Reads columns that are called as their fields are. */
const readColumns = <T>(
  path: string,
  fields: readonly string[],
  read: (cell: Cells) => T,
  columns?: readonly string[],
): T[] =>
  readItems(openTable(path, columns), Object.fromEntries(fields.map((name) => [name, [name]])), { read });

const DOMAINS = ["cleaning", "exercise", "game", "lunch", "sleep"] as const;
const LABELS = ["neutral", "anger", "joy", "sadness", "contentment", "tie"] as const;

/**
 * The NAIST persuasive dialogue corpus (Yoshino et al., LREC 2018) as lines: 1,000 scripted dialogues in five
 * domains, every line labelled by three or more workers. Its domains stand for touches and its dialogues for
 * stories.
 * @param path lines.tsv; lines whose votes tie are left out, or kept as context for others
 */
export const readPersuasive = (path: string, { keepTies = false } = {}): MangaLine[] =>
  readColumns(path, ["domain", "dialogue", "turn", "speaker", "text", "majority"], (cell): MangaLine => {
    const touch = cell.label("domain", DOMAINS),
      story = `${touch}-${cell.text("dialogue")}`,
      line = cell.integer("turn", 0),
      majority = cell.label("majority", LABELS);
    return {
      id: `${story}/${line}`,
      story,
      touch,
      line,
      page: 1,
      panel: 1,
      speaker: cell.text("speaker"),
      text: cell.text("text"),
      situation: "",
      emotion: majority === "tie" ? TIE : majority,
    };
  }).filter(({ emotion }) => keepTies || emotion !== TIE);

interface JrteSentence {
  readonly id: string;
  readonly label: -1 | 0 | 1;
  readonly text: string;
  readonly usage: "train" | "dev" | "test";
}

/**
 * The polarity part of jrte-corpus (Hayashibe 2020): sentences of hotel reviews, 1 positive, 0 neutral, -1
 * negative.
 * @param path pn.tsv, a file without header, read in its order
 */
export const readJrte = (path: string): JrteSentence[] =>
  readColumns(
    path,
    ["id", "label", "text", "usage"],
    (cell) => ({
      id: cell.text("id"),
      label: Number(cell.label("label", ["-1", "0", "1"])) as JrteSentence["label"],
      text: cell.text("text"),
      usage: cell.label("usage", ["train", "dev", "test"] as const),
    }),
    ["id", "label", "text", "judges", "usage"],
  );

/**
 * The sentences as reviews with classes from bad to good, those of its own test set marked: three as in
 * published tables, or two without the neutral ones.
 */
export function readJrteReviews(path: string, count: 2 | 3) {
  const classes = count === 3 ? ["不評", "中立", "好評"] : ["不評", "好評"];
  const reviews = readJrte(path)
    .filter(({ label }) => count === 3 || label !== 0)
    .map(({ id, text, label, usage }) => ({
      id,
      text,
      label: count === 3 ? label + 1 : (label + 1) / 2,
      tested: usage === "test",
    }));
  return { classes, reviews };
}
