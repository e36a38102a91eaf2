/** The record of a report (format.ts), made from its notebooks, their outputs and the stored runs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { endingOf } from "../../lib/evaluate/ending";
import { datasetPath } from "../../lib/experiment/dataset";
import { type ResultFile, runsFolder } from "../../lib/experiment/run";
import type { ClassificationResult } from "../../lib/experiment/spec";
import type { StoredAnswer } from "../../lib/show/answer";
import { readJson, readJsonLines } from "../../lib/support/files";
import { remark } from "../../lib/support/printable";
import { remembered } from "../../lib/support/remembered";
import { type Failure, letters, type Notebook, type Resolved, summarise } from "../notebook";
import { cellsOf } from "./cells";
import {
  type AsCommitted,
  RECORD_FORMAT,
  type RecordedNotebook,
  type RecordedRun,
  type ReportRecord,
  type TestItems,
} from "./format";
import { itemsOf, otherRows, type Part, runsNamedIn } from "./outputs";

interface Config {
  readonly settings?: Readonly<Record<string, unknown>> & { readonly classes?: readonly string[] };
  readonly data?: string;
  readonly model?: string;
  readonly about?: { readonly system?: string; readonly testSet?: string };
}

/** Texts of a stored data set by id; empty where it is no longer stored. */
function textsOf(data: string, known: Map<string, ReadonlyMap<string, string>>): ReadonlyMap<string, string> {
  return remembered(known, data, () => {
    const path = datasetPath(data);
    const rows = existsSync(path) ? readJsonLines<{ readonly id: string; readonly text: string }>(path) : [];
    return new Map(rows.map(({ id, text }) => [id, text]));
  });
}

/** The result of a stored run, by "experiment/name"; undefined if it is not there or not done. */
export const storedResult = (run: string) =>
  readJson<ResultFile<ClassificationResult>>(join(runsFolder(), run, "result.json"));

/** A stored run of a classifier, by "experiment/name"; undefined if it is not there or has no result. */
function storedPart(run: string, known: Map<string, ReadonlyMap<string, string>>): Part | undefined {
  const config = readJson<Config>(join(runsFolder(), run, "config.json")),
    file = storedResult(run),
    result = file?.result;
  if (!config?.about || !config.data || !result?.items || !result.gold) return undefined;
  const texts = textsOf(config.data, known);
  const { settings = {} } = config;
  return {
    run,
    system: config.about.system ?? run,
    testSet: config.about.testSet ?? "test",
    seed: Number(settings.initSeed ?? 1),
    settings,
    classes: settings.classes ?? [],
    data: config.data,
    model: config.model,
    madeWith: file!.madeWith,
    finished: file!.finished,
    ending: endingOf(result),
    seconds: result.seconds,
    items: itemsOf(
      result.items.map((id) => texts.get(id) ?? id),
      letters(result.gold),
    ),
    predicted: letters(result.predicted),
  };
}

/** What a report adds to a notebook that it shows as it is committed. */
export interface Committed extends Omit<AsCommitted, "runs"> {
  /** As its outputs hold them (outputs.ts). */
  readonly runs: readonly Part[];
}

/** A notebook as a report ran it. */
export interface Ran {
  readonly name: string;
  /** With its outputs, also those that a private report leaves out: of texts, only hashes are kept. */
  readonly notebook: Notebook;
  /** As the report shows it, which may be a private one. */
  readonly shown: Notebook;
  readonly settings: readonly Resolved[];
  readonly state: RecordedNotebook["state"];
  readonly at: Date;
  readonly minutes: number;
  readonly reused: boolean;
  readonly committed?: Committed;
  /** Without its words, if the report is private. */
  readonly failure?: Failure;
}

/** The record of a report. */
export function recordOf(
  about: Omit<ReportRecord, "format" | "notebooks" | "tests" | "runs">,
  ran: readonly Ran[],
): ReportRecord {
  const tests: TestItems[] = [],
    places = new Map<string, number>(),
    known = new Map<string, ReadonlyMap<string, string>>();
  const placeOf = (items: TestItems): number => {
    const key = `${items.sha256} ${items.gold}`;
    if (!places.has(key)) places.set(key, tests.push(items) - 1);
    return places.get(key)!;
  };
  const partsOf = ({ name, notebook, committed }: Ran) => {
    try {
      const held = new Map(committed?.runs.map((part) => [part.run, part]));
      const runs = runsNamedIn(notebook).flatMap((run) => storedPart(run, known) ?? held.get(run) ?? []);
      return [...runs, ...otherRows(notebook, runs)];
    } catch (error) {
      remark(`${name}: the runs behind it cannot be recorded: ${(error as Error).message}`);
      return [];
    }
  };
  const runs = ran.flatMap((one) =>
    partsOf(one).map((part): RecordedRun => {
      const { items, ...rest } = part;
      return { notebook: one.name, ...rest, test: placeOf(items) };
    }),
  );
  const notebooks = ran.map((one) => {
    const { name, shown, settings, state, at, minutes, reused, committed, failure } = one;
    const { title, answer } = summarise(shown, name);
    const { en, ja, short, origin } = (answer ?? {}) as Partial<StoredAnswer>;
    return {
      name,
      title,
      state,
      executed: at.toISOString(),
      minutes,
      reused,
      ...(committed && { committed: { ...committed, runs: origin?.runs ?? 0 } }),
      ...(failure && {
        failure: { cell: failure.cell, error: `${failure.ename}: ${failure.evalue}` },
      }),
      quick: settings.some(({ from }) => from === "quick"),
      settings: Object.fromEntries(settings.map(({ name: setting, value }) => [setting, value])),
      data: origin?.files ?? [],
      ...(en !== undefined && ja !== undefined && { answer: { en, ja, ...(short && { short }) } }),
      cells: cellsOf(
        runs.filter((run) => run.notebook === name),
        tests,
      ),
    };
  });
  return { format: RECORD_FORMAT, ...about, notebooks, tests, runs };
}
