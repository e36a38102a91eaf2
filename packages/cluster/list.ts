/** The stored runs, read from their folders. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { type Confusion, metricsOf } from "../../lib/evaluate/confusion";
import { type Ending, endingOf } from "../../lib/evaluate/ending";
import { runsFolder } from "../../lib/experiment/run";
import { isShallow } from "../../lib/support/depth";
import { isAlive, isHeld, readJson } from "../../lib/support/files";
import { listed } from "../../lib/support/listed";
import { type Change, changesSinceMade, describeChanges } from "../../lib/versions";
import { isObject } from "../hf-files";
import { readStatus, SILENCE_MS, type Status } from "../run-log";

export interface ListedRun {
  /** The folder's name: 12 hexadecimal digits. */
  readonly id: string;
  readonly experiment: string;
  readonly folder: string;
  /** Names for tables, for instance { system, testSet }. */
  readonly about: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly data: string;
  readonly model: string;
  /** lost: it was running, but its process is gone. */
  readonly state: Status["state"] | "lost";
  readonly status?: Status;
  /** What became of the training of a classifier that is done. */
  readonly ending?: Ending;
  /** Numbers of the result: the test metrics, seconds; empty before it is done. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly finished?: string;
  /** What of the code that decides numbers has changed since; empty if nothing has. */
  readonly changes: readonly Change[];
}

/** Of a run without a result: whether a process still works on it, as far as this machine can tell. */
function stateOf(status: Status | undefined, folder: string): ListedRun["state"] {
  if (status === undefined || status.state === "done") return "lost";
  if (status.state !== "running") return status.state;
  // another machine's clock may be wrong: its lock has the time of where it lies
  if (status.host !== hostname()) return isHeld(`${folder}.lock`) ? "running" : "lost";
  if (Date.now() - Date.parse(status.heartbeat) > SILENCE_MS) return "lost";
  return status.pid === undefined || isAlive(status.pid) ? "running" : "lost";
}

type Values = Readonly<Record<string, unknown>>;
/** What a file holds, nothing if it is no object. */
const valuesOf = (value: unknown): Values => (isObject(value) ? value : {});
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const numbers = (values: Values) =>
  Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === "number");
const texts = (values: Values) =>
  Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === "string");

const isConfusion = (value: unknown): value is Confusion =>
  Array.isArray(value) &&
  value.every(
    (row) =>
      Array.isArray(row) && row.length === value.length && row.every((count) => typeof count === "number"),
  );

/** Of more than two classes scores are counted anew: results of before had an F1 of class 1 even then. */
const scoresOf = ({ test, confusion }: Values): Values =>
  isConfusion(confusion) && confusion.length > 2 ? { ...metricsOf(confusion) } : valuesOf(test);

/**
 * A run whose files are absent or damaged is listed as lost, and can be removed: one damaged folder hides
 * none of the others.
 */
function readRun(experiment: string, folder: string): ListedRun {
  const config = valuesOf(readJson(join(folder, "config.json"))),
    file = readJson(join(folder, "result.json")),
    { result: stored, finished, madeWith } = valuesOf(file),
    result = valuesOf(stored),
    status = readStatus(folder);
  const { failed, diverged } = result;
  return {
    id: basename(folder),
    experiment,
    folder,
    about: Object.fromEntries(texts(valuesOf(config.about))),
    settings: isShallow(config.settings) ? valuesOf(config.settings) : {},
    data: textOf(config.data),
    model: textOf(config.model),
    status,
    state: isObject(stored) ? "done" : stateOf(status, folder),
    ...(typeof failed === "boolean" && {
      ending: endingOf({ failed, ...(typeof diverged === "string" && { diverged }) }),
    }),
    metrics: Object.fromEntries([...numbers(scoresOf(result)), ...numbers(result)]),
    ...(typeof finished === "string" && { finished }),
    changes: isObject(file) ? changesSinceMade(isObject(madeWith) ? madeWith : undefined) : [],
  };
}

/** Every run under the folder of runs, experiment by experiment, the newest last. */
export function listRuns(root = runsFolder()): ListedRun[] {
  const isFolder = (path: string) =>
    existsSync(path) && statSync(path, { throwIfNoEntry: false })?.isDirectory(); // a lock may be gone by now, a link lead round in a circle
  const folders = (path: string) =>
    existsSync(path)
      ? readdirSync(path)
          .filter((name) => isFolder(join(path, name)))
          .sort()
      : [];
  return folders(root).flatMap((experiment) =>
    folders(join(root, experiment))
      .filter((name) => /^[0-9a-f]{12}$/.test(name))
      .map((id) => join(root, experiment, id))
      .map((folder) => readRun(experiment, folder))
      .sort((a, b) => timeOf(a).localeCompare(timeOf(b))),
  );
}

const timeOf = ({ finished, status }: ListedRun) => finished ?? status?.heartbeat ?? "";
const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

interface RunFilter {
  readonly experiment?: string;
  /** name=value of a setting, of a name in `about`, of state or of ending; all must hold. */
  readonly where?: readonly string[];
}

const namesOf = (names: readonly string[]) => listed([...new Set(names)].sort());

/** Whether a value is the one that a condition asks for; numbers are compared as numbers: 5e-4 is 0.0005. */
const isAskedFor = (value: unknown, asked: string): boolean =>
  asText(value) === asked || (typeof value === "number" && asked.trim() !== "" && Number(asked) === value);

/** The runs that a filter leaves. @throws if it names an experiment, a setting or a value that no run has */
export function filterRuns(runs: readonly ListedRun[], { experiment, where = [] }: RunFilter): ListedRun[] {
  const facts = ({ settings, about, state, ending }: ListedRun): Values => ({
    ...settings,
    ...about,
    state,
    ...(ending && { ending }),
  });
  const conditions = where.map((condition) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(condition) ?? [];
    if (name === undefined)
      throw new Error(`--where ${condition}: write name=value, for instance freeze=last`);
    const names = new Set(runs.flatMap((run) => Object.keys(facts(run))));
    if (runs.length > 0 && !names.has(name))
      throw new Error(`--where ${condition}: no run has ${name}; there are ${[...names].join(", ")}`);
    const values = runs.map((run) => facts(run)[name]).filter((one) => one !== undefined);
    if (runs.length > 0 && !values.some((one) => isAskedFor(one, value)))
      throw new Error(`--where ${condition}: no run has it; ${name} is ${namesOf(values.map(asText))}`);
    return { name, value };
  });
  if (runs.length > 0 && experiment !== undefined && !runs.some((run) => run.experiment === experiment))
    throw new Error(
      `--experiment ${experiment}: no run is of it; there are ${namesOf(runs.map((run) => run.experiment))}`,
    );
  return runs.filter(
    (run) =>
      (experiment === undefined || run.experiment === experiment) &&
      conditions.every(({ name, value }) => isAskedFor(facts(run)[name], value)),
  );
}

/**
 * The run whose id begins so; the experiment may stand before it, with a slash.
 * @throws if there is none or more than one
 */
export function findRun(runs: readonly ListedRun[], word: string): ListedRun {
  const found = runs.filter(
    ({ experiment, id }) => id.startsWith(word) || `${experiment}/${id}`.startsWith(word),
  );
  if (found.length === 1) return found[0];
  throw new Error(
    found.length === 0
      ? `no run begins with ${word}: npm run runs lists them`
      : `${found.length} runs begin with ${word}: ${found.map(({ experiment, id }) => `${experiment}/${id}`).join(", ")}`,
  );
}

/** What differs between runs (settings, data and model) and their metrics side by side: one row each. */
export function compareRuns(runs: readonly ListedRun[]): readonly {
  readonly name: string;
  readonly kind: "setting" | "metric";
  readonly values: readonly unknown[];
}[] {
  const facts = runs.map(
    ({ experiment, about, settings, data, model }): Values => ({
      experiment,
      ...about,
      ...settings,
      data: data.slice(0, 12),
      model: model.slice(0, 12),
    }),
  );
  const results = runs.map(({ ending, metrics }): Values => ({ ...(ending && { ending }), ...metrics }));
  const names = (rows: readonly Values[]) => [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const differ = names(facts).filter((name) => new Set(facts.map((row) => asText(row[name]))).size > 1);
  return [
    ...differ.map((name) => ({ name, kind: "setting" as const, values: facts.map((row) => row[name]) })),
    ...names(results).map((name) => ({
      name,
      kind: "metric" as const,
      values: results.map((result) => result[name]),
    })),
  ];
}

/** Everything of runs as flat rows, for a spreadsheet. */
export function runRows(runs: readonly ListedRun[]): Record<string, unknown>[] {
  return runs.map(({ id, experiment, about, settings, data, model, state, ending, ...run }) => ({
    run: id,
    experiment,
    ...about,
    state,
    ...(ending && { ending }),
    ...run.metrics,
    finished: run.finished,
    "changed since": describeChanges(run.changes),
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [
        name,
        typeof value === "object" ? asText(value) : value,
      ]),
    ),
    data,
    model,
  }));
}

/** Removes runs with all their files. @throws before anything is removed if one is still being worked on */
export function removeRuns(runs: readonly ListedRun[]): void {
  const running = runs.find(({ state }) => state === "running");
  if (running)
    throw new Error(
      `run ${running.id} is being trained by process ${running.status?.pid} on ${running.status?.host}: stop it first`,
    );
  for (const { folder } of runs) rmSync(folder, { recursive: true, force: true });
}
