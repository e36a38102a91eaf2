/** Runs as notebooks show them: a table of what was trained, and their learning curves. */
import type { TrialRun } from "../runs/classification";
import type { Curve } from "./charts";
import type { Bundle } from "./style";
import { table } from "./tables";

/** One row a system: runs, failed runs, kept epochs, parameters, and the minutes of all its runs in one process. */
export function runsTable(runs: readonly TrialRun[], caption?: string): Bundle {
  const systems = [...new Set(runs.map(({ trial }) => trial.system))];
  return table(systems.map((system) => {
    const own = runs.filter(({ trial }) => trial.system === system).map(({ result }) => result);
    const epochs = own.map(({ bestEpoch }) => bestEpoch).sort((a, b) => a - b), { trained, frozen } = own[0].parameters;
    const kept = epochs[0] === epochs[own.length - 1] ? `${epochs[0]}` : `${epochs[0]} to ${epochs[own.length - 1]}`;
    const minutes = own.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
    return { system, runs: own.length, failed: own.filter(({ failed }) => failed).length, "kept epochs": kept, trained, frozen, minutes };
  }), {
    caption: caption ?? "Runs, failed runs (validation accuracy of the last epoch at or below the majority class), the epochs that were kept, " +
      "parameters, and the minutes of all runs in one process",
    digits: 1,
  });
}

/** What learningCurves() draws of runs; a run that broke in its first epoch has no curve. */
export const curvesOf = (runs: readonly TrialRun[]): Curve[] => runs.filter(({ result }) => result.history.length > 0)
  .map(({ trial, result }) => ({ system: trial.system, seed: trial.settings.initSeed, history: result.history, bestEpoch: result.bestEpoch }));
