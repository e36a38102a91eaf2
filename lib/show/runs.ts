/**
 * Runs as notebooks show them: a table of what was trained, their learning curves, and the names of the runs
 * behind a table or chart.
 */
import { basename, dirname } from "node:path";
import { type Ending, endingOf } from "../evaluate/ending";
import type { TrialRun } from "../experiment/spec";
import { type Change, describeChanges } from "../versions";
import type { Curve } from "./charts";
import type { Words } from "./origin";
import type { Bundle } from "./style";
import { escaped, table, withFolded } from "./tables";

/** What the two words mean (evaluate/ending.ts), for captions and sentences. */
export const MEANING = {
  failed: {
    en: "validation accuracy of the last epoch at or below that of always giving training's majority class",
    ja: "最終エポックの検証正解率が、学習データの多数派クラスを常に答える場合以下",
  },
  diverged: { en: "the loss stopped being a number or exploded", ja: "損失が数でなくなったか爆発した" },
} as const satisfies Readonly<Record<string, Words>>;

/** "3 of 18 failed, 1 diverged" */
export function endingsInWords(results: readonly Parameters<typeof endingOf>[0][]): Words {
  const count = (ending: Ending) => results.filter((result) => endingOf(result) === ending).length;
  const [failed, diverged] = [count("failed"), count("diverged")];
  return {
    en: `${failed} of ${results.length} failed${diverged > 0 ? `, ${diverged} diverged` : ""}`,
    ja: `${results.length} 回中 失敗 ${failed} 回${diverged > 0 ? `、発散 ${diverged} 回` : ""}`,
  };
}

/**
 * One row a system: runs, failed and diverged ones, kept epochs, parameters, and the minutes of all its runs
 * in one process.
 */
export function runsTable(runs: readonly TrialRun[]): Bundle {
  const systems = [...new Set(runs.map(({ trial }) => trial.system))];
  const main = table(
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
        failed: own.filter((result) => endingOf(result) === "failed").length,
        diverged: own.filter((result) => endingOf(result) === "diverged").length,
        "kept epochs": kept,
        trained,
        frozen,
        minutes,
      };
    }),
    {
      caption: "Runs, the epochs that were kept, parameters, and the minutes of all runs in one process",
      digits: 1,
    },
  );
  return withFolded(main, {
    notes: [`Failed: ${MEANING.failed.en}. Diverged: ${MEANING.diverged.en}.`],
    summary: "",
    folded: [],
  });
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
