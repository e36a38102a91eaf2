/**
 * Carries out a plan: on this machine, or the part of it that a task of a batch system is for. What is stored
 * is not run again.
 */
import { resolve } from "node:path";
import { runTrial, storedTrial } from "../../lib/experiment/classification";
import { isEncoder } from "../../lib/experiment/doc2vec";
import type { Job, PoolOptions } from "../../lib/experiment/pool";
import type { Trial } from "../../lib/experiment/spec";
import { chooseModel, nameOf, runTrials } from "../../lib/experiment/trials";
import type { OnProgress } from "../../lib/support/progress";
import { ready } from "../tfjs-graph";
import { isRefused, type PlanOptions, planLines, type RefusedLine } from "./plan";

export interface SweepResult {
  readonly runs: number;
  /** Done before this sweep. */
  readonly stored: number;
  readonly done: number;
  readonly crashed: readonly { readonly name: string; readonly error: string }[];
}

/** @throws if a model on this machine is not the one that was planned with */
async function checkModels(trials: readonly Trial[]): Promise<void> {
  const models = new Map(trials.map(({ model }) => [resolve(model.folder), model.sha256]));
  for (const [folder, hash] of models) {
    if (!isEncoder(folder)) continue; // its folder is named by the texts and settings that it is made of
    const { sha256 } = await chooseModel(folder);
    if (sha256 !== hash)
      throw new Error(
        `${folder} is not the model that the plan was made with (${sha256.slice(0, 12)}, planned ${hash.slice(0, 12)}): copy it again`,
      );
  }
}

/** Whether there is a result that can be read; what is damaged is missing, and its run then says so. */
function isStored(trial: Trial): boolean {
  try {
    return storedTrial(trial) !== undefined;
  } catch {
    return false;
  }
}

const crashes = (lines: readonly (Trial | RefusedLine)[]) =>
  lines.filter(isRefused).map(({ line, error }) => ({ name: `line ${line}`, error }));
const isTrial = (line: Trial | RefusedLine): line is Trial => !isRefused(line);

/**
 * The lines of a plan, those that are trials checked, and the numbers of the lines without a result, from 1.
 */
export async function openPlan(
  path: string,
  options: PlanOptions = {},
): Promise<{ readonly lines: readonly (Trial | RefusedLine)[]; readonly missing: readonly number[] }> {
  const lines = planLines(path, options);
  await checkModels(lines.filter(isTrial));
  await ready(); // the backend is part of a run's name
  return { lines, missing: lines.flatMap((line, i) => (isTrial(line) && isStored(line) ? [] : [i + 1])) };
}

/**
 * Runs what is missing of a plan in processes of this machine. A run that crashes or is stored damaged, or a
 * line that is no trial, does not end the others.
 */
export async function runPlan(
  path: string,
  { model, ...options }: PlanOptions & Omit<PoolOptions, "keepGoing"> = {},
): Promise<SweepResult> {
  const lines = planLines(path, { model }),
    trials = lines.filter(isTrial);
  await checkModels(trials);
  let jobs: readonly Job[] = [];
  await runTrials(trials, {
    ...options,
    keepGoing: true,
    onJobs: (now) => {
      jobs = now;
      options.onJobs?.(now);
    },
  });
  const count = (state: Job["state"]) => jobs.filter((job) => job.state === state).length;
  return {
    runs: lines.length,
    stored: count("stored"),
    done: count("done"),
    crashed: [
      ...crashes(lines),
      ...jobs.flatMap(({ name, state, error = "" }) => (state === "crashed" ? [{ name, error }] : [])),
    ],
  };
}

interface TaskOptions extends PlanOptions {
  /** Numbers of lines, from 1. */
  readonly lines: readonly number[];
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Runs lines of a plan in this process, one after the other; what another process works on is waited for.
 * @throws AbortError after a snapshot if `signal` fires
 */
export async function runLines(
  path: string,
  { lines: numbers, model, onProgress, signal }: TaskOptions,
): Promise<SweepResult> {
  const all = planLines(path, { model }),
    lines = numbers.filter((line) => line <= all.length).map((line) => all[line - 1]),
    trials = lines.filter(isTrial);
  await checkModels(trials);
  let stored = 0,
    done = 0;
  const crashed = crashes(lines);
  for (const trial of trials) {
    signal?.throwIfAborted();
    try {
      const { reused } = await runTrial(trial, { onProgress, signal });
      if (reused) stored++;
      else done++;
    } catch (error) {
      if (signal?.aborted) throw error;
      const name = nameOf(trial);
      crashed.push({ name, error: `${name}: ${(error as Error).message}` });
    }
  }
  return { runs: lines.length, stored, done, crashed };
}
