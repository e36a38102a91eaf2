/**
 * The runs of a notebook as a plan: it is executed up to the first cell whose runs have no result yet, and
 * these are written down instead.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot, writeBeside } from "../files";
import { PLAN_VARIABLE, planPath } from "../runs/plan";
import { readNotebook } from "../show/notebook";
import { selectNotebooks } from "./command";
import { execute } from "./execute";
import { decideSettings } from "./look";
import { inject } from "./parameters";

export interface PlanRequest {
  /** A notebook by number or name. */
  readonly from: string;
  /** name=value, as for the report. */
  readonly set: readonly string[];
  /** The notebook's own settings, otherwise its quick ones. */
  readonly full: boolean;
  readonly signal: AbortSignal;
  readonly folder?: string;
}

/** Gives what was planned, in words. @throws if a cell before fails, or a name or value is wrong */
export async function planNotebook(
  plan: string,
  { from, set, full, signal, folder = join(projectRoot, "notebooks") }: PlanRequest,
): Promise<string> {
  const [name] = selectNotebooks(folder, [from]),
    notebook = readNotebook(join(folder, `${name}.ipynb`));
  const [settings] = await decideSettings([{ name, notebook }], { quick: !full, set });
  const beside = mkdtempSync(join(tmpdir(), "plan-")),
    file = join(beside, `${name}.ipynb`);
  process.env[PLAN_VARIABLE] = planPath(plan); // the kernel inherits it
  try {
    writeBeside(file, JSON.stringify(inject(notebook, settings)));
    const failure = await execute({ notebook: file, result: file, folder, signal, onCell: () => {} });
    signal.throwIfAborted();
    if (!failure) return `all runs of ${name} with these settings are stored: there is nothing to plan`;
    if (failure.ename !== "PlannedError")
      throw new Error(`${name}, code cell ${failure.cell}: ${failure.ename}: ${failure.evalue}`);
    return failure.evalue;
  } finally {
    delete process.env[PLAN_VARIABLE];
    rmSync(beside, { recursive: true });
  }
}
