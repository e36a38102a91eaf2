/**
 * Several runs side by side, each in a process with its own TensorFlow. One-thread runs side by side give 1.4
 * times the throughput of two-thread runs in turn, and a run's bits do not depend on how many others there
 * are.
 */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../support/files";
import type { OnProgress, Progress } from "../support/progress";
import { cellSignal, STOPPED } from "../support/stop";
import type { Trial, TrialRun } from "./spec";

/** One of many runs, for those who watch. */
export interface Job {
  readonly name: string;
  /** What it is counted under in a table, for instance its system. */
  readonly group: string;
  /** stored: it was done before. */
  readonly state: "stored" | "waiting" | "running" | "done" | "crashed";
  /** How much of it is done, 0 to 1. */
  readonly share: number;
  /** Beside the others: how long it takes (cost.ts). */
  readonly work: number;
  /** Of trained weights that it stores, if it is not stored already. */
  readonly bytes?: number;
  /** Its newest numbers. */
  readonly values?: Progress["values"];
  readonly error?: string;
}

export interface PoolOptions {
  /** Processes side by side; by default the CPU threads that this process may use, shared out. */
  readonly processes?: number;
  readonly onProgress?: OnProgress;
  /** Called with all jobs whenever one of them has changed. */
  readonly onJobs?: (jobs: readonly Job[]) => void;
  /** Goes on with the other jobs when one crashes, instead of ending them. */
  readonly keepGoing?: boolean;
  /**
   * Ends the processes; what is done stays stored. By default the signal that the kernel aborts when a cell
   * is interrupted.
   */
  readonly signal?: AbortSignal;
}

/** ifBusy: a job that another process works on is left for the end, and waited for then. */
export type ToWorker = { readonly job: number; readonly trial: Trial; readonly ifBusy: "leave" | "wait" };
export type FromWorker =
  | { readonly job: number; readonly kind: "progress"; readonly progress: Progress }
  | { readonly job: number; readonly kind: "done"; readonly run: TrialRun }
  | { readonly job: number; readonly kind: "busy" }
  | { readonly job: number; readonly kind: "crashed"; readonly message: string; readonly stack?: string };

const WORKER = join(__dirname, "worker.ts");
const GRACE_MS = 30_000; // for a snapshot after the step under way

/** Trials with a job for each, whose changes are written into `jobs`. */
interface PoolWork {
  readonly trials: readonly Trial[];
  readonly jobs: Job[];
  /** Those to be done, all with so many threads of TensorFlow in their processes. */
  readonly waiting: readonly number[];
  readonly threads: number;
}

/**
 * Does trials in worker processes. A job whose process was killed is given to another one, once.
 * @param onDone is given the run of each that did not crash
 * @throws the first crashed job's error, after the others under way were ended, unless `keepGoing`;
 *   AbortError if `signal` fires
 */
export async function inPool(
  { trials, jobs, waiting, threads }: PoolWork,
  options: PoolOptions,
  onDone: (job: number, run: TrialRun) => void,
): Promise<void> {
  const { onProgress = () => {}, onJobs = () => {}, keepGoing = false, signal = cellSignal() } = options;
  const { processes = Math.max(1, Math.floor(availableParallelism() / threads)) } = options;
  const queue: ToWorker[] = waiting.map((job) => ({ job, trial: trials[job], ifBusy: "leave" }));
  const killed = new Set<number>();
  const children = new Map<ChildProcess, Promise<void>>();
  let stopping = false;

  const update = (job: number, change: Partial<Job>, note?: string) => {
    jobs[job] = { ...jobs[job], ...change };
    const done = waiting.reduce((sum, one) => sum + jobs[one].share, 0);
    onProgress({
      task: "runs",
      done: Math.round(100 * done) / 100,
      total: waiting.length,
      values: change.values,
      ...(note && { note: `${jobs[job].name}: ${note}` }),
    });
    onJobs([...jobs]);
  };
  const crash = (job: number, error: Error) => {
    update(job, { state: "crashed", share: 1, error: error.message });
    if (!keepGoing) throw error;
  };

  const worker = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: "1" };
      const child = fork(WORKER, { cwd: projectRoot, execArgv: ["--import", "tsx"], env, silent: true });
      children.set(child, new Promise((ended) => child.once("exit", () => ended())));
      let errors = "",
        current: ToWorker | undefined;
      child.stderr?.on("data", (piece: Buffer) => (errors = (errors + piece.toString()).slice(-4000)));
      const give = () => {
        current = stopping ? undefined : queue.shift();
        if (current === undefined) return child.disconnect(); // a worker without a channel ends
        update(current.job, { state: "running" });
        child.send(current);
      };
      const take = (message: FromWorker) => {
        const { job } = message;
        if (message.kind === "progress") {
          const { done, total, values, note } = message.progress;
          return update(job, { share: Math.min(0.99, done / total), values }, note); // testing and storing come after the last step
        }
        if (message.kind === "busy") {
          queue.push({ job, trial: trials[job], ifBusy: "wait" });
          update(job, { state: "waiting" });
        } else if (message.kind === "done") {
          onDone(job, message.run);
          update(job, { state: "done", share: 1 });
        } else {
          const error = new Error(`${jobs[job].name}: ${message.message}`);
          error.stack = message.stack ?? error.stack;
          crash(job, error);
        }
        give();
      };
      const tried = (work: () => void) => {
        try {
          work();
        } catch (error) {
          reject(error);
        }
      };
      child.on("message", (message: FromWorker) => tried(() => take(message)));
      child.on("exit", (code, killer) =>
        tried(() => {
          children.delete(child);
          if (current === undefined || stopping) return resolve();
          const { job } = current;
          if ((killer !== null || code === STOPPED) && !killed.has(job)) {
            killed.add(job);
            queue.unshift(current);
            update(job, { state: "waiting", share: 0 });
          } else
            crash(
              job,
              new Error(
                `${jobs[job].name}: its process ended (${killer ?? `exit code ${code}`})${errors && `\n${errors}`}`,
              ),
            );
          resolve(queue.length > 0 ? worker() : undefined);
        }),
      );
      child.on("error", reject);
      give();
    });

  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal?.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
  });
  try {
    await Promise.race([
      Promise.all(Array.from({ length: Math.min(processes, waiting.length) }, worker)),
      aborted,
    ]);
  } finally {
    signal?.removeEventListener("abort", stop); // one signal may outlive many pools
    stopping = true;
    await end(children);
  }
}

/** Asks the processes to stop and waits until they have written their snapshots. */
async function end(children: ReadonlyMap<ChildProcess, Promise<void>>): Promise<void> {
  const ended = Promise.all(children.values());
  for (const child of children.keys()) child.kill();
  const impatient = setTimeout(
    () => [...children.keys()].forEach((child) => child.kill("SIGKILL")),
    GRACE_MS,
  );
  await ended;
  clearTimeout(impatient);
}
