/** Which of the planted labels a list finds, by what it is sorted by. */
import { type Interval, summary } from "../../lib/evaluate/intervals";
import { decimals, withInterval } from "../../lib/show/numbers";
import type { Words } from "../../lib/show/style";
import { grouped } from "../../lib/support/groups";
import { averagePrecision } from "../ranking";
import { fitBaseline } from "../tfidf";
import { foldSplits } from "./folds";
import type { OutOfFold } from "./out-of-fold";
import { percent, type Variant } from "./plant";
import { outOfFoldLoss } from "./suspects";

export type Answered = Variant & OutOfFold;

/** 1 − the highest probability: that the model is unsure, whatever the label says. Mean over seeds. */
const unsureness = ({ probabilities: seeds }: Answered): number[] =>
  seeds[0].map(
    (_, item) => seeds.reduce((sum, ofSeed) => sum + 1 - Math.max(...ofSeed[item]), 0) / seeds.length,
  );

/**
 * The out-of-fold loss of TF-IDF with a logistic regression, on the folds of the first seed. A class that a
 * fold has not learnt has the probability 0.
 */
function countingLoss({ task }: Answered, folds: number): number[] {
  const { items, labels, classes } = task,
    rows: number[][] = [];
  for (const { train, validation, test } of foldSplits(task, { folds, seed: 1 })) {
    const learnt = [...train, ...validation],
      texts = (indices: readonly number[]) => [indices.map((item) => items[item].text)];
    const truth = learnt.map((item) => labels[item]),
      baseline = fitBaseline(texts(learnt), truth, classes.length);
    baseline.probabilities(texts(test)).forEach((row, i) => {
      rows[test[i]] = row;
    });
  }
  return outOfFoldLoss({ task, probabilities: [rows] });
}

/** The list that this package makes. */
export const OWN = "out-of-fold loss";
const [CONFIDENCE, COUNTING] = ["confidence alone", "TF-IDF loss"];
/** Any list, in the mean. */
const CHANCE = "random order";

/** A mean over plantings with its 95 % interval, and each of them. */
export interface Estimate extends Interval {
  readonly value: number;
  readonly seeds: readonly number[];
}

/** Student's two-sided 95 % points for 1 to 9 degrees of freedom. */
const T95 = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622];

/** Of values that differ by chance alone, such as one a planting; no interval of one value. */
export function meanOf(values: readonly number[]): Estimate {
  const { n, mean, sd } = summary(values),
    z = 1.959964,
    t =
      T95[n - 2] ??
      z + (z ** 3 + z) / (4 * (n - 1)) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * (n - 1) ** 2); // Cornish and Fisher
  const half = (t * sd) / Math.sqrt(n);
  return { value: mean, low: mean - half, high: mean + half, seeds: values };
}

/** How well a list of one kind finds what was planted. */
export interface Found {
  readonly data: string;
  readonly share: number;
  readonly by: string;
  readonly planted: number;
  /** Of the texts at the head of the list, as many as are planted: precision and recall at once. */
  readonly precision: Estimate;
  /** Of the planted ones the share that is among twice as many. */
  readonly recallAtTwice: Estimate;
  readonly averagePrecision: Estimate;
  /** Of the planted ones, by the share of all texts that is looked at. */
  readonly recallAt: ReadonlyMap<number, Estimate>;
  /** Precision of the out-of-fold loss minus this one's, planting by planting. */
  readonly behind?: Estimate;
}

/** Shares of all texts that somebody may look at. */
export const LOOKED_AT = [0.01, 0.02, 0.05, 0.1, 0.2];

/** How many of the first n of a list are wrong. */
function hitsIn(order: readonly number[], wrong: ReadonlySet<number>, n: number): number {
  return order.slice(0, n).filter((item) => wrong.has(item)).length;
}

/**
 * What a list may be sorted by: of each kind a number for every text, the highest first.
 * @param folds of TF-IDF, which is left out without them
 */
export function scoresBy(answered: Answered, folds?: number): Readonly<Record<string, readonly number[]>> {
  const loss = outOfFoldLoss(answered),
    own = { [OWN]: loss, [CONFIDENCE]: unsureness(answered) };
  if (folds === undefined) return own;
  const counting = countingLoss(answered, folds);
  return {
    ...own,
    [COUNTING]: counting,
    "mean of both losses": loss.map((one, item) => (one + counting[item]) / 2),
  };
}

/**
 * How well each kind of list finds the planted labels of some data, means over plantings with 95 % intervals
 * (Student's), and of a random order.
 * @param scores by planting: of each kind of list a number for every text, the highest first
 */
export function foundBy(
  answered: readonly Answered[],
  scores: (one: Answered) => Readonly<Record<string, readonly number[]>>,
): Found[] {
  const variants = [
    ...grouped(
      answered.filter(({ share }) => share > 0),
      ({ name }) => name,
    ).values(),
  ];
  return variants.flatMap((own): Found[] => {
    const [{ data, share, wrong, task }] = own,
      n = task.items.length;
    const known = own.map(scores);
    const lists = Object.keys(known[0]).map((by) => {
      const each = own.map((one, i) => {
        const values = known[i][by],
          order = [...values.keys()].sort((a, b) => values[b] - values[a] || a - b);
        const recall = (looked: number) => hitsIn(order, one.wrong, looked) / one.wrong.size;
        return {
          precision: recall(one.wrong.size),
          twice: recall(2 * one.wrong.size),
          average: averagePrecision({
            gold: values.map((_, item) => Number(one.wrong.has(item))),
            predicted: [],
            probabilities: values.map((value) => [0, value]),
          }),
          at: LOOKED_AT.map((part) => recall(Math.round(part * n))),
        };
      });
      return { by, each };
    });
    const ours = lists.find(({ by }) => by === OWN);
    const made = lists.map(
      ({ by, each }): Found => ({
        ...{ data, share, by, planted: wrong.size },
        precision: meanOf(each.map(({ precision }) => precision)),
        recallAtTwice: meanOf(each.map(({ twice }) => twice)),
        averagePrecision: meanOf(each.map(({ average }) => average)),
        recallAt: new Map(LOOKED_AT.map((part, i) => [part, meanOf(each.map(({ at }) => at[i]))])),
        ...(ours !== undefined &&
          by !== OWN && {
            behind: meanOf(each.map(({ precision }, i) => ours.each[i].precision - precision)),
          }),
      }),
    );
    const exactly = (value: number): Estimate => ({ value, low: value, high: value, seeds: [] });
    const chance: Found = {
      ...{ data, share, by: CHANCE, planted: wrong.size },
      precision: exactly(wrong.size / n),
      recallAtTwice: exactly((2 * wrong.size) / n),
      averagePrecision: exactly(wrong.size / n),
      recallAt: new Map(LOOKED_AT.map((part) => [part, exactly(Math.round(part * n) / n)])),
    };
    return [...made, chance];
  });
}

/** "0.62 (0.58 to 0.66)"; of one planting, and of chance, without an interval. */
export const inWords = ({ value, low, high, seeds }: Estimate, digits = 2): string =>
  seeds.length < 2 ? decimals(value, digits) : withInterval(value, { low, high }, digits);

/** @throws if nothing of the kind was planted */
export function foundOf(
  found: readonly Found[],
  { data, share, by = OWN }: { readonly data: string; readonly share: number; readonly by?: string },
): Found {
  const one = found.find((row) => row.data === data && row.share === share && row.by === by);
  if (one === undefined)
    throw new Error(`nothing was found by ${by} of ${percent(share)} planted in ${data}`);
  return one;
}

/** How much of what was planted the list finds, against TF-IDF's, confidence alone and chance. */
export function foundInWords(
  found: readonly Found[],
  of: { readonly data: string; readonly share: number },
): Words {
  const words = (by: string) => inWords(foundOf(found, { ...of, by }).precision),
    ja = (by: string) => words(by).replace(/ \((.*) to (.*)\)/, "（$1〜$2）"),
    { planted } = foundOf(found, of),
    share = percent(of.share);
  return {
    en: `of ${planted} labels made wrong (${share}), the first ${planted} texts by out-of-fold loss hold ${words(OWN)}, by TF-IDF's loss ${words(COUNTING)}, by confidence alone ${words(CONFIDENCE)}, by chance ${words(CHANCE)}`,
    ja: `誤りにした ${planted} 件（${share}）のうち、out-of-fold 損失の上位 ${planted} 件に入る割合は ${ja(OWN)}、TF-IDF の損失なら ${ja(COUNTING)}、確信度だけなら ${ja(CONFIDENCE)}、偶然なら ${ja(CHANCE)}`,
  };
}
