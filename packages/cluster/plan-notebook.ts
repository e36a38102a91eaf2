/**
 * The runs of a notebook as a plan: it is executed up to the first cell whose runs have no result yet, and
 * these are written down instead.
 */
import { join } from "node:path";
import { projectRoot } from "../../lib/support/files";
import { readNotebook } from "../notebook";
import { decideSettings, listTrials, selectNotebooks } from "../report";
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

/** What was planned: how many runs, and in words. */
interface Planned {
  readonly runs: number;
  readonly words: string;
}

/** @throws if a cell before fails, or a name or value is wrong */
export async function planNotebook(
  plan: string,
  { from, set, full, signal, folder = join(projectRoot, "notebooks") }: PlanRequest,
): Promise<Planned> {
  const [name] = selectNotebooks(folder, [from]),
    notebook = readNotebook(join(folder, `${name}.ipynb`));
  const [settings] = await decideSettings([{ name, notebook }], { quick: !full, set });
  const trials = await listTrials({ name, notebook, settings, folder, signal });
  const words =
    trials.length === 0
      ? `all runs of ${name} with these settings are stored: there is nothing to plan`
      : `${trials.length} runs were planned: ${writePlan(trials, plan)}`;
  return { runs: trials.length, words };
}
