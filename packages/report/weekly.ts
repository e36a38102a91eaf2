/** The weekly page of a report: with which report it is compared, the student's comments, what went wrong. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { listed } from "../../lib/support/listed";
import { complain } from "../../lib/support/printable";
import { textsBehind } from "../notebook";
import { type Part, REMARK, TELLING, withTexts } from "../page";
import {
  beginComments,
  carryPlans,
  compareRecords,
  type Plan,
  type Ran,
  type ReportRecord,
  readComments,
  readRecord,
  type TroubledRun,
  weeklyPart,
  withWords,
} from "../weekly";

/** Reports with a record, the newest last; "2026-11-22-2" comes after "2026-11-22". */
function recordsIn(into: string): string[] {
  return (existsSync(into) ? readdirSync(into) : [])
    .filter((name) => /^\d{4}-\d\d-\d\d(-\d+)?$/.test(name) && existsSync(join(into, name, "report.json")))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

const dayOf = (report: string) => report.slice(0, 10);
const isDay = (word: string) =>
  /^\d{4}-\d\d-\d\d$/.test(word) && new Date(`${word}T00:00Z`).toJSON()?.startsWith(word);

/**
 * The report to compare with. With `since` the one of that name or the last one of that day or before;
 * otherwise the last weekly one of an earlier day that ran to its end, so that a report made again compares
 * with the same, and where none is weekly the last one of an earlier day. Damaged ones are told and passed
 * over.
 * @throws if there is none for `since`, with those that there are, or that one is damaged
 */
function previousRecord(into: string, since: string | undefined, today: string): ReportRecord | undefined {
  const names = recordsIn(into);
  if (since !== undefined) {
    if (!names.includes(since) && !isDay(since))
      throw new Error(
        `--since ${since}: this is neither a day such as 2026-11-22 nor a report; there are ${listed(names) || "none"}`,
      );
    const name = names.includes(since) ? since : names.filter((one) => dayOf(one) <= since).at(-1);
    if (name === undefined)
      throw new Error(
        `--since ${since}: no report of that day or before has a report.json in ${into}; there are ${listed(names) || "none"}`,
      );
    return readRecord(join(into, name));
  }
  let last: ReportRecord | undefined;
  for (const name of names.filter((one) => dayOf(one) < today).reverse()) {
    try {
      const record = readRecord(join(into, name));
      if (record?.weekly && !record.notebooks.some(({ state }) => state === "interrupted")) return record;
      last ??= record;
    } catch (error) {
      complain(`passed over: ${(error as Error).message}`);
    }
  }
  return last;
}

/** Runs since the previous report that crashed, were stopped, failed or diverged. */
async function troublesSince(made: string | undefined, isPrivate: boolean): Promise<TroubledRun[]> {
  const { listRuns } = await import("../cluster"); // it plans with this package's settings
  return listRuns().flatMap((one): TroubledRun[] => {
    const { experiment, id, about, state, ending, finished, status } = one;
    if ((finished ?? status?.heartbeat ?? "") <= (made ?? "")) return [];
    const what = state === "done" ? ending : state;
    if (what === undefined || what === "successful" || what === "running") return [];
    const error = isPrivate ? undefined : status?.error;
    return [
      {
        run: `${experiment}/${id}`,
        system: about.system ?? "",
        testSet: about.testSet ?? "",
        what,
        ...(error !== undefined && state !== "done" && { error }),
      },
    ];
  });
}

/** What the page leaves out besides what its notebooks do. */
interface Privacy {
  readonly isPrivate: boolean;
  /** Leaves folders out. */
  readonly hide: <T>(value: T) => T;
  /** The private notebooks, whose lines nothing may quote. */
  readonly ran: readonly Ran[];
}

/** Leaves out of a text, or of what holds texts, those that quote a line of the data; and folders. */
function withoutQuotes({ hide, ran }: Privacy): <T>(value: T) => T {
  const lines = ran.flatMap(({ notebook }) => textsBehind(notebook)).filter((line) => line.length >= TELLING);
  const clean = (text: string) => (lines.some((line) => text.includes(line)) ? REMARK : text);
  return (value) => hide(withTexts(value, clean));
}

/** A record as a private report may show it: also without the words of errors, which may quote a line. */
const shownBefore = (record: ReportRecord, privacy: Privacy): ReportRecord => {
  const { notebooks, ...rest } = withWords(record, withoutQuotes(privacy));
  return {
    ...rest,
    notebooks: notebooks.map((one) =>
      one.failure ? { ...one, failure: { ...one.failure, error: REMARK } } : one,
    ),
  };
};

interface PageOptions {
  readonly english: boolean;
  readonly privacy: Privacy;
}

interface PreparedWeek {
  /** Of the comments, and whether they were begun by this report. */
  readonly path: string;
  readonly begun: boolean;
  /** The plans that a record keeps. */
  readonly plans: (privacy: Privacy) => readonly Plan[];
  readonly part: (record: ReportRecord, options: PageOptions) => Promise<Part>;
}

/**
 * Looks at all that a weekly report reads before anything runs.
 * @throws if there is no report to compare with, or the comments cite what is not there
 */
export function prepareWeekly({
  into,
  since,
  comments: path,
}: {
  readonly into: string;
  readonly since: string | undefined;
  readonly comments: string;
}): PreparedWeek {
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((number) => String(number).padStart(2, "0"))
    .join("-");
  const previous = previousRecord(into, since, today),
    begun = beginComments(path),
    comments = readComments(path);
  const shown = (privacy: Privacy) => {
    const own = { ...comments, path: relative(process.cwd(), path) };
    return privacy.isPrivate ? withoutQuotes(privacy)(own) : own;
  };
  const before = (privacy: Privacy) =>
    previous && (privacy.isPrivate ? shownBefore(previous, privacy) : previous);
  const plans = (privacy: Privacy) => {
    const last = before(privacy)?.plans.filter(({ text }) => text !== REMARK) ?? [];
    return carryPlans(shown(privacy).plans, { last, date: today });
  };
  return {
    path,
    begun,
    plans: (privacy) => plans(privacy).kept,
    async part(record, { english, privacy }) {
      const last = before(privacy),
        alike = last?.private ? withWords(record, privacy.hide) : record; // its paths have no folders
      return weeklyPart({
        record,
        ...(last && { previous: last, comparison: compareRecords(last, alike) }),
        comments: shown(privacy),
        folder: dirname(path),
        plans: plans(privacy),
        troubles: await troublesSince(previous?.made, privacy.isPrivate),
        english,
      });
    },
  };
}
