/**
 * A plan is a file of runs to be made, one line of JSON each, numbered from 1. It can be taken to another
 * machine: its data sets lie in the folder datasets/ beside it, and its models are named from the project,
 * from the cache folder or from the plan.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { checkTrial } from "../../lib/experiment/check";
import { located, portable } from "../../lib/experiment/places";
import type { Trial } from "../../lib/experiment/spec";
import { projectRoot, sha256, writeBeside } from "../../lib/support/files";
import { brief } from "../../lib/support/printable";
import { remembered } from "../../lib/support/remembered";

/** Where a plan lies: a path from the project's folder, unless it is absolute. */
export const planPath = (path: string) => resolve(projectRoot, path);

/**
 * Writes trials as a plan, with their data sets beside it, and gives its path.
 * @param path from the project's folder, for instance "runs/freeze-modes.jsonl"
 */
export function writePlan(trials: readonly Trial[], path: string): string {
  const plan = planPath(path);
  const lines = trials.map(({ force: _, ...trial }) => {
    const way = `datasets/${trial.dataset.sha256.slice(0, 12)}.jsonl`,
      copy = join(dirname(plan), way);
    if (!existsSync(copy)) writeBeside(copy, readFileSync(trial.dataset.path));
    const model = { ...trial.model, folder: portable(trial.model.folder, dirname(plan)) };
    return `${JSON.stringify({ ...trial, dataset: { ...trial.dataset, path: way }, model })}\n`;
  });
  writeBeside(plan, lines.join(""));
  return plan;
}

export interface PlanOptions {
  /** Where the model is on this machine, if the plan's own place does not hold it. */
  readonly model?: string;
}

/** A line of a plan that cannot be carried out. */
export interface RefusedLine {
  /** From 1. */
  readonly line: number;
  /** File, line and remedy. */
  readonly error: string;
}

/**
 * The lines of a plan, each its trial or why it is none.
 * @throws if there is no plan, or none of its lines is a trial: as readPlan
 */
export function planLines(path: string, options: PlanOptions = {}): (Trial | RefusedLine)[] {
  const lines = readLines(path, options),
    [first] = lines;
  if (first instanceof Error && lines.every((line) => line instanceof Error)) throw first;
  return lines.map((trial, i) => (trial instanceof Error ? { line: i + 1, error: trial.message } : trial));
}

export const isRefused = (line: Trial | RefusedLine): line is RefusedLine => "error" in line;

/**
 * The trials of a plan, in the order of its lines.
 * @throws with file, line and remedy if a line, data set or model is not as planned, or as checkTrial
 */
export function readPlan(path: string, options: PlanOptions = {}): Trial[] {
  return readLines(path, options).map((trial) => {
    if (trial instanceof Error) throw trial;
    return trial;
  });
}

const HASH = /^[0-9a-f]{64}$/;

function readLines(path: string, { model }: PlanOptions): (Trial | Error)[] {
  const plan = planPath(path);
  if (!existsSync(plan))
    throw new Error(`${plan} is not there: writePlan(trials, path) in a notebook makes it`);
  const hashes = new Map<string, string>();
  return readFileSync(plan, "utf8")
    .trimEnd()
    .split("\n")
    .map((line, i) => {
      try {
        return readLine(line, `${plan}, line ${i + 1}`);
      } catch (error) {
        return error as Error;
      }
    });

  function readLine(line: string, at: string): Trial {
    let trial: Trial;
    try {
      trial = JSON.parse(line) as Trial;
    } catch (error) {
      throw new Error(`${at}: ${(error as Error).message}: write the plan again`);
    }
    const { dataset, model: planned } = trial ?? {};
    if (typeof dataset?.path !== "string" || typeof planned?.folder !== "string")
      throw new Error(`${at} is no planned run: it lacks dataset or model: write the plan again`);
    if (!HASH.test(planned.sha256))
      throw new Error(`${at}: model.sha256 is no hash of 64 digits: write the plan again`);
    const data = resolve(dirname(plan), trial.dataset.path),
      folder = model === undefined ? located(trial.model.folder, dirname(plan)) : resolve(model);
    if (!existsSync(data) || !statSync(data).isFile())
      throw new Error(
        `${at}: the data set ${brief(trial.dataset.path)} is not there: copy the folder datasets/ together with the plan`,
      );
    if (folder === undefined || !existsSync(folder))
      throw new Error(
        `${at}: the model ${brief(trial.model.folder)} is not on this machine: copy it there, or name its folder with --model`,
      );
    if (remembered(hashes, data, () => sha256(readFileSync(data))) !== trial.dataset.sha256)
      throw new Error(`${at}: ${brief(trial.dataset.path)} is not the data set of the plan: copy it again`);
    const here = { ...trial, dataset: { ...trial.dataset, path: data }, model: { ...trial.model, folder } };
    checkTrial(here, `${at}: `);
    return here;
  }
}
