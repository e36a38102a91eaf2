/** What every table compares with: systems that have learnt nothing, or only counted characters. */

import { beside, fitLogistic, fitTfidf, occurring, predict, transform } from "../../packages/tfidf";
import type { Split } from "../data/split";
import type { NamedRun } from "./comparison";
import { majority } from "./confusion";

/** The name of TF-IDF with a logistic regression, which all else is compared with. */
export const TFIDF = "TF-IDF + logistic";
/** The class that is most frequent in training. */
export const MAJORITY = "majority class";
/** The class that is most frequent among the test items themselves, which no system can know. */
export const ORACLE_MAJORITY = "oracle majority";
export const ALWAYS_NEGATIVE = "always negative";

/** What is learnt and tested: items of a dataset, and for every item its class. */
export interface Tested {
  readonly items: readonly {
    readonly id: string;
    readonly text: string;
    readonly context?: readonly string[];
  }[];
  readonly labels: readonly number[];
  readonly splits: readonly Split[];
}

const at = <T>(values: readonly T[], indices: readonly number[]) => indices.map((index) => values[index]);

/**
 * On every split: "always negative" (class 0, the baseline of the report; two classes only), the majority
 * class of training, that of the test items themselves (an oracle), and TF-IDF of character 1- to 4-grams
 * with a logistic regression, C = 10, learnt from training and validation items. Where items have a context,
 * its n-grams are columns of their own, so that a word before the text is not taken for one in it. A class
 * that never occurs in training is never answered.
 * @throws if all that is learnt from is of one class
 */
export function baselineRuns({ items, labels, splits }: Tested): NamedRun[] {
  const classes = labels.reduce((a, b) => Math.max(a, b), 0) + 1,
    contexts = items.map(({ context = [] }) => context.join("\n"));
  const blocks = [
    items.map(({ text }) => text),
    ...(contexts.some((context) => context !== "") ? [contexts] : []),
  ];
  return splits.flatMap(({ name, train, validation, test }) => {
    const gold = at(labels, test),
      always = (label: number) => gold.map(() => label);
    const common = { testSet: name, seed: null, gold, items: at(items, test).map(({ id }) => id) };
    const learnt = [...train, ...validation],
      known = occurring(at(labels, learnt));
    if (known.length === 1)
      throw new Error(
        `the split "${name}": all ${learnt.length} items to learn from are of class ${known[0]}, so that nothing can be learnt; choose another label, or other test items`,
      );
    const counting = () => {
      const grams = blocks.map((texts) => fitTfidf(at(texts, learnt)));
      const rows = (indices: readonly number[]) =>
        blocks.map((texts, i) => transform(grams[i], at(texts, indices))).reduce(beside);
      const places = at(labels, learnt).map((label) => known.indexOf(label));
      const answers = predict(fitLogistic(rows(learnt), places, known.length, { c: 10 }), rows(test));
      return at(known, answers);
    };
    return [
      ...(classes === 2 ? [{ ...common, system: ALWAYS_NEGATIVE, predicted: always(0) }] : []),
      { ...common, system: MAJORITY, predicted: always(majority(at(labels, train)).label) },
      { ...common, system: ORACLE_MAJORITY, predicted: always(majority(gold).label) },
      { ...common, system: TFIDF, predicted: counting() },
    ];
  });
}
