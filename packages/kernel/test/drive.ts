/** Runs cells in a real kernel through jupyter_client (drive.py). */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../../lib/support/files";

export interface Output {
  readonly type: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly transient?: Readonly<Record<string, unknown>>;
  readonly execution_count?: number;
}

/** What a step answered: the fields of Jupyter's reply, the outputs, and the streams joined. */
export interface Answer {
  readonly status: string;
  readonly execution_count: number;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
  readonly outputs: readonly Output[];
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  readonly matches?: readonly string[];
  readonly cursor_start?: number;
  readonly data?: Readonly<Record<string, string>>;
  readonly replies?: readonly Answer[];
  readonly history?: readonly (readonly [number, number, string])[];
  readonly user_expressions?: Readonly<Record<string, Answer>>;
}

/** A step of drive.py. */
export type Step = Readonly<Record<string, unknown>>;

export interface Session {
  /** Seconds from the start to a kernel that answers. */
  readonly ready: number;
  readonly steps: readonly Answer[];
  /** The kernel's exit status. */
  readonly exit: number;
}

/**
 * Runs the steps in one kernel.
 * @param settings cwd: the folder of the notebook; env: variables for the kernel
 */
export async function drive(
  steps: readonly Step[],
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Session> {
  const python = spawn(join(projectRoot, ".venv/bin/python"), [join(__dirname, "drive.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  python.stdin.end(JSON.stringify({ steps, ...settings }));
  let text = "";
  for await (const piece of python.stdout.setEncoding("utf8")) text += piece;
  return JSON.parse(text) as Session;
}

/** The text of the last expression. */
export function result(answer: Answer): string | undefined {
  return answer.outputs.find(({ type }) => type === "execute_result")?.data?.["text/plain"] as
    | string
    | undefined;
}

/** Runs a script of the kernel's own parts; gives what it writes, which is JSON. */
export function script(text: string): unknown {
  const run = spawnSync(process.execPath, ["--expose-gc", "--max-semi-space-size=64", "-e", text], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout);
}
