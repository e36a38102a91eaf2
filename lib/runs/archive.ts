/**
 * Finished runs in one file that travels: settings, versions, scores, metrics by epoch, predictions with
 * probabilities, and of the steps what a notebook draws. No weights, and no text of the data. Brotli over
 * lines of JSON: a header with the SHA-256 of all that follows, then the splits and the runs.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { Split } from "../data/split";
import { canonicalJson, readJson, sha256, writeBeside } from "../files";
import type { OnProgress } from "../progress";
import { hashOfSplit, loadSplit, storeSplit } from "./dataset";
import type { ListedRun } from "./list";
import { readMetrics } from "./log";
import { readJsonLines, runsFolder, writeJsonLines } from "./run";

/** Raised when an older komalab could not read what this one writes. */
const FORMAT = 1;
/** The window covers some thousand runs, which have most of their ids and labels in common. */
const BROTLI = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };

interface Header {
  readonly komalab: "runs";
  readonly format: number;
  readonly sha256: string;
  readonly runs: number;
}

type Values = Readonly<Record<string, unknown>>;

/** One run's files; predictions.jsonl stands as its probabilities beside what result.json has anyway. */
interface PackedRun {
  readonly experiment: string;
  readonly id: string;
  readonly config: Values;
  readonly environment?: Values;
  readonly status?: Values;
  readonly result: Values;
  readonly probabilities?: readonly (readonly number[])[];
  readonly steps: readonly Values[];
}

export interface Archive {
  readonly runs: readonly PackedRun[];
  readonly splits: readonly Split[];
}

/** What a notebook draws of steps: the norms of gradients (06). */
const isDrawn = (line: Values) => Object.keys(line).some((name) => name.startsWith("train/grad_norm/"));

interface StoredPrediction {
  readonly probabilities: readonly number[];
}

function packed({ experiment, id, folder }: ListedRun): PackedRun | undefined {
  const read = (name: string) => readJson<Values>(join(folder, name));
  const [config, environment, status, result] = ["config", "environment", "status", "result"].map((name) =>
    read(`${name}.json`),
  );
  if (!config || !result) return undefined;
  const path = join(folder, "predictions.jsonl");
  const probabilities = existsSync(path)
    ? readJsonLines<StoredPrediction>(path).map((line) => line.probabilities)
    : undefined;
  return {
    experiment,
    id,
    config,
    environment,
    status,
    result,
    probabilities,
    steps: readMetrics(folder).filter(isDrawn),
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
  const hashes = new Set(found.map(({ config }) => String((config.settings as Values | undefined)?.items)));
  return { runs: found, splits: [...hashes].flatMap((hash) => loadSplit(hash) ?? []) };
}

/** Both archives' runs and splits; of a run that is in both the one of `newer`. */
export function joined(older: Archive, newer: Archive): Archive {
  const by = <T>(items: readonly T[], key: (item: T) => string) => [
    ...new Map(items.map((item) => [key(item), item])).values(),
  ];
  return {
    runs: by([...older.runs, ...newer.runs], nameOf),
    splits: by([...older.splits, ...newer.splits], hashOfSplit),
  };
}

/** Writes an archive. @returns its size in bytes */
export function writeArchive(path: string, { runs, splits }: Archive): number {
  const body = [...splits.map((split) => ({ split })), ...runs.map((run) => ({ run }))]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
  const header: Header = { komalab: "runs", format: FORMAT, sha256: sha256(body), runs: runs.length };
  const bytes = brotliCompressSync(Buffer.from(`${JSON.stringify(header)}\n${body}`), { params: BROTLI });
  writeBeside(path, bytes, { flush: true });
  return bytes.length;
}

/**
 * @throws Error naming the file if it is no archive, damaged, or of a format that this komalab does not know
 */
export function readArchive(path: string): Archive {
  let text: string;
  try {
    text = brotliDecompressSync(readFileSync(path)).toString("utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new Error(`${path} is not there`);
    throw new Error(`${path} is no archive of runs, or was cut off (${message}): copy it again`);
  }
  const end = text.indexOf("\n"),
    body = text.slice(end + 1);
  let header: Partial<Header> = {};
  try {
    header = JSON.parse(text.slice(0, end)) as Partial<Header>;
  } catch {} // said below
  if (header.komalab !== "runs")
    throw new Error(`${path} is no archive of runs: npm run runs -- pack makes one`);
  if (header.format !== FORMAT)
    throw new Error(`${path} has format ${header.format}; this komalab reads format ${FORMAT}: update it`);
  if (header.sha256 !== sha256(body))
    throw new Error(`${path} is damaged, its checksum differs: copy it again`);
  const lines = body
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { readonly split?: Split; readonly run?: PackedRun });
  const runs = lines.flatMap(({ run }) => run ?? []);
  // names become folders: nothing may be written outside runs/
  const bad = runs.find(
    ({ experiment, id }) => !/^[0-9a-f]{12}$/.test(id) || !/^[^./\\][^/\\]*$/.test(experiment),
  );
  if (bad) throw new Error(`${path} names a run ${nameOf(bad)}, which is no run's name: do not use the file`);
  return { runs, splits: lines.flatMap(({ split }) => split ?? []) };
}

export interface Unpacked {
  /** Names of runs: written, here already with the same predictions, and here with others. */
  readonly added: readonly string[];
  readonly equal: readonly string[];
  readonly different: readonly string[];
}

/** What two results must have in common to be one. */
const judged = (result: Values) => {
  const { gold, predicted, items } = (result.result ?? {}) as Values;
  return canonicalJson({ gold, predicted, items });
};

/**
 * Writes the runs of an archive into the folder of runs; one that is there stays as it is, or is replaced.
 */
export function unpack({ runs, splits }: Archive, { replace = false } = {}): Unpacked {
  splits.forEach(storeSplit);
  const [added, equal, different]: string[][] = [[], [], []];
  for (const run of runs) {
    const folder = join(runsFolder(), run.experiment, run.id),
      here = readJson<Values>(join(folder, "result.json"));
    const same = here !== undefined && judged(here) === judged(run.result);
    (here === undefined ? added : same ? equal : different).push(nameOf(run));
    if (here !== undefined && (same || !replace)) continue;
    rmSync(folder, { recursive: true, force: true });
    write(folder, run);
  }
  return { added, equal, different };
}

function write(
  folder: string,
  { config, environment, status, result, probabilities, steps }: PackedRun,
): void {
  const json = (name: string, value: Values | undefined) => {
    if (value) writeBeside(join(folder, `${name}.json`), `${JSON.stringify(value, null, 2)}\n`);
  };
  json("config", config);
  json("environment", environment);
  json("status", status);
  if (steps.length > 0) writeJsonLines(join(folder, "metrics.jsonl"), steps);
  const { items, gold, predicted } = (result.result ?? {}) as Readonly<Record<string, readonly unknown[]>>;
  if (probabilities && items)
    writeJsonLines(
      join(folder, "predictions.jsonl"),
      probabilities.map((p, i) => ({
        id: items[i],
        gold: gold[i],
        predicted: predicted[i],
        probabilities: p,
      })),
    );
  json("result", result); // last: while it is missing the run is not done
}
