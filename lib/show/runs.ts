/**
 * Runs as notebooks show them: a table of what was trained, their learning curves, and the names of the runs
 * behind a table or chart.
 */
import { basename, dirname } from "node:path";
import { letters, PREDICTED_MIME, RUNS_MIME } from "../../packages/notebook";
import { endingOf } from "../evaluate/ending";
import { summary } from "../evaluate/intervals";
import type { TrialRun } from "../experiment/spec";
import { grouped } from "../support/groups";
import { type Change, describeChanges } from "../versions";
import type { Curve } from "./charts";
import { countEndings, MEANING } from "./endings";
import { plural } from "./numbers";
import type { Bundle } from "./style";
import { escaped, table } from "./tables";

/**
 * One row a system: runs, failed and diverged ones, kept epochs, parameters, and the minutes of all its runs
 * in one process.
 */
export function runsTable(runs: readonly TrialRun[]): Bundle {
  return table(
    [...grouped(runs, ({ trial }) => trial.system)].map(([system, some]) => {
      const own = some.map(({ result }) => result),
        { min, max } = summary(own.map(({ bestEpoch }) => bestEpoch)),
        { trained, frozen } = own[0].parameters;
      return {
        system,
        runs: own.length,
        ...countEndings(own.map(endingOf)),
        "kept epochs": min === max ? `${min}` : `${min} to ${max}`,
        trained,
        frozen,
        minutes: own.reduce((sum, { seconds }) => sum + seconds, 0) / 60,
      };
    }),
    {
      caption: "Runs, the epochs that were kept, parameters, and the minutes of all runs in one process",
      digits: 1,
      notes: [`Failed: ${MEANING.failed.en}. Diverged: ${MEANING.diverged.en}.`],
    },
  );
}

/** What learningCurves() draws of runs; a run that diverged in its first epoch has no curve. */
export const curvesOf = (runs: readonly TrialRun[]): Curve[] =>
  runs
    .filter(({ result }) => result.history.length > 0)
    .map(({ trial, result }) => ({
      system: trial.system,
      testSet: trial.testSet,
      seed: trial.settings.initSeed,
      history: result.history,
      bestEpoch: result.bestEpoch,
    }));

/** What of a run names it; a TrialRun has all of it. */
export interface RunBehind {
  readonly folder: string;
  readonly changes?: readonly Change[];
  readonly result?: { readonly predicted?: readonly number[] };
  readonly trial?: {
    readonly system: string;
    readonly testSet: string;
    readonly settings: { readonly initSeed: number };
  };
}

/** The runs behind numbers, as a list that opens: `npm run runs -- show NAME` tells all of one. */
export function runsBehind(runs: readonly RunBehind[]): Bundle {
  const other = runs.filter(({ changes = [] }) => changes.length > 0).length;
  const title = `${plural(runs.length, "stored run")} behind this${other > 0 ? `, ${other} made with other versions` : ""}`;
  const experiments = [...grouped(runs, ({ folder }) => basename(dirname(folder)))];
  const idOf = ({ folder }: RunBehind) => basename(folder).slice(0, 8);
  const wordsOf = ({ trial, changes = [] }: RunBehind) =>
    [
      ...(trial ? [trial.system, trial.testSet, `seed ${trial.settings.initSeed}`] : []),
      ...(changes.length > 0 ? [describeChanges(changes)] : []),
    ].join(", ");
  const items = (own: readonly RunBehind[]) =>
    own.map((run) => `<li><code>${idOf(run)}</code> ${escaped(wordsOf(run))}</li>`).join("");
  const list = experiments.map(
    ([experiment, own]) => `<p>${escaped(experiment)}</p>\n<ul>${items(own)}</ul>`,
  );
  const fullName = ({ folder }: RunBehind) => `${basename(dirname(folder))}/${basename(folder)}`;
  const said = runs.flatMap((run) =>
    run.result?.predicted ? [[fullName(run), letters(run.result.predicted)] as const] : [],
  );
  return {
    [RUNS_MIME]: runs.map(fullName),
    ...(said.length > 0 && { [PREDICTED_MIME]: Object.fromEntries(said) }),
    "text/html": `<details><summary>${title}</summary>\n${list.join("\n")}\n</details>`,
    "text/plain": [
      `${title}:`,
      ...experiments.map(([experiment, own]) => `${experiment}: ${own.map(idOf).join(" ")}`),
    ].join("\n"),
  };
}
