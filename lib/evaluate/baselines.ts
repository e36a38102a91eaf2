/** What every table compares with: systems that have learnt nothing, or only counted characters. */

import { type Baseline, fitBaseline, occurring, type Parts } from "../../packages/tfidf";
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

/** Texts, and what stands before them where any has something. */
function partsOf({ items }: Tested, indices: readonly number[]): Parts {
  const contexts = items.map(({ context = [] }) => context.join("\n"));
  const parts = [items.map(({ text }) => text), ...(contexts.some(Boolean) ? [contexts] : [])];
  return parts.map((texts) => at(texts, indices));
}

interface Learnt extends Pick<Tested, "items" | "labels"> {
  readonly baseline: Baseline;
}
const learntOf = new WeakMap<Split, Learnt>();

/** TF-IDF on one split: learnt from its training and validation items, once for all who ask. */
export interface SplitBaseline extends Pick<Baseline, "grams" | "model" | "seconds"> {
  /** Of the test items. */
  answers(): number[];
  /** [test, C] */
  probabilities(): number[][];
}

/** @throws if all that is learnt from is of one class */
export function baselineOf(task: Tested, split: Split): SplitBaseline {
  const { items, labels } = task,
    { name, train, validation, test } = split;
  const before = learntOf.get(split),
    indices = [...train, ...validation],
    truth = at(labels, indices);
  if (occurring(truth).length === 1)
    throw new Error(
      `the split "${name}": all ${indices.length} items to learn from are of class ${truth[0]}, so that nothing can be learnt; choose another label, or other test items`,
    );
  const baseline =
    before?.items === items && before.labels === labels
      ? before.baseline
      : fitBaseline(partsOf(task, indices), truth, countOf(labels));
  learntOf.set(split, { items, labels, baseline });
  const { grams, model, seconds } = baseline;
  return {
    ...{ grams, model, seconds },
    answers: () => baseline.classify(partsOf(task, test)),
    probabilities: () => baseline.probabilities(partsOf(task, test)),
  };
}

/** How many classes there are. */
export const countOf = (labels: readonly number[]): number => labels.reduce((a, b) => Math.max(a, b), 0) + 1;

/**
 * On every split: "always negative" (class 0, the baseline of the report; two classes only), the majority
 * class of training, that of the test items themselves (an oracle), and TF-IDF of character 1- to 4-grams
 * with a logistic regression, C = 10, learnt from training and validation items. Where items have a context,
 * its n-grams are columns of their own. A class that never occurs in training is never answered.
 * @throws if all that is learnt from is of one class
 */
export function baselineRuns(task: Tested): NamedRun[] {
  const { items, labels, splits } = task;
  return splits.flatMap((split) => {
    const { name, train, test } = split,
      gold = at(labels, test),
      always = (label: number) => gold.map(() => label);
    const common = { testSet: name, seed: null, gold, items: at(items, test).map(({ id }) => id) };
    return [
      ...(countOf(labels) === 2 ? [{ ...common, system: ALWAYS_NEGATIVE, predicted: always(0) }] : []),
      { ...common, system: MAJORITY, predicted: always(majority(at(labels, train)).label) },
      { ...common, system: ORACLE_MAJORITY, predicted: always(majority(gold).label) },
      { ...common, system: TFIDF, predicted: baselineOf(task, split).answers() },
    ];
  });
}
