/**
 * Emotions in columns of their own, each with its intensity, by one annotator or by several, as in WRIME
 * (Kajiwara et al., NAACL 2021; its columns are Writer_Joy, Reader1_Joy, …, from 0 to 3): a line's label is
 * the strongest emotion, by the sum over annotators.
 */

import type { OpenTable } from "../../packages/table-file";
import { listed } from "../support/listed";
import type { Cells } from "./items";
import { nameKey } from "./names";

/** The label of a line whose strongest emotions, or most frequent votes, are several. */
export const TIE = "a tie between labels";
/** The label of a line all of whose intensities are 0, by the name of the built-in data. */
const NONE = "ニュートラル";
/** WRIME's polarity, from -2 to 2, stands among its emotions. */
const NO_EMOTION = "sentiment";

/** The columns of each emotion, one an annotator. */
type EmotionColumns = ReadonlyMap<string, readonly string[]>;

/**
 * What a list of columns and patterns names; the * of a pattern is the emotion, a column without * is one by
 * its own name.
 * @throws if a pattern names no column, or an emotion lacks an annotator that others have
 */
export function emotionColumns({ path, columns }: OpenTable, patterns: readonly string[]): EmotionColumns {
  const found = new Map<string, string[]>();
  for (const pattern of patterns) {
    const [before, after] = pattern.split("*");
    const matching = columns.flatMap((column): [string, string][] => {
      if (after === undefined) return nameKey(column) === nameKey(before) ? [[column, column]] : [];
      const end = column.length - after.length,
        emotion = column.slice(before.length, end);
      const around = nameKey(column.slice(0, before.length) + "*" + column.slice(end));
      return around === nameKey(pattern) && emotion !== "" && emotion.toLowerCase() !== NO_EMOTION
        ? [[emotion, column]]
        : [];
    });
    if (matching.length === 0)
      throw new Error(`${path} has no column ${pattern} (emotion). Its columns are ${listed(columns)}`);
    for (const [emotion, column] of matching) found.set(emotion, [...(found.get(emotion) ?? []), column]);
  }
  const most = Math.max(...[...found.values()].map(({ length }) => length));
  for (const [emotion, own] of found)
    if (own.length < most)
      throw new Error(`${path}: ${emotion} has ${own.length} columns (${own.join(", ")}), others ${most}`);
  return found;
}

/** The emotion of the greatest sum, TIE, or ニュートラル where all are 0. */
export function strongest(cell: Cells, emotions: EmotionColumns): string {
  const sums = [...emotions].map(([emotion, columns]) => ({
    emotion,
    sum: columns.reduce((sum, column) => sum + cell.number(column, 0), 0),
  }));
  const top = Math.max(...sums.map(({ sum }) => sum));
  if (top === 0) return NONE;
  const first = sums.filter(({ sum }) => sum === top);
  return first.length === 1 ? first[0].emotion : TIE;
}
