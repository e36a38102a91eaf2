/** Customer reviews with polarity 0 (不評) or 1 (好評). */
import { type Problem, readItems, readTable, type TableOptions } from "./table";

export interface Review {
  readonly id: string;
  readonly category: string;
  readonly label: 0 | 1;
  readonly text: string;
}

export const REVIEW_COLUMNS = { id: "id", category: "category", label: "label", text: "text" } as const;

export interface ReviewOptions extends TableOptions {
  readonly names?: Partial<Record<keyof typeof REVIEW_COLUMNS, string>>;
  readonly onProblem?: (problem: Problem) => void;
}

const LABELS = ["0", "1", "不評", "好評"] as const;

/**
 * Reads reviews in file order; the label is 0 or 1, 不評 or 好評. Only label and text are required.
 * @throws DataError with file, line, column and value of every bad row
 */
export function readReviews(path: string, options: ReviewOptions = {}): Review[] {
  return readItems(
    readTable(path, options),
    { ...REVIEW_COLUMNS, ...options.names },
    {
      onProblem: options.onProblem,
      optional: ["id", "category"],
      read: (cell): Review => {
        const label = cell.label("label", LABELS);
        return {
          id: cell.has("id") ? cell.text("id") : `line ${cell.line}`,
          category: cell.text("category", { mayBeEmpty: true }),
          label: label === "1" || label === "好評" ? 1 : 0,
          text: cell.text("text"),
        };
      },
    },
  );
}
