/**
 * Lines of manga: one line (台詞) a row, with the touch (画風) of its story and an emotion label. Stories,
 * touches and emotions are the file's own.
 */

import { openTable } from "../../packages/table-file";
import { grouped } from "../support/groups";
import { distance } from "../support/nearest";
import { remark } from "../support/printable";
import { emotionColumns, strongest, TIE } from "./intensities";
import { type Fields, readItems } from "./items";

export interface MangaLine {
  /** story/touch/line: unique within a file. */
  readonly id: string;
  readonly story: string;
  readonly touch: string;
  readonly page: number;
  readonly panel: number;
  readonly line: number;
  readonly speaker: string;
  readonly text: string;
  readonly situation: string;
  readonly emotion: string;
}

/** The names by which columns are known; a user's own replace them. */
export const MANGA_COLUMNS = {
  story: ["story", "話", "作品", "ストーリー", "エピソード"],
  touch: ["touch", "画風", "タッチ"],
  page: ["page", "ページ", "頁"],
  panel: ["panel", "コマ"],
  line: ["line", "行", "行番号", "台詞番号"],
  speaker: ["speaker", "話者", "キャラ", "キャラクター"],
  text: ["text", "台詞", "セリフ", "せりふ"],
  situation: ["situation", "状況", "状況文", "ト書き"],
  emotion: ["emotion", "感情", "感情ラベル"],
} as const satisfies Fields;

export interface MangaOptions {
  /**
   * The file's column names where they differ, for instance { text: "せりふ" }. `emotion` may also be a list of
   * columns that hold the intensity of an emotion each, or patterns of their names such as "Writer_*".
   */
  readonly names?: { readonly [field in Exclude<keyof typeof MANGA_COLUMNS, "emotion">]?: string } & {
    readonly emotion?: string | readonly string[];
  };
  /** Keeps lines whose strongest emotions tie, labelled TIE, as context for others. */
  readonly keepTies?: boolean;
}

/**
 * Reads manga lines in file order. Story, touch, text and emotion are required; a file without line numbers
 * counts its own lines.
 * @throws DataError with file, line, column and value of every bad row, a line that occurs twice among them;
 *   Error if a column is missing or can be one of several
 */
export function readManga(path: string, { names = {}, keepTies }: MangaOptions = {}): MangaLine[] {
  const table = openTable(path);
  const { emotion, ...others } = names;
  const inOne = typeof emotion !== "object" && (!emotion?.includes("*") || table.columns.includes(emotion));
  const intensities = inOne ? undefined : emotionColumns(table, [emotion ?? []].flat());
  const { emotion: labels, ...columns } = MANGA_COLUMNS;
  const emotionFields = intensities
    ? Object.fromEntries([...intensities.values()].flat().map((column) => [column, [column]]))
    : { emotion: labels };
  const rows: number[] = []; // of the file
  const lines = readItems(
    table,
    { ...columns, ...emotionFields },
    {
      names: inOne ? { ...others, emotion: emotion as string | undefined } : others,
      optional: ["page", "panel", "line", "speaker", "situation"],
      read: (cell): MangaLine => {
        const story = cell.name("story"),
          touch = cell.name("touch"),
          line = cell.has("line") ? cell.integer("line") : cell.line,
          id = `${story}/${touch}/${line}`;
        rows.push(cell.line);
        return {
          id: cell.id("line", id, "number the lines of a story and touch from 1"),
          story,
          touch,
          line,
          page: cell.integer("page"),
          panel: cell.integer("panel"),
          speaker: cell.text("speaker", { mayBeEmpty: true }),
          text: cell.text("text"),
          situation: cell.text("situation", { mayBeEmpty: true }),
          emotion: intensities ? strongest(cell, intensities) : cell.name("emotion"),
        };
      },
    },
  );
  const ties = lines.filter((line) => line.emotion === TIE).length;
  if (ties > 0)
    remark(`${path}: ${ties} of ${lines.length} lines have no label: their strongest emotions tie`);
  const labelled = [...grouped(lines.keys(), (i) => lines[i].emotion)];
  // numbers differ by one letter and are no slips
  for (const [rare, on] of labelled)
    for (const [label, { length }] of labelled)
      if (on.length < 3 && length > 4 && /^\P{N}{2,20}$/u.test(rare) && distance(rare, label) === 1)
        remark(
          `${path}: the label ${rare} stands on line${on[1] ? "s" : ""} ${on.map((i) => rows[i]).join(" and ")} alone, ${label} on ${length} lines: the same one?`,
        );
  return lines.filter((line) => keepTies || line.emotion !== TIE);
}
