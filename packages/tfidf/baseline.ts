/** TF-IDF of character 1- to 4-grams with a logistic regression, C = 10: the baseline of all tables. */
import { type Linear, predict } from "./linear";
import { fitLogistic, probabilities } from "./logistic";
import { beside, fitTfidf, transform } from "./tfidf";

/** The classes that occur, in their order: what can be learnt. */
export const occurring = (labels: readonly number[]): number[] => [...new Set(labels)].sort((a, b) => a - b);

/** Probabilities of classes that occur as those of all classes: 0 for one that does not. [texts, C] */
export const ofAllClasses = (
  rows: readonly (readonly number[])[],
  known: readonly number[],
  classes: number,
): number[][] => rows.map((row) => Array.from({ length: classes }, (_, c) => row[known.indexOf(c)] ?? 0));

/**
 * Texts by their parts, such as texts and what stands before each. The n-grams of each part are columns of
 * their own, so that a word before the text is not taken for one in it.
 */
export type Parts = readonly (readonly string[])[];

export interface Baseline {
  /** Of each part. */
  readonly grams: readonly ReturnType<typeof fitTfidf>[];
  readonly model: Linear;
  /** Of learning. */
  readonly seconds: number;
  classify(parts: Parts): number[];
  /** [texts, C]: 0 for a class that was not learnt. */
  probabilities(parts: Parts): number[][];
}

/**
 * Learns the baseline.
 * @param labels one a text, from 0 to classes - 1; not every class need occur
 * @throws as fitTfidf and fitLogistic
 */
export function fitBaseline(parts: Parts, labels: readonly number[], classes: number): Baseline {
  const start = performance.now(),
    known = occurring(labels),
    grams = parts.map((texts) => fitTfidf(texts)),
    truth = labels.map((label) => known.indexOf(label));
  const rows = (some: Parts) => some.map((texts, part) => transform(grams[part], texts)).reduce(beside);
  const model = fitLogistic(rows(parts), truth, known.length, { c: 10 });
  return {
    ...{ grams, model, seconds: (performance.now() - start) / 1000 },
    classify: (some) => predict(model, rows(some)).map((place) => known[place]),
    probabilities: (some) => ofAllClasses(probabilities(model, rows(some)), known, classes),
  };
}
