/** The list that goes to an annotator and comes back filled in: its columns, and its file. */
import { csv } from "../danfojs-frame";

/** The names by which columns are known, the one that is written first. */
export const COLUMNS = {
  id: ["id"],
  text: ["本文", "text", "台詞", "レビュー"],
  old: ["今のラベル", "label now", "label", "ラベル", "old"],
  suggested: ["モデルの答え", "suggested"],
  probability: ["その確率", "probability"],
  agree: ["シードの一致率", "share of seeds"],
  new: ["新しいラベル", "new label", "new"],
  who: ["担当者", "who"],
  when: ["日付", "when"],
  comment: ["コメント", "comment"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A text whose label somebody is to look at. */
export interface Asked {
  readonly id: string;
  readonly text: string;
  readonly label: string;
  /** The class that the model takes instead, its probability, and the share of seeds that take it. */
  readonly suggested: string;
  readonly probability: number;
  readonly agree: number;
}

/** 0.67 and not 2/3, which spreadsheets take for a date. */
const hundredths = (share: number): number => Math.round(100 * share) / 100;

/**
 * The list as a CSV that spreadsheets open, formulas guarded (packages/danfojs-frame); four columns are left
 * to be filled in.
 */
export const correctionsCsv = (asked: readonly Asked[]): string =>
  csv(
    asked.map(({ id, text, label, suggested, probability, agree }) => ({
      [COLUMNS.id[0]]: id,
      [COLUMNS.text[0]]: text,
      [COLUMNS.old[0]]: label,
      [COLUMNS.suggested[0]]: suggested,
      [COLUMNS.probability[0]]: hundredths(probability),
      [COLUMNS.agree[0]]: hundredths(agree),
      [COLUMNS.new[0]]: "",
      [COLUMNS.who[0]]: "",
      [COLUMNS.when[0]]: "",
      [COLUMNS.comment[0]]: "",
    })),
  );
