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
import { COUNT, check } from "../support/settings";
import { cellSignal, STOPPED } from "../support/stop";

/** One of many runs, for those who watch. */
export interface Job {
  readonly name: string;
  /** What it is counted under in a table, for instance its system. */
  readonly group: string;
  /** stored: it was done before. */
  readonly state: "stored" | "waiting" | "running" | "done" | "crashed";
  /** How much of it is done, 0 to 1. */
  readonly share: number;
  /** Its newest numbers. */
  readonly values?: Progress["values"];
  readonly error?: string;
}

export interface PoolOptions {
  /** Processes side by side; by default the CPU threads that this process may use, shared out. */
  readonly processes?: number;
  /** TensorFlow's threads in each process. Part of a run's settings, since it decides the last bits. */
  readonly threads?: number;
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
export type ToWorker = { readonly job: number; readonly input: unknown; readonly ifBusy: "leave" | "wait" };
export type FromWorker =
  | { readonly job: number; readonly kind: "progress"; readonly progress: Progress }
  | { readonly job: number; readonly kind: "done"; readonly output: unknown }
  | { readonly job: number; readonly kind: "busy" }
  | { readonly job: number; readonly kind: "crashed"; readonly message: string; readonly stack?: string };

const WORKER = join(__dirname, "worker.ts");
const GRACE_MS = 30_000; // for a checkpoint after the step under way

/**
 * Does every job in a worker process and gives the outputs in the order of the inputs, undefined for a job
 * that crashed. A job whose process was killed is given to another one, once.
 * @throws if `processes` is no number of processes; the first job's error, after the others under way were
 *   ended, unless `keepGoing`; AbortError if `signal` fires
 */
export async function inPool<I, O>(
  inputs: readonly I[],
  describe: (input: I) => Pick<Job, "name" | "group">,
  options: PoolOptions = {},
): Promise<(O | undefined)[]> {
  if (options.processes !== undefined) check("processes", options.processes, COUNT);
  if (inputs.length === 0) return [];
  const {
    threads = 1,
    onProgress = () => {},
    onJobs = () => {},
    keepGoing = false,
    signal = cellSignal(),
  } = options;
  const { processes = Math.max(1, Math.floor(availableParallelism() / threads)) } = options;
  const outputs = new Array<O | undefined>(inputs.length);
  const jobs: Job[] = inputs.map((input) => ({ ...describe(input), state: "waiting", share: 0 }));
  const queue: ToWorker[] = inputs.map((input, job) => ({ job, input, ifBusy: "leave" }));
  const killed = new Set<number>();
  const children = new Map<ChildProcess, Promise<void>>();
  let stopping = false;

  const update = (job: number, change: Partial<Job>, note?: string) => {
    jobs[job] = { ...jobs[job], ...change };
    const done = jobs.reduce((sum, { share }) => sum + share, 0);
    onProgress({
      task: "runs",
      done: Math.round(100 * done) / 100,
      total: inputs.length,
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
          queue.push({ job, input: inputs[job], ifBusy: "wait" });
          update(job, { state: "waiting" });
        } else if (message.kind === "done") {
          outputs[job] = message.output as O;
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

  const aborted = new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  try {
    await Promise.race([
      Promise.all(Array.from({ length: Math.min(processes, inputs.length) }, worker)),
      aborted,
    ]);
  } finally {
    stopping = true;
    await end(children);
  }
  return outputs;
}

/** Asks the processes to stop and waits until they have written their checkpoints. */
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
