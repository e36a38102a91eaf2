/**
 * Plans as array jobs of a batch system. A task is a number from 1; it does `chunk` lines of the plan: task 2
 * in chunks of 6 does lines 7 to 12. Slurm is submitted to; Grid Engine and PBS give their tasks a number in
 * another variable.
 */

import { spawnSync } from "node:child_process";
import { basename, join } from "node:path";
import { runsFolder } from "../../lib/experiment/run";
import { projectRoot, writeBeside } from "../../lib/support/files";
import { complain } from "../../lib/support/printable";
import { planPath } from "./plan";

const VARIABLES = ["SLURM_ARRAY_TASK_ID", "SGE_TASK_ID", "PBS_ARRAY_INDEX", "PBS_ARRAYID"] as const;

/** The number of this task. @throws if no batch system has given one */
export function taskNumber(env: NodeJS.ProcessEnv = process.env): number {
  const numbers = VARIABLES.map((name) => Number(env[name])).filter((number) => number >= 1); // "undefined" in a job of Grid Engine without tasks
  if (numbers.length === 0)
    throw new Error(`no task number: ${VARIABLES.join(", ")} are not set, or not from 1 on`);
  return numbers[0];
}

/** The lines of a plan that a task does. */
export const linesOf = (task: number, chunk: number): number[] =>
  Array.from({ length: chunk }, (_, i) => (task - 1) * chunk + i + 1);

/** The tasks that have at least one of these lines. */
export const tasksOf = (lines: readonly number[], chunk: number): number[] =>
  [...new Set(lines.map((line) => Math.ceil(line / chunk)))].sort((a, b) => a - b);

/** "1-3,7": numbers in rising order, as batch systems take them. */
export function arrayOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

interface SlurmOptions {
  readonly tasks: readonly number[];
  /** Lines of a task. */
  readonly chunk: number;
  /** Tasks at a time, at most. */
  readonly atOnce: number;
  /** TensorFlow's threads. */
  readonly threads: number;
  /** Of sbatch, for instance ["--time=60", "--mem=4G"]. */
  readonly more: readonly string[];
  /** Of npm run sweep: what a task needs besides the plan. */
  readonly args: readonly string[];
}

const WARNING_SECONDS = 120; // for the step under way and a checkpoint before the time limit
const quoted = (text: string) => `'${text.replace(/'/g, `'\\''`)}'`;
/** @throws for an option of several lines: the second would be a command of the script */
function directive(option: string): string {
  if (/[\r\n]/.test(option))
    throw new Error(`${JSON.stringify(option)} has more than one line, which no option of sbatch may have`);
  return `#SBATCH ${/[\s#'"\\]/.test(option) ? quoted(option) : option}`;
}

/** The script of an array job. `exec` lets the signals of Slurm reach Node itself. */
export function slurmScript(
  plan: string,
  log: string,
  { tasks, chunk, atOnce, threads, more, args }: SlurmOptions,
): string {
  const options = [
    `--job-name=${basename(plan, ".jsonl").replace(/[^\w.-]/g, "_")}`,
    `--array=${arrayOf(tasks)}%${atOnce}`,
    "--ntasks=1",
    `--cpus-per-task=${threads}`,
    "--requeue",
    "--open-mode=append",
    `--signal=B:USR1@${WARNING_SECONDS}`,
    `--output=${log}`,
    ...more,
  ];
  const command = [
    process.execPath,
    "--import",
    "tsx",
    "packages/cluster/sweep-command.ts",
    plan,
    "--task",
    "--chunk",
    String(chunk),
    ...args,
  ];
  return `${["#!/bin/bash", ...options.map(directive), `cd ${quoted(projectRoot)}`, `exec ${command.map(quoted).join(" ")}`].join("\n")}\n`;
}

/**
 * Writes the script beside the logs, runs/slurm/<plan>/, and submits it; gives the number of the job.
 * @throws what sbatch says
 */
export function submit(
  path: string,
  options: SlurmOptions,
): { readonly job: string; readonly script: string } {
  const plan = planPath(path),
    folder = join(runsFolder(), "slurm", basename(plan, ".jsonl")),
    script = join(folder, "job.sh");
  writeBeside(script, slurmScript(plan, join(folder.replaceAll("%", "%%"), "%A_%a.log"), options));
  const { status, stdout, stderr, error } = spawnSync("sbatch", ["--parsable", script], { encoding: "utf8" });
  if (error)
    throw new Error(`sbatch is not here (${error.message}): submit ${script} on a machine of the cluster`);
  if (status !== 0) throw new Error(`sbatch refused ${script}: ${stderr.trim()}`);
  return { job: stdout.trim().split(";")[0], script };
}

/**
 * What Slurm calls this task, or this job where it has no tasks. SLURM_JOB_ID of the task that starts last is
 * the number of the whole array, whose other tasks would be taken with it.
 */
export const slurmName = ({ SLURM_ARRAY_JOB_ID, SLURM_ARRAY_TASK_ID, SLURM_JOB_ID }: NodeJS.ProcessEnv) =>
  SLURM_ARRAY_JOB_ID === undefined ? SLURM_JOB_ID : `${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}`;

/**
 * Puts this task back into Slurm's queue, to go on from its checkpoint: for the time limit, after which Slurm
 * itself would not.
 */
export function requeue(env: NodeJS.ProcessEnv = process.env): void {
  const name = slurmName(env);
  if (name === undefined) return;
  const { status, signal, stderr } = spawnSync("scontrol", ["requeue", name], { encoding: "utf8" });
  if (status !== 0 && signal === null) complain(`not put back into the queue: ${stderr}`);
}
