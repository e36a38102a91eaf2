/** TF-IDF of character 1- to 4-grams with a logistic regression, C = 10: the baseline of all tables. */
import type { Linear } from "./linear";
import { fitLogistic, probabilities } from "./logistic";
import { fitTfidf, transform } from "./tfidf";

/** The classes that occur, in their order: what can be learnt. */
export const occurring = (labels: readonly number[]): number[] => [...new Set(labels)].sort((a, b) => a - b);

/** Probabilities of classes that occur as those of all classes: 0 for one that does not. [texts, C] */
export const ofAllClasses = (
  rows: readonly (readonly number[])[],
  known: readonly number[],
  classes: number,
): number[][] => rows.map((row) => Array.from({ length: classes }, (_, c) => row[known.indexOf(c)] ?? 0));

export interface Baseline {
  readonly grams: ReturnType<typeof fitTfidf>;
  readonly model: Linear;
  /** [texts, C]: 0 for a class that was not learnt. */
  probabilities(texts: readonly string[]): number[][];
}

/**
 * Learns the baseline.
 * @param labels one a text, from 0 to classes - 1; not every class need occur
 * @throws as fitTfidf and fitLogistic
 */
export function fitBaseline(texts: readonly string[], labels: readonly number[], classes: number): Baseline {
  const known = occurring(labels),
    grams = fitTfidf(texts),
    truth = labels.map((label) => known.indexOf(label));
  const model = fitLogistic(transform(grams, texts), truth, known.length, { c: 10 });
  return {
    ...{ grams, model },
    probabilities: (some) => ofAllClasses(probabilities(model, transform(grams, some)), known, classes),
  };
}
