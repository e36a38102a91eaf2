/** Runs a notebook with the project's Jupyter (execute.py) and tells how it goes. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { projectRoot } from "../../lib/support/files";

/** Why a notebook failed; `cell` counts the code cells from 1, 0 is before the first, null after the last. */
export interface Failure {
  readonly cell: number | null;
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

interface ExecuteOptions {
  /** In which the kernel starts. */
  readonly folder: string;
  /** An abort ends the kernel and its children. */
  readonly signal: AbortSignal;
  readonly onCell: (progress: {
    readonly cell: number;
    readonly cells: number;
    readonly note: string;
  }) => void;
}

/** The interpreter of the project's environment. @throws Error if it has not been made */
export function pythonPath(): string {
  const path = join(projectRoot, ".venv", "bin", "python");
  if (!existsSync(path))
    throw new Error(`${path} does not exist: call this through "npm run report", which makes it`);
  return path;
}

/**
 * Executes all cells with the kernel `tslab`, without any time limit.
 * @param file the notebook with its settings in place; gets its outputs, also if a cell fails
 * @returns the failure, or undefined if every cell ran and nothing failed after the last one
 */
export async function execute(
  file: string,
  { folder, signal, onCell }: ExecuteOptions,
): Promise<Failure | undefined> {
  // Its own session: Ctrl-C reaches this process alone, which then closes stdin, the one way to stop it.
  const child = spawn(pythonPath(), [join(__dirname, "execute.py"), file, "tslab", folder], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, PYTHONUTF8: "1" },
  });
  const stop = (): void => void child.stdin.destroy();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();

  let failure: Failure | undefined;
  let progress = { cell: 0, cells: 0, note: "" };
  let complaints = "";
  child.stderr.on("data", (piece: Buffer) => (complaints = (complaints + piece.toString()).slice(-4000)));
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!line.startsWith("{")) return; // somebody else's words
    const event = JSON.parse(line) as Partial<typeof progress> & { readonly failed?: Failure };
    if (event.failed) failure ??= event.failed;
    else onCell((progress = { ...progress, note: "", ...event }));
  });
  const code = await new Promise<number | null>((done, fail) => child.on("close", done).on("error", fail));
  signal.removeEventListener("abort", stop);
  if (code === 0 || failure) return failure;
  return {
    cell: progress.cell,
    ename: "Jupyter",
    evalue: `ended with exit code ${code}`,
    traceback: complaints.trim().split("\n"),
  };
}
