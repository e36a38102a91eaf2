/**
 * Beside a notebook that is shown as it is committed: one run of each of its freeze modes, trained on this
 * machine, and whether it says of its test texts what the committed run said.
 */
import { basename, dirname } from "node:path";
import { withOwnRuns } from "../../lib/experiment/run";
import type { Trial, TrialRun } from "../../lib/experiment/spec";
import { nameOf, runTrials } from "../../lib/experiment/trials";
import { learningCurves } from "../../lib/show/charts";
import { chartContent } from "../../lib/show/display";
import { curvesOf } from "../../lib/show/runs";
import { table } from "../../lib/show/tables";
import { grouped } from "../../lib/support/groups";
import {
  type Cell,
  classesOf,
  LINES_MIME,
  type LinesTable,
  type Notebook,
  type Output,
  outputsOf,
  PREDICTED_MIME,
} from "../notebook";
import { type Listing, listTrials } from "./list";

/** Of a run that trains inside the encoder: more steps take too long beside a report. */
const MOST_STEPS = 500;

const stepsOf = ({ split, settings: { epochs, batchSize } }: Trial) =>
  epochs * Math.ceil(split.train.length / batchSize);

/** The run of the fewest steps of each freeze mode, of the model that most runs have; the first seed. */
export function oneOfEach(trials: readonly Trial[]): Trial[] {
  const [own = []] = [...grouped(trials, ({ model }) => model.sha256).values()].sort(
    (a, b) => b.length - a.length,
  );
  const can = own.filter(
    (trial) =>
      trial.settings.initSeed === 1 &&
      trial.settings.pretrained &&
      (trial.settings.freeze === "fixed" || stepsOf(trial) <= MOST_STEPS),
  );
  return [...grouped(can, ({ settings }) => settings.freeze).values()].map((some) =>
    some.reduce((a, b) => (stepsOf(b) < stepsOf(a) ? b : a)),
  );
}

/** What a committed notebook holds of a run: its predicted classes, a letter each. */
export function committedPrediction(notebook: Notebook, { folder, trial }: TrialRun): string | undefined {
  const name = `${basename(dirname(folder))}/${basename(folder)}`;
  const outputs = outputsOf(notebook).flatMap(({ data }) => (data ? [data] : []));
  const byName = outputs.flatMap((data) => (data[PREDICTED_MIME] as Record<string, string>)?.[name] ?? []);
  const tables = outputs.flatMap((data) => (data[LINES_MIME] as LinesTable) ?? []);
  const byLines = tables.flatMap(({ tests, runs }) =>
    runs
      .filter(
        ({ system, seed, test }) =>
          system === trial.system && seed === trial.settings.initSeed && tests[test].name === trial.testSet,
      )
      .map(({ predicted }) => predicted),
  );
  return [...byName, ...byLines][0];
}

export interface Anew {
  /** What was trained and how it compares, in one line. */
  readonly words: string;
  /** To stand at the notebook's end; none if nothing was trained. */
  readonly cells: readonly Cell[];
}

interface Options extends Listing {
  /** Words such as "training anew · 2 of 3 runs, 70 %". */
  readonly onProgress: (words: string) => void;
}

/** How many of a run's answers are those of the committed one; undefined where the notebook keeps none. */
function equalAnswers(notebook: Notebook, run: TrialRun): number | undefined {
  const said = committedPrediction(notebook, run);
  if (said === undefined) return undefined;
  const classes = classesOf(said);
  return run.result.predicted.filter((one, i) => one === classes[i]).length;
}

/** What is shown of the runs, in one line and as outputs. */
async function shownOf(notebook: Notebook, made: readonly TrialRun[]): Promise<Anew> {
  const compared = made.map((run) => ({
    run,
    of: run.result.predicted.length,
    equal: equalAnswers(notebook, run),
  }));
  const known = compared.filter(({ equal }) => equal !== undefined),
    same = known.filter(({ equal, of }) => equal === of).length;
  const verdict =
    known.length === 0
      ? "the notebook does not keep what the committed ones answered"
      : `${same === known.length ? "all" : `${same} of ${known.length}`} with the answers of the committed ones`;
  const rows = compared.map(({ run, of, equal }) => ({
    run: nameOf(run.trial),
    seconds: Math.round(run.result.seconds),
    "same answers":
      equal === undefined ? "not kept with the notebook" : equal === of ? "equal" : `${equal} of ${of}`,
  }));
  const data = table(rows, {
    caption:
      "One run of each freeze mode, trained on this machine while the report was made, beside the committed run with the same settings",
  });
  const curves = learningCurves(curvesOf(made), {
    title: "Learning curves of the runs that were trained anew",
    subtitle: "training (dashed) and validation (solid)",
  });
  const outputs: Output[] = [{ data }, await chartContent(curves)].map((content) => ({
    output_type: "display_data",
    metadata: {},
    ...content,
  }));
  return {
    words: `trained anew on this machine: ${made.length} of its runs, ${verdict}`,
    cells: [
      HEADING,
      { cell_type: "code", source: "// npm run report", metadata: {}, execution_count: null, outputs },
    ],
  };
}

/**
 * Trains them in a folder of runs that is removed afterwards.
 * @throws if a cell before the training fails, a run crashes, or the signal fires
 */
export const trainAnew = ({ onProgress, ...listing }: Options): Promise<Anew> =>
  withOwnRuns(async () => {
    onProgress("listing its runs");
    const trials = oneOfEach(await listTrials({ ...listing, ownModel: true }));
    if (trials.length === 0)
      return { words: "no run is short enough to be trained beside a report", cells: [] };
    const made = await runTrials(
      trials.map((trial) => ({ ...trial, keepWeights: false })),
      {
        signal: listing.signal,
        processes: 2,
        onJobs: (jobs) => {
          const done = jobs.filter(({ state }) => state === "done").length,
            share = jobs.reduce((sum, job) => sum + job.share, 0) / jobs.length;
          onProgress(`training anew · ${done} of ${jobs.length} runs, ${Math.round(100 * share)} %`);
        },
      },
    );
    return shownOf(listing.notebook, made);
  });

const HEADING: Cell = {
  cell_type: "markdown",
  source: [
    "## Trained anew on this machine / この計算機での再学習\n",
    "\n",
    "Everything above is as it is committed. One run of each freeze mode was trained again while this report was made. On a processor of another kind the last digits differ, and now and then a class.\n",
    "\n",
    "ここまでの内容はコミットされた実行結果。報告の作成時に、凍結方法ごとに一回だけ学習し直して照合した。CPU の種類が違うと末尾の桁が変わり、まれに予測も変わる。\n",
  ],
  metadata: {},
};
