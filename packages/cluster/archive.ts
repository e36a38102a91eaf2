/**
 * Finished runs in one file that travels: settings, versions, scores, metrics by epoch, predictions with
 * probabilities, and of the steps what a notebook draws. No weights, and no text of the data; but names: of
 * items, classes and systems.
 *
 * The file is a line of ASCII, `komalab-runs <format> <SHA-256> <bytes>`, and so many bytes of Brotli over
 * lines of JSON: the splits, then the runs.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { Split } from "../../lib/data/split";
import { hashOfSplit, loadSplit, storeSplit } from "../../lib/experiment/dataset";
import { withProbabilities } from "../../lib/experiment/probabilities";
import {
  BusyError,
  isExperiment,
  KEY_FORMAT,
  type ResultFile,
  type RunKey,
  runFolder,
  runsFolder,
} from "../../lib/experiment/run";
import type { ClassificationResult } from "../../lib/experiment/spec";
import { readJson, sha256, withLock, writeBeside } from "../../lib/support/files";
import { brief, shown } from "../../lib/support/printable";
import type { OnProgress } from "../../lib/support/progress";
import { isObject } from "../hf-files";
import { readMetrics } from "../run-log";
import type { ListedRun } from "./list";

const NAME = "komalab-runs";
/** Of its content: a few kB of Brotli can stand for all memory. */
const MOST_BYTES = 2 ** 28;
/** Raised when an older komalab could not read what this one writes. */
const FORMAT = 1;
/**
 * The window covers some thousand runs, which have most of their ids and labels in common. Quality 11 takes
 * 20 times as long and saves 15 %.
 */
const BROTLI = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };

type Values = Readonly<Record<string, unknown>>;

/** One run's files, with the probabilities beside the result, wherever its folder has them. */
interface PackedRun {
  readonly experiment: string;
  readonly id: string;
  readonly config: RunKey & { readonly format?: number };
  readonly environment?: Values;
  readonly status?: Values;
  readonly result: ResultFile<Partial<ClassificationResult>>;
  readonly probabilities?: readonly (readonly number[])[];
  readonly metrics: readonly Values[];
}

interface Archive {
  readonly runs: readonly PackedRun[];
  readonly splits: readonly Split[];
}

/** What is logged of every step and drawn by no notebook; 06 draws norms of gradients, 07 of weights. */
const OF_STEPS = new Set(["time", "train/loss", "train/learning_rate", "train/grad_norm"]);

const drawn = (line: Values): Values =>
  Object.fromEntries(Object.entries(line).filter(([name]) => !OF_STEPS.has(name)));

/** Undefined if the run has no result, or its files are damaged. */
function packed({
  experiment,
  id,
  folder,
}: Pick<ListedRun, "experiment" | "id" | "folder">): PackedRun | undefined {
  const read = <T>(name: string) => readJson<T>(join(folder, `${name}.json`));
  const [config, file] = [read<PackedRun["config"]>("config"), read<PackedRun["result"]>("result")];
  if (!config || !file?.result) return undefined;
  let whole: PackedRun["result"]["result"];
  try {
    whole = withProbabilities(folder, file.result);
  } catch {
    return undefined;
  }
  const { probabilities, diverged, ...result } = whole;
  const told = diverged?.split(", training items")[0]; // what follows quotes texts
  return {
    experiment,
    id,
    config,
    environment: read("environment"),
    status: read("status"),
    result: { ...file, result: { ...result, ...(told && { diverged: told }) } },
    probabilities,
    metrics: readMetrics(folder)
      .map(drawn)
      .filter((line) => Object.keys(line).length > 2), // more than step and epoch
  };
}

const nameOf = ({ experiment, id }: Pick<PackedRun, "experiment" | "id">) => `${experiment}/${id}`;

/** The runs as an archive: those that have a result; the others are not in it. */
export function archiveOf(runs: readonly ListedRun[], onProgress: OnProgress = () => {}): Archive {
  const done = runs.filter(({ state }) => state === "done");
  const found = done.flatMap((run, i) => {
    onProgress({ task: "packing", done: i + 1, total: done.length });
    return packed(run) ?? [];
  });
  const hashes = new Set(found.map(({ config }) => String(config.settings.items)));
  return { runs: found, splits: [...hashes].flatMap((hash) => loadSplit(hash) ?? []) };
}

/** Names of runs by what became of them where others may have been; `busy`: it is being trained there. */
export type Moved = Readonly<Record<"added" | "equal" | "replaced" | "kept" | "busy", readonly string[]>>;

interface MoveOptions {
  /** Takes the run that comes where another result is; else that stays. */
  readonly replace?: boolean;
  readonly onProgress?: OnProgress;
}

/** All that is equal where the same run is made twice. */
const numbersOf = ({ result: { madeWith, result }, probabilities }: PackedRun) =>
  JSON.stringify({ madeWith, result, probabilities }, (name, value: unknown) =>
    name === "seconds" || name === "notes" ? undefined : value,
  );

/** @param there what stands in its place; damaged if it cannot be read */
function fateOf(run: PackedRun, there: PackedRun | "damaged" | undefined, replace = false): keyof Moved {
  if (there === undefined) return "added";
  if (there !== "damaged" && numbersOf(run) === numbersOf(there)) return "equal";
  return replace ? "replaced" : "kept";
}

async function byFate(
  runs: readonly PackedRun[],
  task: string,
  { onProgress = () => {} }: MoveOptions,
  move: (run: PackedRun) => keyof Moved | Promise<keyof Moved>,
): Promise<Moved> {
  const moved = { added: [], equal: [], replaced: [], kept: [], busy: [] } as Record<keyof Moved, string[]>;
  for (const [i, run] of runs.entries()) {
    moved[await move(run)].push(nameOf(run));
    onProgress({ task, done: i + 1, total: runs.length });
  }
  return moved;
}

/** An archive with the runs of another. */
export async function joined(
  archive: Archive,
  more: Archive,
  options: MoveOptions = {},
): Promise<Archive & { readonly moved: Moved }> {
  const runs = new Map(archive.runs.map((run) => [nameOf(run), run]));
  const splits = new Map([...archive.splits, ...more.splits].map((split) => [hashOfSplit(split), split]));
  const moved = await byFate(more.runs, "adding", options, (run) => {
    const fate = fateOf(run, runs.get(nameOf(run)), options.replace);
    if (fate === "added" || fate === "replaced") runs.set(nameOf(run), run);
    return fate;
  });
  return { runs: [...runs.values()], splits: [...splits.values()], moved };
}

/** Writes an archive. @returns its size in bytes @throws if its runs take more than 256 MiB */
export function writeArchive(path: string, { runs, splits }: Archive): number {
  const lines = [...splits.map((split) => ({ split })), ...runs.map((run) => ({ run }))];
  const body = Buffer.concat(lines.map((line) => Buffer.from(`${JSON.stringify(line)}\n`)));
  if (body.length > MOST_BYTES)
    throw new Error(
      `${path}: these runs take ${Math.ceil(body.length / 2 ** 20)} MiB, and an archive holds 256: pack fewer, by --experiment or --where`,
    );
  const bytes = brotliCompressSync(body, { params: BROTLI });
  const header = Buffer.from(`${NAME} ${FORMAT} ${sha256(bytes)} ${bytes.length}\n`);
  writeBeside(path, [header, bytes], { flush: true });
  return header.length + bytes.length;
}

/**
 * @throws Error naming the file if it is no archive, cut off, damaged, or of a format that this komalab does
 *   not know, or if its runs are not what their names say
 */
export function readArchive(path: string): Archive {
  if (!existsSync(path)) throw new Error(`${path} is not there`);
  const file = readFileSync(path),
    start = file.indexOf("\n") + 1,
    bytes = file.subarray(start);
  const [name, format = "", hash, size = ""] = file.subarray(0, start).toString("latin1").trim().split(" ");
  if (name !== NAME) throw new Error(`${path} is no archive of runs: npm run runs -- pack makes one`);
  if (format !== String(FORMAT))
    throw new Error(`${path} has format ${brief(format)}; this komalab reads format ${FORMAT}: update it`);
  if (bytes.length < Number(size))
    throw new Error(`${path} is cut off after ${bytes.length} of ${brief(size)} bytes: copy it again`);
  if (sha256(bytes) !== hash) throw new Error(`${path} is damaged, its checksum differs: copy it again`);
  const splits: Split[] = [],
    runs: PackedRun[] = [];
  for (const { line, at } of linesOf(bytes, path)) {
    const { split, run } = isObject(line) ? line : { split: undefined, run: undefined };
    if (isSplit(split)) splits.push(split);
    else if (!isRun(run))
      throw new Error(
        `${path}, line ${at} of its content: ${shown(line)} is no run and no split: copy it again`,
      );
    else if (isOwnName(run)) runs.push(run);
    else
      throw new Error(
        `${path} names a run ${brief(nameOf(run))}, which is not the run's name: do not use the file`,
      );
  }
  return { runs, splits };
}

/** The JSON values of an archive's lines. */
function* linesOf(bytes: Buffer, path: string): Generator<{ readonly line: unknown; readonly at: number }> {
  let body: Buffer;
  try {
    body = brotliDecompressSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    throw new Error(
      `${path} cannot be unpacked to at most 256 MiB (${(error as Error).message}): copy it again`,
    );
  }
  for (let from = 0, at = 1; from < body.length; at++) {
    const found = body.indexOf("\n", from),
      end = found < 0 ? body.length : found;
    let line: unknown;
    try {
      line = JSON.parse(body.toString("utf8", from, end));
    } catch (error) {
      throw new Error(`${path}, line ${at} of its content: ${(error as Error).message}: copy it again`);
    }
    yield { line, at };
    from = end + 1;
  }
}

const areCounts = (value: unknown) =>
  Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);

const isSplit = (value: unknown): value is Split =>
  isObject(value) &&
  typeof value.name === "string" &&
  [value.train, value.validation, value.test].every(areCounts);

/** Whether a run has all that is written into its folder. */
function isRun(value: unknown): value is PackedRun {
  if (!isObject(value)) return false;
  const {
    experiment,
    id,
    config,
    result,
    metrics,
    environment = {},
    status = {},
    probabilities = [],
  } = value;
  return (
    typeof id === "string" &&
    typeof experiment === "string" &&
    isObject(config) &&
    isObject(config.settings) &&
    isObject(result) &&
    isObject(result.result) &&
    Array.isArray(metrics) &&
    metrics.every(isObject) &&
    isObject(environment) &&
    isObject(status) &&
    Array.isArray(probabilities)
  );
}

/** Names become folders, in which results are found by settings: nothing may be written outside runs/. */
const isOwnName = ({ experiment, id, config }: PackedRun): boolean =>
  /^[0-9a-f]{12}$/.test(id) &&
  isExperiment(experiment) &&
  (config.format !== KEY_FORMAT ||
    (config.experiment === experiment && runFolder(config) === join(runsFolder(), experiment, id)));

/** Writes the runs of an archive into the folder of runs. */
export async function unpack({ runs, splits }: Archive, options: MoveOptions = {}): Promise<Moved> {
  splits.forEach(storeSplit);
  return byFate(runs, "unpacking", options, (run) => {
    const folder = join(runsFolder(), run.experiment, run.id);
    const put = () => {
      const there = existsSync(join(folder, "result.json"))
        ? (packed({ ...run, folder }) ?? "damaged")
        : undefined;
      const fate = fateOf(run, there, options.replace);
      if (fate === "equal" || fate === "kept") return fate;
      rmSync(folder, { recursive: true, force: true });
      write(folder, run);
      return fate;
    };
    const busy = () => {
      throw new BusyError(nameOf(run));
    };
    return withLock(`${folder}.lock`, put, busy).catch((error) => {
      if (!(error instanceof BusyError)) throw error;
      return "busy" as const;
    });
  });
}

function write(
  folder: string,
  { config, environment, status, result, probabilities, metrics }: PackedRun,
): void {
  const json = (name: string, value: object | undefined) => {
    if (value) writeBeside(join(folder, `${name}.json`), `${JSON.stringify(value, null, 2)}\n`);
  };
  json("config", config);
  json("environment", environment);
  json("status", status);
  writeBeside(join(folder, "metrics.jsonl"), metrics.map((line) => `${JSON.stringify(line)}\n`).join(""));
  json("result", { ...result, result: { ...result.result, ...(probabilities && { probabilities }) } }); // last: while it is missing the run is not done
}
