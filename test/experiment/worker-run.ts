/** A trial in a worker process of its own, which can be killed meanwhile. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { FromWorker, ToWorker } from "../../lib/experiment/pool";
import type { Trial, TrialRun } from "../../lib/experiment/spec";
import { projectRoot } from "../../lib/support/files";

export interface Attempt {
  readonly code: number | null;
  /** The signal that ended it. */
  readonly killer: string | null;
  readonly output?: TrialRun;
}

interface WorkerOptions {
  /** KOMALAB_RUNS of the worker. */
  readonly runs: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Hears of every step until the worker has ended. */
  readonly onStep?: (child: ChildProcess, done: number) => void;
  readonly onStart?: (child: ChildProcess) => void;
}

/** @throws what the trial throws in the worker */
export function inWorker(
  trial: Trial,
  { runs, env, onStep = () => {}, onStart = () => {} }: WorkerOptions,
): Promise<Attempt> {
  const child = fork(join(projectRoot, "lib/experiment/worker.ts"), {
    execArgv: ["--import", "tsx"],
    cwd: projectRoot,
    silent: true,
    env: {
      ...process.env,
      ...env,
      KOMALAB_RUNS: runs,
      TF_NUM_INTRAOP_THREADS: "1",
      TF_NUM_INTEROP_THREADS: "1",
    },
  });
  let errors = "",
    ended = false,
    output: TrialRun | undefined;
  child.stderr?.on("data", (piece: Buffer) => (errors += piece.toString()));
  child.on("message", (message: FromWorker) => {
    if (message.kind === "progress" && !ended) onStep(child, message.progress.done);
    if (message.kind === "crashed") {
      errors += message.message;
      child.disconnect();
    }
    if (message.kind === "done") {
      output = message.run;
      child.disconnect();
    }
  });
  child.send({ job: 0, trial, ifBusy: "wait" } satisfies ToWorker);
  onStart(child);
  return new Promise((resolve, reject) =>
    child.on("exit", (code, killer) => {
      ended = true;
      if (code === 0 && !output) reject(new Error(errors));
      else resolve({ code, killer, output });
    }),
  );
}
