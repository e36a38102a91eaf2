/** Plain texts to learn words from: a line of a text file is a text, or a cell of a table's text column. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readTable, readText } from "../../packages/table-file";
import { existing } from "../support/nearest";
import { COUNT, check } from "../support/settings";
import { readItems } from "./items";

interface TextOptions {
  /** Of a table (.tsv, .csv, .jsonl, .json). */
  readonly column?: string;
  /** At most so many texts, evenly spaced; all if left out. */
  readonly most?: number;
}

function textsOf(path: string, column: string): string[] {
  if (statSync(existing(path)).isDirectory())
    return readdirSync(path)
      .filter((name) => /\.(txt|tsv|csv|jsonl?)(\.gz)?$/.test(name))
      .sort()
      .flatMap((name) => textsOf(join(path, name), column));
  if (/\.(tsv|csv|jsonl?)(\.gz)?$/i.test(path))
    return readItems(
      readTable(path),
      { text: [column] },
      { read: (cell) => cell.text("text", { mayBeEmpty: true }) },
    );
  return readText(path).split(/\r\n|\r|\n/);
}

/**
 * The texts of a file (.txt, also with .gz, or a table) or of all such files of a folder, in order; empty
 * ones left out; none of the path "".
 *
 *     const entries = readTexts("data/encyclopaedia.tsv", { most: 100 });
 *
 * @throws if there is none, `most` is no number of texts, or a table lacks the column
 */
export function readTexts(path: string, { column = "text", most = Infinity }: TextOptions = {}): string[] {
  if (most !== Infinity) check("most", most, COUNT);
  if (path === "") return [];
  const texts = textsOf(path, column)
    .map((text) => text.trim())
    .filter((text) => text !== "");
  if (texts.length === 0)
    throw new Error(
      `${path} holds no text: give a .txt file with a text a line, a table, or a folder of such files`,
    );
  const count = Math.min(most, texts.length);
  return Array.from({ length: count }, (_, i) => texts[Math.floor((i * texts.length) / count)]);
}
