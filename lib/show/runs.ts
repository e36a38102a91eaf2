/**
 * Runs as notebooks show them: a table of what was trained, their learning curves, and the names of the runs
 * behind a table or chart.
 */
import { basename, dirname } from "node:path";
import type { TrialRun } from "../runs/classification";
import { type Change, describeChanges } from "../versions";
import type { Curve } from "./charts";
import type { Bundle } from "./style";
import { escaped, table } from "./tables";

/**
 * One row a system: runs, failed runs, kept epochs, parameters, and the minutes of all its runs in one
 * process.
 */
export function runsTable(runs: readonly TrialRun[], caption?: string): Bundle {
  const systems = [...new Set(runs.map(({ trial }) => trial.system))];
  return table(
    systems.map((system) => {
      const own = runs.filter(({ trial }) => trial.system === system).map(({ result }) => result);
      const epochs = own.map(({ bestEpoch }) => bestEpoch).sort((a, b) => a - b),
        { trained, frozen } = own[0].parameters;
      const kept =
        epochs[0] === epochs[own.length - 1] ? `${epochs[0]}` : `${epochs[0]} to ${epochs[own.length - 1]}`;
      const minutes = own.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
      return {
        system,
        runs: own.length,
        failed: own.filter(({ failed }) => failed).length,
        "kept epochs": kept,
        trained,
        frozen,
        minutes,
      };
    }),
    {
      caption:
        caption ??
        "Runs, failed runs (validation accuracy of the last epoch at or below the majority class), the epochs that were kept, " +
          "parameters, and the minutes of all runs in one process",
      digits: 1,
    },
  );
}

/** What learningCurves() draws of runs; a run that broke in its first epoch has no curve. */
export const curvesOf = (runs: readonly TrialRun[]): Curve[] =>
  runs
    .filter(({ result }) => result.history.length > 0)
    .map(({ trial, result }) => ({
      system: trial.system,
      seed: trial.settings.initSeed,
      history: result.history,
      bestEpoch: result.bestEpoch,
    }));

/** What of a run names it; a TrialRun has all of it. */
export interface NamedRun {
  readonly folder: string;
  readonly changes?: readonly Change[];
  readonly trial?: {
    readonly system: string;
    readonly testSet: string;
    readonly settings: { readonly initSeed: number };
  };
}

/** The runs behind numbers, as a list that opens: `npm run runs -- show NAME` tells all of one. */
export function runsBehind(runs: readonly NamedRun[]): Bundle {
  const named = runs.map(({ folder, trial, changes = [] }) => ({
    experiment: basename(dirname(folder)),
    id: basename(folder).slice(0, 8),
    words: [
      ...(trial ? [trial.system, trial.testSet, `seed ${trial.settings.initSeed}`] : []),
      ...(changes.length > 0 ? [describeChanges(changes)] : []),
    ].join(", "),
  }));
  const other = runs.filter(({ changes = [] }) => changes.length > 0).length;
  const title = `${runs.length} stored ${runs.length === 1 ? "run" : "runs"} behind this${other > 0 ? `, ${other} made with other versions` : ""}`;
  const experiments = [...new Set(named.map(({ experiment }) => experiment))];
  const of = (experiment: string) => named.filter((run) => run.experiment === experiment);
  const list = experiments.map(
    (experiment) =>
      `<p>${escaped(experiment)}</p>\n<ul>${of(experiment)
        .map(({ id, words }) => `<li><code>${id}</code> ${escaped(words)}</li>`)
        .join("")}</ul>`,
  );
  return {
    "text/html": `<details><summary>${title}</summary>\n${list.join("\n")}\n</details>`,
    "text/plain": [
      `${title}:`,
      ...experiments.map(
        (experiment) =>
          `${experiment}: ${of(experiment)
            .map(({ id }) => id)
            .join(" ")}`,
      ),
    ].join("\n"),
  };
}
