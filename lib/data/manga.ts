/**
 * Lines of four-panel manga (4コマ): one line (台詞) a row, with the touch (画風) of its story and the author's
 * emotion label.
 */
import { type Problem, readItems, readTable, type TableOptions } from "./table";

export const TOUCHES = ["ギャグ", "少女漫画", "少年漫画", "青年漫画", "萌え系"] as const;

export const EMOTIONS = ["ニュートラル", "驚愕", "喜楽", "恐怖", "悲哀", "憤怒", "嫌悪"] as const;
export type Emotion = (typeof EMOTIONS)[number];

export interface MangaLine {
  /** story/touch/line: unique within a file. */
  readonly id: string;
  readonly story: string;
  /** Any name; the built-in data hold the five TOUCHES. */
  readonly touch: string;
  readonly page: number;
  readonly panel: number;
  readonly line: number;
  readonly speaker: string;
  readonly text: string;
  readonly situation: string;
  readonly emotion: string;
}

/** Which column holds what; a user's own names replace these. */
export const MANGA_COLUMNS = {
  story: "story",
  touch: "touch",
  page: "page",
  panel: "panel",
  line: "line",
  speaker: "speaker",
  text: "text",
  situation: "situation",
  emotion: "emotion",
} as const;

export interface MangaOptions extends TableOptions {
  /** The file's column names where they differ, for instance { text: "台詞" }. */
  readonly names?: Partial<Record<keyof typeof MANGA_COLUMNS, string>>;
  readonly touches?: readonly string[];
  readonly emotions?: readonly string[];
  /**
   * Gets every bad row, which is then left out; without it the first bad file is an error that lists all its
   * bad rows.
   */
  readonly onProblem?: (problem: Problem) => void;
}

/**
 * Reads manga lines in file order. Story, touch, text and emotion are required; a file without line numbers
 * counts its own lines.
 * @throws DataError with file, line, column and value of every bad row; Error if a column is missing or a
 *   line occurs twice
 */
export function readManga(path: string, options: MangaOptions = {}): MangaLine[] {
  const names = { ...MANGA_COLUMNS, ...options.names };
  const touches = options.touches ?? TOUCHES,
    emotions = options.emotions ?? EMOTIONS;
  const lines = readItems(readTable(path, options), names, {
    onProblem: options.onProblem,
    optional: ["page", "panel", "line", "speaker", "situation"],
    read: (cell): MangaLine => {
      const story = cell.text("story"),
        touch = cell.label("touch", touches),
        line = cell.has("line") ? cell.integer("line") : cell.line;
      return {
        id: `${story}/${touch}/${line}`,
        story,
        touch,
        line,
        page: cell.has("page") ? cell.integer("page") : 1,
        panel: cell.has("panel") ? cell.integer("panel", { max: 4 }) : 1,
        speaker: cell.text("speaker", { mayBeEmpty: true }),
        text: cell.text("text"),
        situation: cell.text("situation", { mayBeEmpty: true }),
        emotion: cell.label("emotion", emotions),
      };
    },
  });
  const seen = new Set<string>();
  for (const { id } of lines) {
    if (seen.has(id))
      throw new Error(
        `${path}: two rows have story/touch/line ${id}: number the lines of a story and touch from 1`,
      );
    seen.add(id);
  }
  return lines;
}
