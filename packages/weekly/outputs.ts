/**
 * What a notebook's outputs hold although it is not stored here: the runs of a notebook as it is committed,
 * and what of the lines behind its charts is no run (a baseline, an average of models).
 */
import { basename, dirname } from "node:path";
import { type Example, loadDataset } from "../../lib/experiment/dataset";
import { keyOf } from "../../lib/experiment/key";
import { runFolder } from "../../lib/experiment/run";
import type { Trial } from "../../lib/experiment/spec";
import { canonicalJson, sha256 } from "../../lib/support/files";
import { grouped } from "../../lib/support/groups";
import { remembered } from "../../lib/support/remembered";
import {
  cellsHash,
  type LinesTable,
  letters,
  linesTables,
  type Notebook,
  outputsOf,
  PREDICTED_MIME,
  RUNS_MIME,
} from "../notebook";
import { ready } from "../tfjs-graph";
import { fits, type RecordedRun, type TestItems } from "./format";

/** A run of a record before its test items have their place. */
export type Part = Omit<RecordedRun, "test" | "notebook"> & { readonly items: TestItems };

/** @param gold classes of the texts, a letter each */
export const itemsOf = (texts: readonly string[], gold: string): TestItems => ({
  sha256: sha256(canonicalJson(texts)),
  gold,
});

/** "experiment/name" of a run's folder. */
export const nameOfRun = (folder: string): string => `${basename(dirname(folder))}/${basename(folder)}`;

/** A folder of an experiment's, no other place. */
const RUN = /^(?!\.)[^/\\]+\/(?!\.)[^/\\]+$/;

/** The runs that a notebook names, each once. */
export const runsNamedIn = (notebook: Notebook): string[] => [
  ...new Set(
    outputsOf(notebook)
      .flatMap(({ data }) => (data?.[RUNS_MIME] as string[]) ?? [])
      .filter((run) => typeof run === "string" && RUN.test(run)),
  ),
];

/** What each run said, by "experiment/name", a letter each of its test items. */
const saidByName = (notebook: Notebook): ReadonlyMap<string, string> =>
  new Map(
    outputsOf(notebook).flatMap(({ data }) =>
      Object.entries(data?.[PREDICTED_MIME] ?? {}).filter(
        (one): one is [string, string] => typeof one[1] === "string",
      ),
    ),
  );

type Row = Omit<LinesTable["runs"][number], "test"> & {
  readonly testSet: string;
  readonly classes: readonly string[];
  readonly items: TestItems;
};

/** The rows of the lines behind charts that say a class of every item. */
const rowsIn = (notebook: Notebook): Row[] =>
  linesTables(notebook).flatMap(({ labels, texts, tests, runs }) => {
    const items = tests.map((test) =>
      itemsOf(
        test.items.map((item) => texts[item]!),
        test.gold,
      ),
    );
    return runs
      .filter(({ predicted }) => !predicted.includes(" "))
      .map(({ test, ...row }) => ({
        ...row,
        testSet: tests[test]!.name,
        classes: labels,
        items: items[test]!,
      }));
  });

/** A run as outputs name it; a TrialRun's trial has all of the second. */
interface SaidOf {
  /** "experiment/name". */
  readonly name: string;
  readonly trial: Pick<Trial, "system" | "testSet"> & { readonly settings: { readonly initSeed: number } };
}

/** What outputs hold of a run: its classes, and with the lines behind charts its items. */
interface Said {
  readonly predicted: string;
  readonly items?: TestItems;
}

/** Looks into a notebook's outputs for a run, by its name, else by system, test set and seed. */
export function answersIn(notebook: Notebook): (run: SaidOf) => Said | undefined {
  const byName = saidByName(notebook),
    rows = rowsIn(notebook);
  return ({ name, trial: { system, testSet, settings } }) => {
    const predicted = byName.get(name);
    if (predicted !== undefined) return { predicted };
    const [row, another] = rows.filter(
      (one) => one.system === system && one.seed === settings.initSeed && one.testSet === testSet,
    );
    return another ? undefined : row; // two of one name are not told apart
  };
}

/**
 * The runs of a notebook that is shown as it is committed, in the order in which it names them: the answers
 * are its outputs', the settings those of the trials that its cells list. Left out is what no trial tells the
 * settings of, and what has another number of answers than of texts (too long ones were dropped).
 * @param trials whose data sets are stored
 */
export async function committedRuns(notebook: Notebook, trials: readonly Trial[]): Promise<Part[]> {
  await ready(); // the backend is part of a run's name
  const trialOf = new Map(trials.map((trial) => [nameOfRun(runFolder(keyOf(trial))), trial])),
    answers = answersIn(notebook),
    known = new Map<string, Example[]>();
  const examplesOf = ({ dataset }: Trial): Example[] =>
    remembered(known, dataset.sha256, () => loadDataset(dataset));
  return runsNamedIn(notebook).flatMap((run): Part[] => {
    const trial = trialOf.get(run),
      said = trial && answers({ name: run, trial });
    if (!said) return [];
    const { system, testSet, classes, split } = trial,
      { settings, data, model } = keyOf(trial);
    const examples = examplesOf(trial),
      tested = split.test.map((place) => examples[place]!);
    const {
      predicted,
      items = itemsOf(
        tested.map(({ text }) => text),
        letters(tested.map(({ label }) => label)),
      ),
    } = said;
    if (predicted.length !== items.gold.length || !fits(predicted, classes.length)) return [];
    const seed = trial.settings.initSeed;
    return [{ run, system, testSet, seed, settings, classes, data, model, items, predicted }];
  });
}

const sameName = (row: Row) => (run: Part) =>
  run.system === row.system && run.seed === row.seed && run.testSet === row.testSet;
const sameAnswers =
  ({ seed, items, predicted }: Row) =>
  (run: Part) =>
    run.seed === seed &&
    run.predicted === predicted &&
    run.items.sha256 === items.sha256 &&
    run.items.gold === items.gold;

/** The runs that are left when each row has taken one; undefined where a row finds none. */
function without(
  runs: readonly Part[],
  rows: readonly Row[],
  same: (row: Row) => (run: Part) => boolean,
): Part[] | undefined {
  const left = [...runs];
  for (const row of rows) {
    const at = left.findIndex(same(row));
    if (at < 0) return undefined;
    left.splice(at, 1);
  }
  return left;
}

/**
 * What the lines behind charts hold besides the runs that are known, by their names or, where a chart calls a
 * system by another name, by the answers of all its rows. A row with a seed has no settings of its own: the
 * cells decide it, and it is compared only where they are equal.
 */
export function otherRows(notebook: Notebook, known: readonly Part[]): Part[] {
  const cells = cellsHash(notebook),
    unnamed: Row[] = [];
  let left: readonly Part[] = known;
  for (const row of rowsIn(notebook)) {
    const rest = without(left, [row], sameName);
    if (rest) left = rest;
    else unnamed.push(row);
  }
  const others = [...grouped(unnamed, ({ system }) => system).values()].filter((rows) => {
    const rest = without(left, rows, sameAnswers);
    left = rest ?? left;
    return rest === undefined;
  });
  const keyOfRow = ({ system, seed, testSet, classes, items }: Row) =>
    canonicalJson([system, seed, testSet, classes, items]);
  return [...new Map(others.flat().map((row) => [keyOfRow(row), row])).values()].map((row) => ({
    ...row,
    settings: row.seed === null ? {} : { cells },
  }));
}
