/**
 * k folds of what a system may learn from: each model learns from all but one of them, and answers for that
 * one and for the test texts. By the first, other models can learn how far to trust it (stacking.ts); the
 * mean over the k models of the second is a system of its own.
 */
import type { Tested } from "../../lib/evaluate/baselines";
import type { NamedRun } from "../../lib/evaluate/comparison";
import type { TrialRun } from "../../lib/experiment/spec";
import { planTrials, predictionsOf, runTrials } from "../../lib/experiment/trials";
import { show } from "../../lib/show/display";
import { showJobs } from "../../lib/show/jobs";
import { runsTable } from "../../lib/show/runs";
import { doc2vecTrials, type Experiment, planOf } from "../../lib/study/experiment";
import type { Item, Task } from "../../lib/study/task";
import { grouped } from "../../lib/support/groups";
import type { Doc2vecOptions } from "../doc2vec";
import { foldSplits } from "../label-errors";
import { meanOf, type Rows, rowFor } from "./mean";
import { tfidfRuns } from "./systems";

type Split = Tested["splits"][number];

/** A fold of a split. */
interface Fold {
  /** The split that it is a fold of. */
  readonly of: Split;
  /** Who learns without the fold, and is tested on its texts and, behind them, on the split's test texts. */
  readonly split: Split;
}

/**
 * The folds of every split, by whole stories where texts have one, else with each class in its share. They
 * are the same for all seeds, so that systems with and without seeds can be joined.
 * @throws as foldSplits()
 */
export const foldsOf = ({ items, labels, splits }: Tested, folds: number): Fold[] =>
  splits.flatMap((of) => {
    const learnt = [...of.train, ...of.validation].sort((a, b) => a - b);
    const own = { items: learnt.map((item) => items[item]), labels: learnt.map((item) => labels[item]) };
    return foldSplits(own, { folds, seed: 1 }).map((fold): Fold => {
      const [train, validation, held] = [fold.train, fold.validation, fold.test].map((places) =>
        places.map((place) => learnt[place]),
      );
      const name = `${of.name}, ${fold.name}`;
      return { of, split: { name, train, validation, test: [...held, ...of.test] } };
    });
  });

/** What the models of a system's folds say, of one split and seed. */
export interface OutOfFold {
  readonly system: string;
  readonly seed: number | null;
  readonly of: Split;
  /** Texts that the split learns from, as they lie in the folds; … */
  readonly learnt: readonly number[];
  /** what is said of each by the one model that has not learnt from it, [learnt, C]; … */
  readonly held: Rows;
  /** and what each model says of the test texts, [folds, test, C]. */
  readonly test: readonly Rows[];
}

/** Answers of folds' models, put together by system, split and seed. @throws if one gave no probabilities */
export function gathered(folds: readonly Fold[], runs: readonly NamedRun[]): OutOfFold[] {
  return [...grouped(runs, ({ system }) => system)].flatMap(([system, ofSystem]) =>
    [...grouped(ofSystem, ({ seed }) => seed)].flatMap(([seed, own]) =>
      [...grouped(folds, ({ of }) => of)].map(([of, parts]): OutOfFold => {
        const said = parts.map(({ split }) => {
          const run = own.find(({ testSet }) => testSet === split.name);
          if (run?.probabilities === undefined)
            throw new Error(
              `${system}, ${split.name}: its model gave no probabilities, for instance since its training diverged; a lower learning rate may help`,
            );
          return run.probabilities;
        });
        const sizes = parts.map(({ split }) => split.test.length - of.test.length);
        return {
          ...{ system, seed, of },
          learnt: parts.flatMap(({ split }, i) => split.test.slice(0, sizes[i])),
          held: said.flatMap((rows, i) => rows.slice(0, sizes[i])),
          test: said.map((rows, i) => rows.slice(sizes[i])),
        };
      }),
    ),
  );
}

/** What foldRuns() gives. */
export interface Folded {
  readonly task: Tested;
  readonly outOfFold: readonly OutOfFold[];
  readonly runs: readonly TrialRun[];
}

/** What foldRuns() takes: the rest as run() does. */
export interface FoldExperiment extends Omit<Experiment, "systems" | "more" | "keepWeights"> {
  readonly folds: number;
  readonly doc2vec?: Partial<Doc2vecOptions>;
}

/** The systems whose models of folds are made. */
export const FOLDED = { bert: "BERT, folds", doc2vec: "doc2vec, folds" } as const;

/**
 * Trains BERT and doc2vec on the folds of every split with every seed, in one pool, and fits TF-IDF on them.
 * A doc2vec reads the texts that its fold's model learns from alone.
 *
 *     const folded = await foldRuns(task, { name: "example", folds: 5, seeds: 5, settings });
 *     const answers = [...foldsAveraged(folded, "5 folds averaged"), ...stacked(folded, "stacking")];
 *
 * @throws as foldSplits() and run(); if a training diverged
 */
export async function foldRuns<T extends Item>(
  task: Task<T>,
  { folds, doc2vec = {}, name, seeds, settings = {}, processes = 2, fresh = false }: FoldExperiment,
): Promise<Folded> {
  const parts = foldsOf(task, folds),
    { items } = task;
  const onFolds = { ...task, splits: parts.map(({ split }) => split) };
  const planned = planTrials({
    ...planOf(onFolds, { name, settings, fresh }),
    seeds,
    systems: [{ system: FOLDED.bert, settings: {} }],
  });
  const vectors = await doc2vecTrials(onFolds, {
    texts: {
      [FOLDED.doc2vec]: ({ train, validation }) => [...train, ...validation].map((item) => items[item].text),
    },
    ...{ name, seeds, settings, doc2vec, fresh },
  });
  const trials = [...planned, ...vectors].map((trial) => ({ ...trial, keepWeights: false }));
  const runs = await runTrials(trials, { processes, onJobs: showJobs() });
  await show(runsTable(runs), { runs });
  return { task, runs, outOfFold: gathered(parts, [...predictionsOf(runs), ...tfidfRuns(onFolds)]) };
}

/** The models of all folds of BERT as one system, for each seed, by the mean of their probabilities. */
export const foldsAveraged = ({ task, outOfFold }: Folded, system: string): NamedRun[] =>
  outOfFold
    .filter((one) => one.system === FOLDED.bert)
    .map(({ of, seed, test }) => rowFor(task, { system, seed, of, probabilities: meanOf(test) }));
