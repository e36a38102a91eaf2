/** npm run sweep: carries out a plan of runs, here or on a cluster. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { complain, printable } from "../../lib/support/printable";
import { COUNT, numberOf } from "../../lib/support/settings";
import { STOPPED, stopOn } from "../../lib/support/stop";
import { arrayOf, linesOf, requeue, submit, taskNumber, tasksOf } from "./batch";
import { isRefused, planLines, planPath } from "./plan";
import type { SweepResult } from "./sweep";

const USAGE = `npm run sweep -- PLAN.jsonl               runs what is missing of a plan, in processes of this machine
npm run sweep -- PLAN.jsonl --from 01     makes the plan: the runs of notebook 01 that have no result yet
npm run sweep -- PLAN.jsonl --missing     tells which lines have no result yet
npm run sweep -- PLAN.jsonl --slurm       submits them to Slurm, as an array job
npm run sweep -- PLAN.jsonl --task        does the lines of one task: what array jobs call

writePlan(trials, "runs/NAME.jsonl") in a notebook makes a plan too. It can be taken to another machine with the folder datasets/ beside it.

  --notebooks FOLDER  with --from: where notebooks of your own are
  --set name=value    with --from: a setting of the notebook, as for the report; may be repeated
  --full              with --from: the notebook's own settings, otherwise its quick ones
  --through           with --from: plans and runs in turn until no run is missing, as searches need, rung by rung
  --processes N       processes at a time (CPU threads, shared out); with --slurm: tasks at a time (32)
  --model FOLDER      where the model is, if not where the plan says
  --chunk N           lines of one task (1): more where a run takes less than a minute
  --sbatch=OPTION     an option of sbatch, for instance --sbatch=--time=120; may be repeated
`;

function told({ runs, stored, done, crashed }: SweepResult): string {
  return [
    `${runs} runs: ${stored} stored before, ${done} done now, ${crashed.length} crashed`,
    ...crashed.map(({ error }) => `  ${error}`),
  ].join("\n");
}

/**
 * Does what the words of a command line say; gives the exit code.
 * @throws if they are wrong, with the remedy; AbortError if it was stopped
 */
export async function sweep(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      processes: { type: "string" },
      model: { type: "string" },
      chunk: { type: "string" },
      sbatch: { type: "string", multiple: true, default: [] },
      from: { type: "string" },
      notebooks: { type: "string" },
      set: { type: "string", multiple: true, default: [] },
      full: { type: "boolean", default: false },
      through: { type: "boolean", default: false },
      missing: { type: "boolean", default: false },
      slurm: { type: "boolean", default: false },
      task: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || positionals.length !== 1) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const [plan] = positionals,
    { model } = values,
    processes = numberOf("processes", values.processes, COUNT),
    chunk = numberOf("chunk", values.chunk, COUNT) ?? 1;
  const { from, notebooks, set = [], full = false } = values;
  if (values.through && from === undefined)
    throw new Error("--through plans a notebook again and again: name it, for instance --from 16");
  if (from !== undefined) {
    const { planNotebook } = await import("./plan-notebook");
    const folder = notebooks === undefined ? undefined : resolve(notebooks);
    for (let before = ""; ; ) {
      const planned = await planNotebook(plan, { from, set, full, signal, folder });
      console.log(planned.words);
      if (!values.through || planned.runs === 0) return 0;
      const lines = readFileSync(planPath(plan), "utf8");
      if (lines === before)
        throw new Error(
          "the same runs are planned again although they are done: is fresh=true? Set it to false",
        );
      before = lines;
      const code = await carryOut(plan, { model, processes, signal });
      if (code !== 0) return code; // what crashed would be planned again
    }
  }
  const threads = planLines(plan, { model }).reduce(
    (most, line) => (isRefused(line) ? most : Math.max(most, line.settings.threads)),
    1,
  );
  if (values.task) process.env.TF_NUM_INTRAOP_THREADS = String(threads); // read when TensorFlow is loaded, which is now
  const { openPlan } = await import("./sweep");
  if (values.missing || values.slurm) {
    const { lines, missing } = await openPlan(plan, { model });
    const tasks = tasksOf(missing, chunk);
    console.log(
      `${missing.length} of ${lines.length} runs are missing${missing.length > 0 ? `: ${chunk > 1 ? `tasks ${arrayOf(tasks)}, ` : ""}lines ${arrayOf(missing)}` : ""}`,
    );
    for (const line of lines) if (isRefused(line)) console.log(printable(`  ${line.error}`));
    if (!values.slurm || missing.length === 0) return 0;
    const { job, script } = submit(plan, {
      tasks,
      chunk,
      threads,
      atOnce: processes ?? 32,
      more: values.sbatch!,
      args: model === undefined ? [] : ["--model", model],
    });
    console.log(
      `Slurm job ${job}, ${tasks.length} tasks (${script}). The same command submits what is missing later; npm run runs shows how far they are`,
    );
    return 0;
  }
  return carryOut(plan, {
    ...{ model, processes, signal },
    ...(values.task && { lines: linesOf(taskNumber(), chunk) }),
  });
}

interface CarryOut {
  readonly model?: string;
  readonly processes?: number;
  /** Those of a task, in this process; without them all, in processes of their own. */
  readonly lines?: readonly number[];
  readonly signal: AbortSignal;
}

/** Does what is missing of a plan; gives the exit code: 1 if a run crashed. */
async function carryOut(plan: string, { lines, processes, ...options }: CarryOut): Promise<number> {
  const { runLines, runPlan } = await import("./sweep");
  const { showProgress } = await import("../../lib/show/progress");
  const onProgress = showProgress({ times: true });
  const result = lines
    ? await runLines(plan, { ...options, lines, onProgress })
    : await runPlan(plan, { ...options, processes, onProgress });
  console.log(printable(told(result)));
  return result.crashed.length > 0 ? 1 : 0;
}

/**
 * A run that was stopped can go on: the exit code says so, and before Slurm's time limit the task goes back
 * into the queue.
 */
async function main(): Promise<void> {
  const stop = stopOn(["SIGTERM", "SIGINT", "SIGUSR1"]);
  let timeIsUp = false;
  process.once("SIGUSR1", () => (timeIsUp = true));
  try {
    process.exitCode = await sweep(process.argv.slice(2), stop.signal);
  } catch (error) {
    complain((error as Error).message);
    process.exitCode = stop.signal.aborted ? STOPPED : 2;
    if (timeIsUp) requeue();
  }
}

if (require.main === module) void main();
