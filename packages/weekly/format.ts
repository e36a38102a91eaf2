/**
 * What a report keeps for machines, report.json in its folder: settings, data, versions, answers, and every
 * run behind a notebook with its predictions, so that a later report can compare with it although the runs
 * are gone. docs/report.schema.json says what each field is. It holds no text of the data.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Ending } from "../../lib/evaluate/ending";
import { isShallow } from "../../lib/support/depth";
import { projectRoot, readJson } from "../../lib/support/files";
import { classesOf } from "../notebook";
import { faultsOf, type Schema } from "./schema";

/** Raised when a field changes its meaning; other formats are not compared. */
export const RECORD_FORMAT = 1;

/** The items of a test set: equal hashes are equal texts in an equal order. */
export interface TestItems {
  readonly sha256: string;
  /** Gold classes, a letter each: "0" is class 0, "1" class 1 … */
  readonly gold: string;
}

/** One run, or the answers of what is none: a baseline that is not trained, an average of models. */
export interface RecordedRun {
  /** "01-manga/0123456789ab", a folder under runs/; none for what is no run. */
  readonly run?: string;
  readonly notebook: string;
  readonly system: string;
  readonly testSet: string;
  /** Null where no chance is in it. */
  readonly seed: number | null;
  /**
   * As its config.json has them; empty for a baseline, for what else is no run `cells`, the hash of the
   * notebook's code cells.
   */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly classes: readonly string[];
  /** SHA-256 of data and model. */
  readonly data?: string;
  readonly model?: string;
  /** These four are of a run that is stored here, no one else knows them. */
  readonly madeWith?: Readonly<Record<string, number | string | null>>;
  /** ISO 8601. */
  readonly finished?: string;
  readonly ending?: Ending;
  readonly seconds?: number;
  /** Place in `tests`, and the predicted classes of its items, a letter each. */
  readonly test: number;
  readonly predicted: string;
}

export const METRICS = ["accuracy", "macroF1"] as const;

/** Scores of the runs of one system on one test set over its seeds. */
export interface Cell {
  readonly system: string;
  readonly testSet: string;
  readonly classes: readonly string[];
  /** 0 of a baseline without chance. */
  readonly seeds: number;
  readonly items: number;
  /** Means with 95 % intervals over seeds and items. */
  readonly scores: Readonly<
    Record<(typeof METRICS)[number], { readonly mean: number; readonly low: number; readonly high: number }>
  >;
}

/** What is said of a notebook that is shown as it is committed. */
export interface AsCommitted {
  /** Trainings that its answer was made from. */
  readonly runs: number;
  /** How many of them the report trained anew, as a check … */
  readonly anew: number;
  /** … of how many of these the outputs hold the answers, and how many gave all of them again. */
  readonly compared: number;
  readonly equal: number;
}

export interface RecordedNotebook {
  readonly name: string;
  readonly title: string;
  readonly state: "ok" | "failed" | "interrupted";
  /** ISO 8601, of its execution, which may be that of an earlier report. */
  readonly executed: string;
  readonly minutes: number;
  readonly reused: boolean;
  /** Where it was not executed for a report; `minutes` are those of the check then. */
  readonly committed?: AsCommitted;
  readonly failure?: { readonly cell: number | null; readonly error: string };
  /** Whether quick settings took part. */
  readonly quick: boolean;
  /** Name → value, as TypeScript. */
  readonly settings: Readonly<Record<string, string>>;
  /** Files that the answer was made from; no hash: a name on a hub. */
  readonly data: readonly { readonly name: string; readonly sha256: string | null }[];
  readonly answer?: { readonly en: string; readonly ja: string; readonly short?: string };
  /** Scores over seeds, with 95 % intervals. */
  readonly cells: readonly Cell[];
}

/** A plan of the student's comments, and the day of the report that had it first. */
export interface Plan {
  readonly text: string;
  readonly done: boolean;
  readonly since: string;
}

export interface ReportRecord {
  readonly format: number;
  /** Name of its folder. */
  readonly report: string;
  /** ISO 8601. */
  readonly made: string;
  readonly command: string;
  readonly commit: string;
  /** Whether it is a weekly one, with which the next is compared. */
  readonly weekly: boolean;
  /** Whether folders are left out of its paths. */
  readonly private?: boolean;
  readonly versions: Readonly<Record<string, number | string | null>>;
  readonly notebooks: readonly RecordedNotebook[];
  readonly tests: readonly TestItems[];
  readonly runs: readonly RecordedRun[];
  readonly plans: readonly Plan[];
}

/** A record with its words changed, all but predictions. */
export function withWords(record: ReportRecord, change: <T>(value: T) => T): ReportRecord {
  const { command, notebooks, plans, runs } = record;
  return {
    ...record,
    ...change({ command, notebooks, plans }),
    runs: runs.map(({ test, predicted, ...words }) => ({ ...change(words), test, predicted })),
  };
}

/** Whether letters are classes, of so many. */
export const fits = (letters: string, classes: number): boolean =>
  classesOf(letters).every((one) => one >= 0 && one < classes);

const MOST_CLASSES = 1000; // where a run names none

/** What of a record cannot be, the first of it. */
function faultOf(record: ReportRecord | undefined): string | undefined {
  if (record === undefined) return "it is no JSON";
  if (!isShallow(record)) return "lists or objects in each other, more than a hundred of them";
  const [fault] = faultsOf(record, readJson<Schema>(join(projectRoot, "docs", "report.schema.json"))!);
  if (fault !== undefined) return fault;
  for (const [i, { test, predicted, classes }] of record.runs.entries()) {
    const gold = record.tests[test]?.gold;
    if (gold === undefined) return `/runs/${i}/test: there is no such test set`;
    if (gold.length !== predicted.length)
      return `/runs/${i}/predicted: ${predicted.length} of ${gold.length} items`;
    if (!fits(predicted + gold, classes.length || MOST_CLASSES))
      return `/runs/${i}/predicted: a letter that is none of its classes`;
  }
  return undefined;
}

/**
 * The record of a report's folder; undefined where it has none.
 * @throws if it is damaged or of another format, with the place and the remedy
 */
export function readRecord(folder: string): ReportRecord | undefined {
  const path = join(folder, "report.json");
  if (!existsSync(path)) return undefined;
  const record = readJson<ReportRecord>(path),
    fault = faultOf(record);
  if (fault !== undefined)
    throw new Error(
      `${path} is damaged, or not of format ${RECORD_FORMAT} (${fault}): choose another report by --since, or remove its folder`,
    );
  return record;
}
