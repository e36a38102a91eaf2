/**
 * The tips that are no setting of one training: several models as one system, and labels that a first
 * training gives for a second one.
 */

import { readTexts } from "../../lib/data/texts";
import type { NamedRun } from "../../lib/evaluate/comparison";
import type { TrialRun } from "../../lib/experiment/spec";
import type { Experiment, Results } from "../../lib/study/experiment";
import type { Item } from "../../lib/study/task";
import { blended, foldRuns, foldsAveraged, seedsAveraged, stacked, tfidfRuns } from "../ensembles";
import { pseudoLabelRuns, showPseudoLabels, withHidden, withTexts } from "../pseudo-labels";
import type { TipTaskOptions } from "./corpora";

/** What combined() takes: the rest as run() does. */
export interface CombinedTips extends Omit<Experiment, "systems" | "more" | "keepWeights"> {
  /** The system whose seeds are averaged; what is trained here has its settings. */
  readonly reference: string;
  readonly folds: number;
  /** The least probability of a pseudo-label. */
  readonly confidence: number;
  /** A file of texts without labels; "" where a half of the training texts is to have its labels hidden. */
  readonly unlabelled: string;
  /** Column names of the labelled file; a table of unlabelled texts may have the same one. */
  readonly columns?: TipTaskOptions["columns"];
}

export interface Combined {
  /** Rows beside those of the results. */
  readonly answers: readonly NamedRun[];
  readonly runs: readonly TrialRun[];
  /** Rows that are no tip against the reference: where labels are hidden they have learnt from fewer. */
  readonly apart: readonly string[];
  /** Trained with pseudo-labels, and the same without them. */
  readonly pair: readonly [string, string];
}

/** How doc2vec is trained in notebook 01. */
const DOC2VEC = { algorithm: "dbow", skipGram: true, minCount: 2, rate: 0.05, epochs: 40 } as const;
const HIDDEN = 0.5;

/** Names of rows. */
export const [FEWER, FEWER_PSEUDO, PSEUDO] = [
  "half the labels",
  "half the labels + pseudo-labels",
  "pseudo-labels",
];

/**
 * Trains and fits what these rows need: seeds averaged, mean with TF-IDF, k folds averaged, stacking, and
 * pseudo-labels.
 * @throws as run(), foldRuns() and pseudoLabelRuns()
 */
export async function combined<T extends Item>(
  results: Results<T>,
  { reference, folds, confidence, unlabelled, columns = {}, ...experiment }: CombinedTips,
): Promise<Combined> {
  const { task } = results,
    texts = readTexts(unlabelled, { also: columns.text });
  const more = texts.length > 0 ? withTexts(task, texts) : withHidden(task, HIDDEN),
    systems = texts.length > 0 ? ([reference, PSEUDO] as const) : ([FEWER, FEWER_PSEUDO] as const);
  const labelled = await pseudoLabelRuns(more, { ...experiment, confidence, systems });
  await showPseudoLabels(labelled);
  const folded = await foldRuns(task, { ...experiment, folds, doc2vec: DOC2VEC });
  const own = results.answers.filter(({ system }) => system === reference);
  return {
    answers: [
      ...seedsAveraged(own, "seeds averaged"),
      ...blended(own, tfidfRuns(task), "mean with TF-IDF"),
      ...foldsAveraged(folded, `${folds} folds averaged`),
      ...stacked(folded, "stacking"),
      ...labelled.answers.filter(({ system }) => system !== reference),
    ],
    runs: [...labelled.runs, ...folded.runs],
    apart: texts.length > 0 ? [] : systems,
    pair: [systems[1], systems[0]],
  };
}
