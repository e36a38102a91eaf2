/** The model of a notebook as a page to be tried: NN-name-demo.html beside the notebook's own. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Example, loadDataset, storeDataset } from "../../lib/experiment/dataset";
import { withOwnRuns } from "../../lib/experiment/run";
import type { Trial } from "../../lib/experiment/spec";
import { nameOf } from "../../lib/experiment/trials";
import { writeBeside } from "../../lib/support/files";
import { chooseRun, type DemoOptions, demoOf } from "../demo";
import type { Language } from "../page";
import { demoFile } from "./index-page";
import { type Listing, listTrials } from "./list";

interface DemoRequest extends Listing {
  /** Without a line of the data, and with nothing that tells which words they have. */
  readonly isPrivate: boolean;
  readonly language: Language;
  /** What the notebook is called, and what it says of all its numbers. */
  readonly about: Pick<DemoOptions, "title" | "remark" | "japanese">;
  readonly onProgress: (words: string) => void;
}

/** What a notebook would train, with its data sets among the runs that are kept. */
async function trialsOf(listing: Listing): Promise<Trial[]> {
  const examples = new Map<string, readonly Example[]>();
  const trials = await withOwnRuns(async () => {
    const listed = await listTrials({ ...listing, ownModel: true });
    for (const { dataset } of listed)
      if (!examples.has(dataset.sha256)) examples.set(dataset.sha256, loadDataset(dataset));
    return listed;
  });
  const stored = new Map([...examples].map(([hash, some]) => [hash, storeDataset(some)]));
  return trials.map((trial) => ({ ...trial, dataset: stored.get(trial.dataset.sha256)! }));
}

/**
 * Writes the demo of a notebook with these settings into a report's folder.
 * @returns the size of its file in bytes, and in words which run it is of and how near
 * @throws as chooseRun and demoOf; if a cell before the first training fails
 */
export async function writeDemo(
  folder: string,
  { isPrivate, language, about, onProgress, ...listing }: DemoRequest,
): Promise<{ readonly size: number; readonly words: string }> {
  const { name, signal } = listing;
  const told = (words: string) => onProgress(`demo · ${words}`);
  told("listing its runs");
  const run = await chooseRun(await trialsOf(listing), { name, signal, onProgress: told });
  const { html, distance } = await demoOf(run, { ...about, isPrivate, language, onProgress: told });
  const path = join(folder, demoFile(name));
  writeBeside(path, html);
  const { same, lines, largest } = distance;
  return {
    size: statSync(path).size,
    words: `${nameOf(run.trial)}, freeze mode ${run.trial.settings.freeze}, ${same} of ${lines} answers as the run's, logits within ${Number(largest.toPrecision(2))}`,
  };
}
