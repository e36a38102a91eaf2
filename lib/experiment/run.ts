/**
 * A run is a folder, runs/<experiment>/<first 12 digits of the hash of everything that decides its result>/:
 *   config.json            the resolved settings with the hashes of data and model, and what tables call
 *                          the run
 *   environment.json       commit, changed files, versions, CPU and GPU
 *   status.json            running, done, stopped or crashed; how far, and when it was last alive
 *   metrics.jsonl          the numbers of every step; events.out.tfevents…: the same for TensorBoard
 *   trained.safetensors    the parameters that were trained, under Hugging Face's names
 *   checkpoint/            while the run is not done: where it goes on, as long as training's version stands
 *   result.json            scores, and predictions with probabilities; written last, with the versions that
 *                          it was made with (versions.ts): while it is missing the run is not done
 * What is done is not trained again unless forced; a result of other versions is marked.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunLog } from "../../packages/run-log";
import type { SnapshotSettings } from "../../packages/snapshots";
import { canonicalJson, projectRoot, sha256, withLock, writeBeside } from "../support/files";
import { type Change, changesSinceMade, type MadeWith, madeWithNow, versions } from "../versions";
import { environmentOf } from "./environment";

/** Raised when the spelling of keys changes: runs of other formats are listed, but no longer found. */
export const KEY_FORMAT = 2;

const LONGEST_NAME = 200; // bytes

/** Whether a name is that of a folder in the folder of runs: nothing is written outside. */
export const isExperiment = (name: unknown): name is string =>
  typeof name === "string" && /^(?!\.)[^/\\\p{Cc}]+$/u.test(name) && Buffer.byteLength(name) <= LONGEST_NAME;

export interface RunKey {
  /** A name for the folder, for instance "01-manga". */
  readonly experiment: string;
  /** Resolved: defaults filled in. Whatever changes the result must be in here. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** SHA-256 of the data and of the model. */
  readonly data: string;
  readonly model: string;
}

export interface Stored<R> {
  readonly folder: string;
  readonly result: R;
  /** What of the code that decides numbers has changed since; empty if nothing has. */
  readonly changes: readonly Change[];
  /** True if nothing had to be trained. */
  readonly reused: boolean;
}

/** What result.json holds; before versions were declared it held `code` in the place of `madeWith`. */
export interface ResultFile<R> {
  readonly madeWith?: MadeWith;
  readonly finished: string;
  readonly result: R;
}

/** Where runs are kept: KOMALAB_RUNS, else runs/ in the project. */
export function runsFolder(): string {
  return process.env.KOMALAB_RUNS ?? join(projectRoot, "runs");
}

/** Work of this process and those that it starts, with a folder of runs that is removed afterwards. */
export async function withOwnRuns<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env.KOMALAB_RUNS,
    folder = mkdtempSync(join(tmpdir(), "komalab-runs-"));
  process.env.KOMALAB_RUNS = folder;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.KOMALAB_RUNS;
    else process.env.KOMALAB_RUNS = before;
    rmSync(folder, { recursive: true, force: true });
  }
}

export function runFolder(key: RunKey): string {
  const { experiment, settings, data, model } = key;
  return join(
    runsFolder(),
    experiment,
    sha256(canonicalJson({ format: KEY_FORMAT, settings, data, model })).slice(0, 12),
  );
}

interface StoredOptions<R> {
  /** Throws if a result lacks something. */
  readonly check?: (result: R) => void;
  /**
   * Makes the scores of a result anew from its predictions: done, and stored, where the version of the
   * metrics has changed; undefined if it does not hold enough for that, and so stays marked.
   */
  readonly rescore?: (result: R) => R | undefined;
}

/**
 * The stored result of a run, or undefined if it is not done.
 * @throws if result.json is damaged, with the remedy
 */
export function storedRun<R>(key: RunKey, { check, rescore }: StoredOptions<R> = {}): Stored<R> | undefined {
  const folder = runFolder(key),
    path = join(folder, "result.json");
  if (!existsSync(path)) return undefined;
  let file: ResultFile<R>, changes: readonly Change[], again: R | undefined;
  try {
    file = JSON.parse(readFileSync(path, "utf8")) as ResultFile<R>;
    if (file?.result === undefined || file.result === null) throw new Error("it holds no result");
    check?.(file.result);
    changes = changesSinceMade(file.madeWith);
    if (file.madeWith && changes.some(({ component }) => component === "metrics"))
      again = rescore?.(file.result);
  } catch (error) {
    throw new Error(`${path} is damaged (${(error as Error).message}): delete the folder and run again`);
  }
  const { madeWith, result } = file;
  if (!madeWith || again === undefined) return { folder, result, changes, reused: true };
  const rescored = { ...madeWith, metrics: versions.metrics };
  writeBeside(path, json({ ...file, madeWith: rescored, result: again }));
  return { folder, result: again, changes: changesSinceMade(rescored), reused: true };
}

/** Another process works on the run. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

export interface RunOptions {
  /** Does the work although a result is stored. */
  readonly force?: boolean;
  /** Names for tables, which do not decide the result: stored with the settings. */
  readonly about?: Readonly<Record<string, string>>;
  /** Where the model lay, for who makes the run again: stored as well. */
  readonly sources?: Readonly<Record<string, string>>;
  /** If another process works on this run: wait for its result (default), or throw BusyError. */
  readonly ifBusy?: "wait" | "leave";
  /** Throws if a stored result lacks something. */
  readonly check?: (result: unknown) => void;
  /** Ends the waiting; the work has its own ways. */
  readonly signal?: AbortSignal;
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Gives the stored result, or does the work and stores it. Two processes that ask for the same run do it
 * once. What an unfinished run has left in its folder stays.
 * @param work writes its own files (weights, snapshots where it is told) into the folder, logs its
 *   numbers and gives back the result
 * @throws if a stored result is damaged; BusyError; what `work` throws; the folder then says so in
 *   status.json
 */
export async function runOnce<R>(
  key: RunKey,
  work: (folder: string, log: RunLog, snapshots: SnapshotSettings) => Promise<R>,
  { force = false, about, sources, ifBusy = "wait", check, signal }: RunOptions = {},
): Promise<Stored<R>> {
  const folder = runFolder(key);
  const onWait = () => {
    signal?.throwIfAborted();
    if (ifBusy === "leave") throw new BusyError(`another process works on ${folder}`);
  };
  return withLock(
    `${folder}.lock`,
    async () => {
      const before = force ? undefined : storedRun<R>(key, { check });
      if (before !== undefined) return before;
      if (existsSync(join(folder, "result.json"))) rmSync(folder, { recursive: true });
      const { settings, data, model } = key,
        madeWith = madeWithNow();
      writeBeside(join(folder, "config.json"), json({ format: KEY_FORMAT, ...key, about, sources }));
      writeBeside(join(folder, "environment.json"), json({ ...environmentOf(), versions, data, model }));
      const log = new RunLog(folder, { ...about, ...settings });
      try {
        const snapshots: SnapshotSettings = {
          folder: join(folder, "checkpoint"),
          of: `training ${versions.training}`,
        };
        const result = await work(folder, log, snapshots);
        const file: ResultFile<R> = { madeWith, finished: new Date().toISOString(), result };
        writeBeside(join(folder, "result.json"), json(file));
        rmSync(snapshots.folder, { recursive: true, force: true });
        log.close("done");
        return { folder, result, changes: [], reused: false };
      } catch (error) {
        const { name, message } = error as Error;
        log.close(name === "AbortError" ? "stopped" : "crashed", message);
        throw error;
      }
    },
    onWait,
  );
}
