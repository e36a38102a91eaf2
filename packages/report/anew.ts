/**
 * Beside a notebook that is shown as it is committed: one run of each of its freeze modes, trained on this
 * machine, and whether it says of its test texts what the committed run said.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Trial, TrialRun } from "../../lib/experiment/spec";
import { nameOf, runTrials } from "../../lib/experiment/trials";
import { learningCurves } from "../../lib/show/charts";
import { chartContent } from "../../lib/show/display";
import { curvesOf } from "../../lib/show/runs";
import { table } from "../../lib/show/tables";
import { grouped } from "../../lib/support/groups";
import {
  type Cell,
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
  /** Words such as "trained anew: 2 of 3". */
  readonly onProgress: (words: string) => void;
}

/**
 * Trains them in a folder of runs that is removed afterwards.
 * @throws if a cell before the training fails, a run crashes, or the signal fires
 */
export async function trainAnew({ onProgress, ...listing }: Options): Promise<Anew> {
  const runs = mkdtempSync(join(tmpdir(), "komalab-anew-")),
    before = process.env.KOMALAB_RUNS;
  const { notebook, signal } = listing;
  try {
    onProgress("listing its runs");
    const trials = oneOfEach(await listTrials({ ...listing, runs }));
    if (trials.length === 0)
      return { words: "no run is short enough to be trained beside a report", cells: [] };
    process.env.KOMALAB_RUNS = runs;
    const made = await runTrials(
      trials.map((trial) => ({ ...trial, keepWeights: false })),
      {
        signal,
        processes: 2,
        onJobs: (jobs) => {
          const done = jobs.filter(({ state }) => state === "done").length,
            share = jobs.reduce((sum, job) => sum + job.share, 0) / jobs.length;
          onProgress(`training anew · ${done} of ${jobs.length} runs, ${Math.round(100 * share)} %`);
        },
      },
    );
    const rows = made.map((run) => {
      const said = committedPrediction(notebook, run),
        own = run.result.predicted,
        equal = own.filter((one, i) => said?.charCodeAt(i) === 48 + one).length;
      const verdict =
        said === undefined ? NOT_KEPT : equal === own.length ? "equal" : `${equal} of ${own.length}`;
      return {
        run: nameOf(run.trial),
        seconds: Math.round(run.result.seconds),
        "same answers": verdict,
        equal: verdict === "equal",
      };
    });
    const known = rows.filter((row) => row["same answers"] !== NOT_KEPT),
      same = known.filter(({ equal }) => equal).length;
    const compared =
      known.length === 0
        ? "the notebook does not keep what the committed ones answered"
        : `${same === known.length ? "all" : `${same} of ${known.length}`} with the answers of the committed ones`;
    const words = `trained anew on this machine: ${rows.length} of its runs, ${compared}`;
    const caption =
      "One run of each freeze mode, trained on this machine while the report was made, beside the committed run with the same settings";
    const outputs: Output[] = [
      display({
        ...table(
          rows.map(({ equal, ...row }) => row),
          { caption },
        ),
      }),
      display(
        await chartContent(
          learningCurves(curvesOf(made), {
            title: "Learning curves of the runs that were trained anew",
            subtitle: "training (dashed) and validation (solid)",
          }),
        ),
      ),
    ];
    return {
      words,
      cells: [
        HEADING,
        { cell_type: "code", source: "// npm run report", metadata: {}, execution_count: null, outputs },
      ],
    };
  } finally {
    if (before === undefined) delete process.env.KOMALAB_RUNS;
    else process.env.KOMALAB_RUNS = before;
    rmSync(runs, { recursive: true, force: true });
  }
}

const NOT_KEPT = "not kept with the notebook";

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

const display = (content: object): Output => {
  const { data = content, metadata = {} } = content as Partial<Output>;
  return { output_type: "display_data", data, metadata } as Output;
};
