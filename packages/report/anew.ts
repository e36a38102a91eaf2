/**
 * Beside a notebook that is shown as it is committed: one run of each of its freeze modes, trained on this
 * machine, and whether it says of its test texts what the committed run said.
 */
import { withOwnRuns } from "../../lib/experiment/run";
import type { Trial, TrialRun } from "../../lib/experiment/spec";
import { nameOf, runTrials } from "../../lib/experiment/trials";
import { learningCurves } from "../../lib/show/charts";
import { chartContent } from "../../lib/show/display";
import { curvesOf } from "../../lib/show/runs";
import { table } from "../../lib/show/tables";
import { grouped } from "../../lib/support/groups";
import { type Cell, classesOf, type Output } from "../notebook";
import { answersIn, type Committed, committedRuns, nameOfRun } from "../weekly";
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

interface Anew {
  /** What was trained and how it compares, in one line. */
  readonly words: string;
  /** To stand at the notebook's end; none if nothing was trained. */
  readonly cells: readonly Cell[];
  /** The runs that the notebook's outputs hold, and how many were trained anew. */
  readonly committed: Committed;
}

/** Where nothing was trained, with the reason. */
export const noneAnew = (words: string, runs: Committed["runs"] = []): Anew => ({
  words,
  cells: [],
  committed: { runs, anew: 0, compared: 0, equal: 0 },
});

interface Options extends Listing {
  /** Words such as "training anew · 2 of 3 runs, 70 %". */
  readonly onProgress: (words: string) => void;
}

/** What is shown of the runs, in one line and as outputs. */
async function shownOf(
  { notebook }: Listing,
  runs: Committed["runs"],
  made: readonly TrialRun[],
): Promise<Anew> {
  const answers = answersIn(notebook);
  const compared = made.map((run) => {
    const { predicted } = run.result,
      said = answers({ name: nameOfRun(run.folder), trial: run.trial });
    const classes = said && classesOf(said.predicted),
      equal = classes && predicted.filter((one, i) => one === classes[i]).length;
    return { run, of: predicted.length, equal };
  });
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
    committed: { runs, anew: made.length, compared: known.length, equal: same },
  };
}

/**
 * Trains them in a folder of runs that is removed afterwards.
 * @throws if a cell before the training fails, a run crashes, or the signal fires
 */
export const trainAnew = ({ onProgress, ...listing }: Options): Promise<Anew> =>
  withOwnRuns(async () => {
    onProgress("listing its runs");
    const listed = await listTrials(listing),
      runs = await committedRuns(listing.notebook, listed),
      trials = oneOfEach(listed);
    if (trials.length === 0) return noneAnew("no run is short enough to be trained beside a report", runs);
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
    return shownOf(listing, runs, made);
  });

const HEADING: Cell = {
  cell_type: "markdown",
  source: [
    "## Trained anew on this machine / この計算機での再学習\n",
    "\n",
    "Everything above is as it is committed. One run of each freeze mode was trained again while this report was made; of those that train inside the encoder, none of more than 500 steps. On a processor of another kind the last digits differ, and now and then a class.\n",
    "\n",
    "ここまでの内容はコミットされた実行結果。報告の作成時に、凍結方法ごとに一回だけ学習し直して照合した（エンコーダ内部を学習するものは 500 ステップ以下に限る）。CPU の種類が違うと末尾の桁が変わり、まれに予測も変わる。\n",
  ],
  metadata: {},
};
