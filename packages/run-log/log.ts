/**
 * What a run writes while it works: status.json (is it alive, how far is it), metrics.jsonl (one line a step)
 * and the same numbers as a TensorBoard file. Nothing is written more often than once in a second or so: a
 * step costs microseconds.
 */
import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { readJson, withoutFolders, writeBeside, writing } from "../../lib/support/files";
import { endEvent, header, type Setting, scalars, settingsEvent } from "../tensorboard";

/** Numbers of one step. */
export interface StepMetrics {
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface Status {
  /** stopped: by a signal or an interrupt; it goes on from its checkpoint. crashed: by an error. */
  readonly state: "running" | "done" | "stopped" | "crashed";
  /** How often the run was begun or continued. */
  readonly attempts: number;
  readonly started: string;
  readonly heartbeat: string;
  /** Of all attempts. */
  readonly seconds: number;
  readonly epoch?: number;
  readonly step?: number;
  readonly steps?: number;
  readonly secondsLeft?: number;
  /** Only while it runs: who works on it. */
  readonly pid?: number;
  readonly host?: string;
  readonly error?: string;
}

const BEAT_MS = 10_000;
const FLUSH_MS = 1000;
/** A run whose heart has not beaten for so long is dead, on whatever machine it was. */
export const SILENCE_MS = 120_000;

/** The status of a run's folder; undefined before its first attempt, or if the file is damaged. */
export function readStatus(folder: string): Status | undefined {
  const status = readJson<Omit<Status, "state"> & { readonly state: Status["state"] | "failed" }>(
    join(folder, "status.json"),
  );
  if (typeof status?.state !== "string" || typeof status.heartbeat !== "string") return undefined;
  return { ...status, state: status.state === "failed" ? "crashed" : status.state }; // its word before
}

type Line = Readonly<Record<string, number>>;

/** None where a line is no JSON. */
function parsed(line: string): Line[] {
  try {
    return [JSON.parse(line) as Line];
  } catch {
    return [];
  }
}

/**
 * Numbers of all steps in their order; a line that a killed process or a full disk left half written is not
 * among them.
 */
export function readMetrics(folder: string): Line[] {
  const path = join(folder, "metrics.jsonl");
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8").split("\n").slice(0, -1).flatMap(parsed);
}

/** Settings as TensorBoard takes them: what is neither number, string nor boolean becomes JSON. */
const plain = (settings: Readonly<Record<string, unknown>>): Record<string, Setting> =>
  Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name,
        typeof value === "number" || typeof value === "string" || typeof value === "boolean"
          ? value
          : JSON.stringify(value),
      ]),
  );

export class RunLog {
  private readonly began = Date.now();
  private readonly before: Status | undefined;
  private readonly timer: NodeJS.Timeout;
  private events = "";
  private lines: string[] = [];
  private records: Buffer[] = [];
  private flushed = 0;
  private first: StepMetrics | undefined;
  private newest: StepMetrics | undefined;

  /** Marks the folder as being worked on. */
  constructor(
    private readonly folder: string,
    private readonly settings: Readonly<Record<string, unknown>>,
  ) {
    this.before = readStatus(folder);
    this.beat("running");
    this.timer = setInterval(() => {
      try {
        this.beat("running");
      } catch {} // a file system that hiccups: the next beat tries again
    }, BEAT_MS).unref();
  }

  /**
   * Stores numbers. The first step after a restart forgets what an earlier attempt logged of it and later
   * ones.
   */
  metrics(now: StepMetrics): void {
    if (this.first === undefined) this.open(now);
    this.newest = now;
    const seconds = Date.now() / 1000,
      { step, epoch } = now;
    const values = Object.fromEntries(
      Object.entries(now.values).map(([name, value]) => [name, Number(value.toPrecision(7))]),
    );
    this.lines.push(
      `${JSON.stringify({ step, epoch, time: Math.round(seconds * 1000) / 1000, ...values })}\n`,
    );
    this.records.push(scalars(seconds, step, values));
    if (Date.now() - this.flushed > FLUSH_MS) this.flush();
  }

  /** Stores numbers that belong to the end: they stand at the newest step. */
  last(values: StepMetrics["values"]): void {
    const { step, steps, epoch } = this.newest ?? { step: 0, steps: 0, epoch: 0 };
    this.metrics({ step, steps, epoch, values });
  }

  /** Ends the log; `error` says why there is no result. */
  close(state: Exclude<Status["state"], "running">, error?: string): void {
    clearInterval(this.timer);
    if (this.events !== "" && state !== "stopped")
      this.records.push(endEvent(Date.now() / 1000, state === "done"));
    this.beat(state, error);
  }

  private open(first: StepMetrics): void {
    this.first = first;
    const old = readMetrics(this.folder);
    const repeats = (line: Line) =>
      line.step > first.step ||
      (line.step === first.step && Object.keys(first.values).some((name) => name in line));
    const kept = old.filter((line) => !repeats(line));
    writeBeside(join(this.folder, "metrics.jsonl"), kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const seconds = Date.now() / 1000;
    // The last number keeps files of two attempts apart; neither host nor process is in the name, as the
    // folder is shared.
    const attempt = readdirSync(this.folder).filter((name) => name.startsWith("events.")).length;
    this.events = join(this.folder, `events.out.tfevents.${Math.floor(seconds)}.komalab.${attempt}`);
    this.records.push(
      header(seconds, kept.at(-1)?.step === first.step ? first.step + 1 : first.step),
      settingsEvent(seconds, plain(this.settings)),
    );
  }

  /** Writes what is kept back; a process that is killed loses the rest. */
  flush(): void {
    this.flushed = Date.now();
    if (this.lines.length === 0 && this.records.length === 0) return;
    const metrics = join(this.folder, "metrics.jsonl");
    writing(metrics, () => appendFileSync(metrics, this.lines.join("")));
    writing(this.events, () => appendFileSync(this.events, Buffer.concat(this.records)));
    [this.lines, this.records] = [[], []];
  }

  private beat(state: Status["state"], error?: string): void {
    this.flush();
    const now = new Date(),
      elapsed = (now.getTime() - this.began) / 1000;
    const { first, newest, before } = this;
    const steps = newest && first ? newest.step - first.step : 0;
    const status: Status = {
      state,
      attempts: (before?.attempts ?? 0) + 1,
      started: before?.started ?? new Date(this.began).toISOString(),
      heartbeat: now.toISOString(),
      seconds: Math.round((before?.seconds ?? 0) + elapsed),
      ...(newest && { epoch: newest.epoch, step: newest.step, steps: newest.steps }),
      ...(state === "running" &&
        newest &&
        steps > 0 && { secondsLeft: Math.round((elapsed / steps) * (newest.steps - newest.step)) }),
      ...(state === "running" && { pid: process.pid, host: hostname() }),
      ...(error !== undefined && { error: withoutFolders(error) }),
    };
    writeBeside(join(this.folder, "status.json"), `${JSON.stringify(status, null, 2)}\n`);
  }
}
