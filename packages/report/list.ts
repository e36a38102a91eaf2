/** What a notebook would train: it is executed up to the first cell that trains, and its runs are listed. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MISSING_VARIABLE, OWN_MODEL_VARIABLE } from "../../lib/experiment/missing";
import type { Trial } from "../../lib/experiment/spec";
import { readJsonLines, writeBeside } from "../../lib/support/files";
import { execute, inject, type Request, type Resolved } from "../notebook";

export interface Listing extends Request {
  readonly settings: readonly Resolved[];
  /** In which the notebook stands. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Leaves out runs of doc2vec, which has to be trained before one of its runs can be listed. */
  readonly ownModel?: boolean;
}

/**
 * The runs of a notebook that have no result; none if it trains nothing.
 * @throws if a cell before fails, or the signal fires
 */
export async function listTrials({
  name,
  notebook,
  settings,
  folder,
  signal,
  ownModel = false,
}: Listing): Promise<Trial[]> {
  const beside = mkdtempSync(join(tmpdir(), "list-")),
    file = join(beside, `${name}.ipynb`),
    list = join(beside, "missing.jsonl");
  process.env[MISSING_VARIABLE] = list; // the kernel inherits them
  if (ownModel) process.env[OWN_MODEL_VARIABLE] = "1";
  try {
    writeBeside(file, JSON.stringify(inject(notebook, settings)));
    const failure = await execute(file, { folder, signal, onCell: () => {} });
    signal.throwIfAborted();
    if (!failure) return [];
    if (!existsSync(list))
      throw new Error(`${name}, code cell ${failure.cell}: ${failure.ename}: ${failure.evalue}`);
    return readJsonLines<Trial>(list);
  } finally {
    delete process.env[MISSING_VARIABLE];
    delete process.env[OWN_MODEL_VARIABLE];
    rmSync(beside, { recursive: true });
  }
}
