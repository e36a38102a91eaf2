/** What a notebook would train: it is executed up to the first cell that trains, and its runs are listed. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MISSING_VARIABLE } from "../../lib/experiment/missing";
import type { Trial } from "../../lib/experiment/spec";
import { writeBeside } from "../../lib/support/files";
import { execute, inject, type Request, type Resolved } from "../notebook";

export interface Listing extends Request {
  readonly settings: readonly Resolved[];
  /** In which the notebook stands. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** A folder of runs; by default the project's, whose stored runs are not listed. */
  readonly runs?: string;
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
  runs,
}: Listing): Promise<Trial[]> {
  const beside = mkdtempSync(join(tmpdir(), "list-")),
    file = join(beside, `${name}.ipynb`),
    list = join(beside, "missing.jsonl");
  const before = process.env.KOMALAB_RUNS;
  process.env[MISSING_VARIABLE] = list; // the kernel inherits both
  if (runs !== undefined) process.env.KOMALAB_RUNS = runs;
  try {
    writeBeside(file, JSON.stringify(inject(notebook, settings)));
    const failure = await execute(file, { folder, signal, onCell: () => {} });
    signal.throwIfAborted();
    if (!failure) return [];
    if (!existsSync(list))
      throw new Error(`${name}, code cell ${failure.cell}: ${failure.ename}: ${failure.evalue}`);
    return readFileSync(list, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Trial);
  } finally {
    delete process.env[MISSING_VARIABLE];
    if (before === undefined) delete process.env.KOMALAB_RUNS;
    else process.env.KOMALAB_RUNS = before;
    rmSync(beside, { recursive: true });
  }
}
