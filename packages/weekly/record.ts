/** The record of a report (format.ts), made from its executed notebooks and the stored runs behind them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { endingOf } from "../../lib/evaluate/ending";
import { datasetPath } from "../../lib/experiment/dataset";
import { type ResultFile, readJsonLines, runsFolder } from "../../lib/experiment/run";
import type { ClassificationResult } from "../../lib/experiment/spec";
import type { StoredAnswer } from "../../lib/show/answer";
import { canonicalJson, readJson, sha256 } from "../../lib/support/files";
import { remark } from "../../lib/support/printable";
import {
  type Failure,
  letters,
  linesTables,
  type Notebook,
  outputsOf,
  type Resolved,
  RUNS_MIME,
  summarise,
} from "../notebook";
import { cellsOf } from "./cells";
import {
  RECORD_FORMAT,
  type RecordedNotebook,
  type RecordedRun,
  type ReportRecord,
  type TestItems,
} from "./format";

interface Config {
  readonly settings?: Readonly<Record<string, unknown>> & { readonly classes?: readonly string[] };
  readonly data?: string;
  readonly model?: string;
  readonly about?: { readonly system?: string; readonly testSet?: string };
}

/** Texts of a stored data set by id; empty where it is no longer stored. */
function textsOf(data: string, known: Map<string, ReadonlyMap<string, string>>): ReadonlyMap<string, string> {
  const path = datasetPath(data);
  const texts =
    known.get(data) ??
    new Map(
      existsSync(path)
        ? readJsonLines<{ readonly id: string; readonly text: string }>(path).map(({ id, text }) => [
            id,
            text,
          ])
        : [],
    );
  known.set(data, texts);
  return texts;
}

type Part = Omit<RecordedRun, "test" | "notebook"> & { readonly items: TestItems };

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
    items: {
      sha256: sha256(canonicalJson(result.items.map((id) => texts.get(id) ?? id))),
      gold: letters(result.gold),
    },
    predicted: letters(result.predicted),
  };
}

/** Baselines without chance, as the lines behind a chart hold them. */
function baselinesIn(notebook: Notebook): Part[] {
  const found = linesTables(notebook).flatMap(({ labels, texts, tests, runs }) =>
    runs
      .filter(({ seed, predicted }) => seed === null && !predicted.includes(" "))
      .map(({ system, test, predicted }): Part => {
        const { name, items, gold } = tests[test]!;
        const hash = sha256(canonicalJson(items.map((item) => texts[item])));
        return {
          system,
          testSet: name,
          seed: null,
          settings: {},
          classes: labels,
          items: { sha256: hash, gold },
          predicted,
        };
      }),
  );
  const keyOf = ({ system, testSet, classes, items }: Part) =>
    canonicalJson([system, testSet, classes, items.sha256, items.gold]);
  return [...new Map(found.map((one) => [keyOf(one), one])).values()];
}

/** A folder of an experiment's, no other place. */
const RUN = /^(?!\.)[^/\\]+\/(?!\.)[^/\\]+$/;

/** The runs that a notebook names, each once. */
export const runsNamedIn = (notebook: Notebook): string[] => [
  ...new Set(
    outputsOf(notebook)
      .flatMap(({ data }) => (data?.[RUNS_MIME] as string[]) ?? [])
      .filter((run) => typeof run === "string" && RUN.test(run)),
  ),
];

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
  const partsOf = ({ name, notebook }: Ran) => {
    try {
      const stored = runsNamedIn(notebook).flatMap((run) => storedPart(run, known) ?? []);
      return [...stored, ...baselinesIn(notebook)];
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
  const notebooks = ran.map(({ name, shown, settings, state, at, minutes, reused, failure }) => {
    const { title, answer } = summarise(shown, name);
    const { en, ja, short, origin } = (answer ?? {}) as Partial<StoredAnswer>;
    return {
      name,
      title,
      state,
      executed: at.toISOString(),
      minutes,
      reused,
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
