/**
 * Forms of a classifier in one table, as CTranslate2 has its own: quality, tokens a second, memory; and
 * bytes and minutes.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { baselineOf } from "../../lib/evaluate/baselines";
import { type Comparison, type NamedRun, rowOf } from "../../lib/evaluate/comparison";
import type { TrialRun } from "../../lib/experiment/spec";
import { withInterval } from "../../lib/show/numbers";
import type { Results } from "../../lib/study/experiment";
import type { Task } from "../../lib/study/task";
import { isDoc2vec } from "../doc2vec";
import { bytesOf } from "../tfidf";
import type { ParetoPoint } from "./pareto";
import { gainOf, memoryOf, timingOf } from "./timings";

/** One row of the table. */
export interface Form {
  /** As its answers are called. */
  readonly system: string;
  /** What the bench calls it: see timingOf. */
  readonly way: string;
  /** Of its file. */
  readonly bytes: number;
  /** Of training one. */
  readonly minutes?: number;
}

/** Minutes of one training, beside another one: the mean of these. */
export const minutesOf = (runs: readonly TrialRun[]): number =>
  runs.reduce((sum, { result }) => sum + result.seconds / 60, 0) / runs.length;

const folderBytes = (folder: string): number =>
  readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

/**
 * A system as it was trained: parameters of four bytes each, or the files of a doc2vec and its head. None if
 * it has no run.
 */
export function trainedForm(runs: readonly TrialRun[], system: string, way: string): Form[] {
  const own = runs.filter(({ trial }) => trial.system === system);
  return own.slice(0, 1).map(({ trial: { model }, result: { parameters } }) => {
    const { trained, frozen } = parameters;
    const bytes = isDoc2vec(model.folder) ? folderBytes(model.folder) + 4 * trained : 4 * (trained + frozen);
    return { system, way, bytes, minutes: minutesOf(own) };
  });
}

/**
 * What the baseline TF-IDF with a logistic regression costs: bytes of its n-grams, their weights and the
 * regression's as a file would hold them (UTF-8, float32), and the minutes that it took to learn.
 */
export function countingCost(task: Task) {
  const { grams, model, seconds } = baselineOf(task, task.splits[0]);
  const ends = grams.reduce((sum, { columns }) => sum + columns.size, 0); // a byte after each n-gram
  return { bytes: bytesOf(grams, model) + ends, minutes: seconds / 60 };
}

/** The share of test answers that are those of another system's run of the same test set and seed. */
export function sameAnswers(answers: readonly NamedRun[], system: string, other: string): number | undefined {
  let [same, all] = [0, 0];
  for (const one of answers.filter((run) => run.system === system))
    for (const run of answers) {
      const isBeside = run.system === other && run.testSet === one.testSet;
      if (!isBeside || (one.seed ?? run.seed) !== run.seed) continue;
      same += one.predicted.filter((label, i) => label === run.predicted[i]).length;
      all += one.predicted.length;
    }
  return all === 0 ? undefined : same / all;
}

/**
 * Rows of the table of quality and costs.
 * @param scores of all forms, by accuracy
 * @param teacher the system whose answers the others' are compared with
 * @throws if a form's memory was not measured, with the command that does
 */
export const costRows = (
  forms: readonly Form[],
  { answers }: Pick<Results, "answers">,
  { scores, teacher }: { readonly scores: Comparison; readonly teacher: string },
) =>
  forms.map(({ system, way, bytes, minutes }) => {
    const row = rowOf(scores, system);
    return {
      system,
      accuracy: withInterval(row.mean, row),
      "as the teacher": sameAnswers(answers, system, teacher),
      "memory, MB": Math.round(memoryOf(way)),
      "file, MB": bytes / 1e6,
      "minutes of training": minutes,
    };
  });

/**
 * Rows of the table of speeds: tokens a second, and times as fast as TensorFlow.js with the lowest and the
 * highest ratio of one pair. @throws as timingOf
 */
export const speedRows = (forms: readonly Form[]) =>
  forms.map(({ system, way }) => {
    const [alone, together] = [1, 32].map((batch) => timingOf(way, batch));
    return {
      system,
      "tokens/s, one by one": Math.round(alone.tokens).toLocaleString("en-US"),
      "times as fast, one by one": alone.ratioInNumbers,
      "tokens/s, in batches of 32": Math.round(together.tokens).toLocaleString("en-US"),
      "times as fast, in batches of 32": together.ratioInNumbers,
    };
  });

/** Forms as points of a figure: quality against speed in batches of 32. @throws as timingOf */
export const pointsOf = (forms: readonly Form[], scores: Comparison): ParetoPoint[] =>
  forms.map(({ system, way }) => {
    const { mean, low, high } = rowOf(scores, system);
    return { system, x: timingOf(way, 32).ratio, value: mean, low, high };
  });

/** What sorting the texts, and sharing them among two processes, gain. @throws as gainOf */
export const gainRows = () =>
  Object.entries({ "sorted, batches by tokens": "sorted", "two processes": "processes" } as const).map(
    ([how, name]) => {
      const { tokens, ratioInNumbers } = gainOf(name);
      return { how, "tokens/s": Math.round(tokens), "against texts in order": ratioInNumbers };
    },
  );
