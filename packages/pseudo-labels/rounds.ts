/**
 * Pseudo-labels (Lee 2013, in one round): a first training labels texts that have no label, a second one
 * learns from its confident labels too. Each seed labels for itself, so that seeds stay independent.
 */
import type { NamedRun } from "../../lib/evaluate/comparison";
import type { Trial, TrialRun } from "../../lib/experiment/spec";
import { planTrials, predictionsOf, runTrials, type TrialPlan } from "../../lib/experiment/trials";
import { show } from "../../lib/show/display";
import { showJobs } from "../../lib/show/jobs";
import { runsTable } from "../../lib/show/runs";
import { type Experiment, planOf } from "../../lib/study/experiment";
import type { Item } from "../../lib/study/task";
import { check, FRACTION } from "../../lib/support/settings";
import type { Hidden, Unlabelled } from "./unlabelled";

/** A text that the second training takes, with the class that the first one gave it. */
export interface Taken {
  readonly item: number;
  readonly label: number;
}

/** The texts of which a system is sure enough. @param said of each of them, [texts, C] */
export const confident = (
  items: readonly number[],
  said: readonly (readonly number[])[],
  confidence: number,
): Taken[] =>
  items.flatMap((item, i) => {
    const highest = Math.max(...said[i]);
    return highest >= confidence ? [{ item, label: said[i].indexOf(highest) }] : [];
  });

/** What one seed's first training said of the texts without labels, on one split. */
export interface Labelling {
  readonly testSet: string;
  readonly seed: number;
  readonly unlabelled: number;
  readonly taken: number;
  /** Of those that are taken, and of all, whose class is right; where the classes are known. */
  readonly right?: { readonly ofTaken: number; readonly ofAll: number };
}

export interface PseudoLabelled<T extends Item = Item> {
  readonly unlabelled: Unlabelled<T>;
  /** Names of the system without pseudo-labels and of that with them. */
  readonly systems: readonly [string, string];
  /** Both as rows of a comparison, on the splits' test texts. */
  readonly answers: readonly NamedRun[];
  readonly labellings: readonly Labelling[];
  readonly runs: readonly TrialRun[];
}

/** What pseudoLabelRuns() takes: the rest as run() does. */
export interface PseudoLabelExperiment extends Omit<Experiment, "systems" | "more" | "keepWeights"> {
  /** The least probability of a class that makes it a label. */
  readonly confidence: number;
  /** Names in tables. */
  readonly systems?: readonly [string, string];
}

/**
 * Trains twice with every seed: without texts that have no label, and with those whose class the first
 * training gave at least the probability `confidence`. Validation texts, which choose the epoch, keep the
 * labels that they have; test texts are in neither training.
 *
 *     const more = withTexts(task, texts);
 *     const made = await pseudoLabelRuns(more, { name: "example", seeds: 5, confidence: 0.9 });
 *
 * @throws as run() does; if a first training diverged
 */
export async function pseudoLabelRuns<T extends Item>(
  unlabelled: Unlabelled<T>,
  {
    confidence,
    systems = ["without pseudo-labels", "pseudo-labels"],
    name,
    seeds,
    settings = {},
    processes = 2,
    fresh = false,
  }: PseudoLabelExperiment,
): Promise<PseudoLabelled<T>> {
  check("confidence", confidence, FRACTION);
  const { task, hidden, goldKnown } = unlabelled,
    { labels } = task;
  const trialsOf = (
    system: string,
    part: Hidden,
    { seeds: own, taken = [] }: Pick<TrialPlan, "seeds"> & { readonly taken?: readonly Taken[] },
  ): Trial[] => {
    const given = new Map(taken.map((one) => [one.item, one.label])),
      { split } = part;
    // both are tested on the test texts first; the first one answers for the texts without labels too
    const asked = system === systems[0] ? part.unlabelled : [];
    const labelled = {
      ...task,
      labels: labels.map((label, i) => given.get(i) ?? label),
      splits: [{ ...split, train: [...split.train, ...given.keys()], test: [...split.test, ...asked] }],
    };
    return planTrials({
      ...planOf(labelled, { name, settings, fresh }),
      ...{ seeds: own, keepWeights: false },
      systems: [{ system, settings: {} }],
    });
  };
  const train = (trials: readonly Trial[]) => runTrials(trials, { processes, onJobs: showJobs() });
  const first = await train(hidden.flatMap((part) => trialsOf(systems[0], part, { seeds })));
  const rounds = first.map(({ trial, result }) => {
    const part = hidden.find(({ split }) => split.name === trial.testSet)!,
      tested = part.split.test.length;
    if (result.probabilities === undefined)
      throw new Error(
        `${trial.system}, ${trial.testSet}: training diverged, so that it labels nothing; try a lower learning rate`,
      );
    const said = result.probabilities.slice(tested),
      taken = confident(part.unlabelled, said, confidence);
    const isRight = ({ item, label }: Taken) => label === labels[item];
    const labelling: Labelling = {
      ...{ testSet: trial.testSet, seed: trial.settings.initSeed },
      ...{ unlabelled: part.unlabelled.length, taken: taken.length },
      ...(goldKnown && {
        right: {
          ofTaken: taken.filter(isRight).length,
          ofAll: confident(part.unlabelled, said, 0).filter(isRight).length,
        },
      }),
    };
    const trials = trialsOf(systems[1], part, { seeds: [trial.settings.initSeed], taken });
    return { labelling, tested, trials };
  });
  const second = await train(rounds.flatMap(({ trials }) => trials));
  const runs = [...first, ...second];
  await show(runsTable(runs), { runs });
  return {
    ...{ unlabelled, systems, runs, labellings: rounds.map(({ labelling }) => labelling) },
    answers: predictionsOf(runs).map((run, i) => onTest(run, rounds[i % rounds.length].tested)),
  };
}

/** A row with the answers for the test texts alone, which come first. */
const onTest = (run: NamedRun, tested: number): NamedRun => ({
  ...run,
  gold: run.gold.slice(0, tested),
  predicted: run.predicted.slice(0, tested),
  items: run.items.slice(0, tested),
  ...(run.probabilities && { probabilities: run.probabilities.slice(0, tested) }),
});
