/** Plain texts to learn words from: a line of a text file is a text, or a cell of a table's text column. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readTable, readText } from "../../packages/table-file";
import { existing } from "../support/nearest";
import { COUNT, check } from "../support/settings";
import { readItems } from "./items";
import { MANGA_COLUMNS } from "./manga";
import { REVIEW_COLUMNS } from "./reviews";

interface TextOptions {
  /** Of a table (.tsv, .csv, .jsonl, .json); left out, as the text of manga lines or of reviews is known. */
  readonly column?: string;
  /** A further name by which that text is known, before the others. */
  readonly also?: string;
  /** At most so many texts, evenly spaced; all if left out. */
  readonly most?: number;
}

/** @param names by which the column of texts is known */
function textsOf(path: string, names: readonly string[]): string[] {
  if (statSync(existing(path)).isDirectory())
    return readdirSync(path)
      .filter((name) => /\.(txt|tsv|csv|jsonl?)(\.gz)?$/.test(name))
      .sort()
      .flatMap((name) => textsOf(join(path, name), names));
  if (/\.(tsv|csv|jsonl?)(\.gz)?$/i.test(path))
    return readItems(
      readTable(path),
      { text: names },
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
export function readTexts(path: string, { column, also, most = Infinity }: TextOptions = {}): string[] {
  if (most !== Infinity) check("most", most, COUNT);
  if (path === "") return [];
  const known = [also, ...MANGA_COLUMNS.text, ...REVIEW_COLUMNS.text].flatMap((name) => name ?? []);
  const texts = textsOf(path, column === undefined ? [...new Set(known)] : [column])
    .map((text) => text.trim())
    .filter((text) => text !== "");
  if (texts.length === 0)
    throw new Error(
      `${path} holds no text: give a .txt file with a text a line, a table, or a folder of such files`,
    );
  const count = Math.min(most, texts.length);
  return Array.from({ length: count }, (_, i) => texts[Math.floor((i * texts.length) / count)]);
}
