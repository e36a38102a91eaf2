/**
 * Labels to look at, by out-of-fold loss: the mean over seeds of the negative log probability that a label
 * has with models that have not learnt from its text ("self-confidence" in confident learning, Northcutt et
 * al. 2021, gives the same order where there is one seed).
 */
import { grouped } from "../../lib/support/groups";
import type { Judged, OutOfFold } from "./out-of-fold";

/** Runs keep four digits of a probability. */
export const LEAST = 5e-5;

type Answers = Pick<Judged, "task"> & Pick<OutOfFold, "probabilities">;

/** Of each item the mean over seeds of −ln p(its label), in nats. */
export const outOfFoldLoss = ({ task, probabilities }: Answers): number[] =>
  task.labels.map(
    (label, item) =>
      probabilities.reduce((sum, ofSeed) => sum - Math.log(Math.max(LEAST, ofSeed[item][label])), 0) /
      probabilities.length,
  );

/** The mean over seeds, [N, C]. */
export const meanProbabilities = ({ probabilities }: Pick<OutOfFold, "probabilities">): number[][] =>
  probabilities[0].map((row, item) =>
    row.map((_, c) => probabilities.reduce((sum, ofSeed) => sum + ofSeed[item][c], 0) / probabilities.length),
  );

/** A text and its label, and what the models take instead. */
export interface Suspect {
  readonly item: number;
  readonly loss: number;
  readonly label: string;
  /** The likeliest of the other classes, and its mean probability. */
  readonly suggested: string;
  readonly probability: number;
  /** The share of seeds with which it is the likeliest of all classes. */
  readonly agree: number;
}

/** All texts, the label that is least expected first. */
export function suspects(answers: Answers): Suspect[] {
  const { task, probabilities } = answers,
    mean = meanProbabilities(answers);
  return outOfFoldLoss(answers)
    .map((loss, item): Suspect => {
      const given = task.labels[item],
        others = mean[item].map((p, c) => (c === given ? -1 : p));
      const taken = others.indexOf(Math.max(...others));
      const seeds = probabilities.filter((ofSeed) =>
        ofSeed[item].every((p) => p <= ofSeed[item][taken]),
      ).length;
      return {
        ...{ item, loss, label: task.classes[given], suggested: task.classes[taken] },
        ...{ probability: others[taken], agree: seeds / probabilities.length },
      };
    })
    .sort((a, b) => b.loss - a.loss || a.item - b.item);
}

interface Pair {
  readonly label: string;
  readonly suggested: string;
  readonly texts: number;
}

/** Which labels of some texts would become which, the most frequent pair first. */
export const confusedPairs = (some: readonly Suspect[]): Pair[] =>
  [...grouped(some, ({ label, suggested }) => `${label}\n${suggested}`).values()]
    .map((own) => ({ label: own[0].label, suggested: own[0].suggested, texts: own.length }))
    .sort((a, b) => b.texts - a.texts);
