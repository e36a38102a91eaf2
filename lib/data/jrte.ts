/**
 * The polarity part of jrte-corpus (Hayashibe 2020): sentences of hotel reviews, 1 positive, 0 neutral, -1
 * negative, in a file without header.
 */

import { readTable } from "../../packages/table-file";
import { readItems } from "./items";

export interface JrteSentence {
  readonly id: string;
  readonly label: -1 | 0 | 1;
  readonly text: string;
  readonly usage: "train" | "dev" | "test";
}

/** Reads pn.tsv in file order. */
export function readJrte(path: string): JrteSentence[] {
  const columns = ["id", "label", "text", "judges", "usage"];
  const fields = { id: ["id"], label: ["label"], text: ["text"], usage: ["usage"] };
  return readItems(readTable(path, { columns }), fields, {
    read: (cell): JrteSentence => ({
      id: cell.text("id"),
      label: Number(cell.label("label", ["-1", "0", "1"] as const)) as -1 | 0 | 1,
      text: cell.text("text"),
      usage: cell.label("usage", ["train", "dev", "test"] as const),
    }),
  });
}

/**
 * The sentences as reviews with classes from bad to good, those of its own test set marked: three as in
 * published tables, or two without the neutral ones.
 */
export function readJrteReviews(path: string, classes: 2 | 3) {
  const names = ["不評", "中立", "好評"],
    kept = names.filter((_, c) => classes === 3 || c !== 1);
  const reviews = readJrte(path)
    .map(({ id, text, label, usage }) => ({
      id,
      text,
      label: kept.indexOf(names[label + 1]),
      tested: usage === "test",
    }))
    .filter(({ label }) => label >= 0);
  return { classes: kept, reviews };
}
