/**
 * The runs of a notebook as a plan: it is executed up to the first cell whose runs have no result yet, and
 * these are written down instead.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MISSING_VARIABLE } from "../../lib/experiment/missing";
import type { Trial } from "../../lib/experiment/spec";
import { projectRoot, writeBeside } from "../../lib/support/files";
import { execute, inject, readNotebook } from "../notebook";
import { decideSettings, selectNotebooks } from "../report";
import { writePlan } from "./plan";

interface PlanRequest {
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
    file = join(beside, `${name}.ipynb`),
    list = join(beside, "missing.jsonl");
  process.env[MISSING_VARIABLE] = list; // the kernel inherits it
  try {
    writeBeside(file, JSON.stringify(inject(notebook, settings)));
    const failure = await execute(file, { folder, signal, onCell: () => {} });
    signal.throwIfAborted();
    if (!failure) return `all runs of ${name} with these settings are stored: there is nothing to plan`;
    if (failure.ename !== "ListedError")
      throw new Error(`${name}, code cell ${failure.cell}: ${failure.ename}: ${failure.evalue}`);
    const lines = readFileSync(list, "utf8").trimEnd().split("\n");
    const path = writePlan(
      lines.map((line) => JSON.parse(line) as Trial),
      plan,
    );
    return `${lines.length} runs were planned: ${path}`;
  } finally {
    delete process.env[MISSING_VARIABLE];
    rmSync(beside, { recursive: true });
  }
}
