/**
 * Reviews with classes in the file's own words. Words for bad and good have an order by themselves; other
 * labels need one.
 */

import { openTable } from "../../packages/table-file";
import { listed } from "../support/listed";
import { remark } from "../support/printable";
import { type Fields, readItems } from "./items";
import { nameKey, namesOf } from "./names";

export interface Review {
  readonly id: string;
  readonly category: string;
  /** Its class, from 0. */
  readonly label: number;
  readonly text: string;
}

interface Reviews {
  /** From bad to good. */
  readonly classes: readonly string[];
  readonly reviews: readonly Review[];
}

export const REVIEW_COLUMNS = {
  id: ["id"],
  category: ["category", "カテゴリ", "カテゴリー", "分類"],
  label: ["label", "ラベル", "評価", "極性"],
  text: ["text", "レビュー", "本文", "感想", "口コミ", "クチコミ"],
} as const satisfies Fields;

export interface ReviewOptions {
  /** The file's column names where they differ, for instance { text: "感想文" }. */
  readonly names?: { readonly [field in keyof typeof REVIEW_COLUMNS]?: string };
  /** All labels from bad to good, a list; "" if they are words of POLARITY. */
  readonly classNames?: string;
}

/** Words for bad, neutral and good; the first of each is shown where the file has numbers. */
const POLARITY: readonly (readonly string[])[] = [
  ["不評", "否定", "ネガティブ", "ネガ", "悪い", "negative", "neg", "false"],
  ["中立", "ニュートラル", "どちらでもない", "neutral"],
  ["好評", "肯定", "ポジティブ", "ポジ", "良い", "positive", "pos", "true"],
];

/** 0 for bad, 1 for neutral, 2 for good, -1 for what is none of them; 1.0 is 1. */
function gradeOf(label: string, scale: readonly number[]): number {
  const word = nameKey(label).toLowerCase();
  return word !== "" && Number.isFinite(Number(word))
    ? scale.indexOf(Number(word))
    : POLARITY.findIndex((words) => words.includes(word));
}

interface Classes {
  readonly classes: readonly string[];
  readonly classOf: (label: string) => number;
}

/** @throws with the labels that there are if some are no words of POLARITY */
function byPolarity(labels: readonly string[], path: string): Classes {
  const scale = labels.some((label) => Number(nameKey(label)) === -1) ? [-1, 0, 1] : [0, Number.NaN, 1];
  const graded = labels.map((label) => ({ label, grade: gradeOf(label, scale) }));
  if (graded.some(({ grade }) => grade < 0))
    throw new Error(
      `${path} has the labels ${listed(labels)}: the setting classNames takes all in the order of the tables (from bad to good if grades), as one string, such as classNames: "${listed(labels)}"`,
    );
  const grades = [0, 1, 2].filter((one) => one !== 1 || graded.some(({ grade }) => grade === 1));
  const classes = grades.map((one) => {
    const own = graded.filter(({ grade }) => grade === one).map(({ label }) => label);
    const name = own.find((label) => Number.isNaN(Number(nameKey(label)))) ?? POLARITY[one][0];
    if (own.length > 1) remark(`${path}: ${own.join(" and ")} are one class, ${name}`);
    return name;
  });
  return { classes, classOf: (label) => grades.indexOf(gradeOf(label, scale)) };
}

/** @throws if a label has no place in the list */
function inOrder(labels: readonly string[], path: string, classNames: string): Classes {
  const classes = namesOf(classNames, labels, "classNames");
  const left = labels.filter((label) => !classes.includes(label));
  if (left.length > 0)
    throw new Error(`classNames=${classNames} lacks ${listed(left)}, which ${path} has as a label too`);
  return { classes, classOf: (label) => classes.indexOf(label) };
}

/**
 * Reads reviews in file order. Only label and text are required.
 * @throws DataError with file, line, column and value of every bad row; Error if a column is missing or can
 *   be one of several, or the order of the labels is not known
 */
export function readReviews(path: string, { names, classNames = "" }: ReviewOptions = {}): Reviews {
  const rows = readItems(openTable(path), REVIEW_COLUMNS, {
    names,
    optional: ["id", "category"],
    read: (cell) => ({
      id: cell.id(
        "id",
        cell.has("id") ? cell.text("id") : `line ${cell.line}`,
        "ids name a review and must differ",
      ),
      category: cell.text("category", { mayBeEmpty: true }),
      label: cell.name("label"),
      text: cell.text("text"),
    }),
  });
  const labels = [...new Set(rows.map(({ label }) => label))];
  const { classes, classOf } =
    classNames === "" ? byPolarity(labels, path) : inOrder(labels, path, classNames);
  return { classes, reviews: rows.map((row) => ({ ...row, label: classOf(row.label) })) };
}
