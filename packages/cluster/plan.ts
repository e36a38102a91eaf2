/**
 * A plan is a file of runs to be made, one line of JSON each, numbered from 1. It can be taken to another
 * machine: its data sets lie in the folder datasets/ beside it, and its models are named from the project,
 * from the cache folder or from the plan.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { checkTrial } from "../../lib/experiment/check";
import { located, portable } from "../../lib/experiment/places";
import type { Trial } from "../../lib/experiment/spec";
import { projectRoot, sha256, writeBeside } from "../../lib/support/files";

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

/**
 * The trials of a plan, in the order of its lines.
 * @throws with file, line and remedy if a line, data set or model is not as planned, or as checkTrial
 */
export function readPlan(path: string, { model }: PlanOptions = {}): Trial[] {
  const plan = planPath(path);
  if (!existsSync(plan))
    throw new Error(`${plan} is not there: writePlan(trials, path) in a notebook makes it`);
  const checked = new Set<string>();
  return readFileSync(plan, "utf8")
    .trimEnd()
    .split("\n")
    .map((line, i) => {
      const at = `${plan}, line ${i + 1}`;
      let trial: Trial;
      try {
        trial = JSON.parse(line) as Trial;
      } catch (error) {
        throw new Error(`${at}: ${(error as Error).message}: write the plan again`);
      }
      if (!trial?.dataset || !trial.model)
        throw new Error(`${at} is no planned run: it lacks dataset or model: write the plan again`);
      const data = resolve(dirname(plan), trial.dataset.path),
        folder = model === undefined ? located(trial.model.folder, dirname(plan)) : resolve(model);
      if (!existsSync(data))
        throw new Error(
          `${at}: the data set ${trial.dataset.path} is not there: copy the folder datasets/ together with the plan`,
        );
      if (folder === undefined || !existsSync(folder))
        throw new Error(
          `${at}: the model ${trial.model.folder} is not on this machine: copy it there, or name its folder with --model`,
        );
      if (!checked.has(data) && sha256(readFileSync(data)) !== trial.dataset.sha256)
        throw new Error(`${at}: ${data} is not the data set of the plan: copy it again`);
      checked.add(data);
      const here = { ...trial, dataset: { ...trial.dataset, path: data }, model: { ...trial.model, folder } };
      checkTrial(here, `${at}: `);
      return here;
    });
}
