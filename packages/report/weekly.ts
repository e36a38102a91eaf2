/** The weekly page of a report: with which report it is compared, the student's comments, what went wrong. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { listed } from "../../lib/support/listed";
import { textsBehind } from "../notebook";
import { type Part, REMARK, TELLING } from "../page";
import {
  beginComments,
  type Comments,
  carryPlans,
  compareRecords,
  type Plan,
  type Ran,
  type ReportRecord,
  readComments,
  readRecord,
  type TroubledRun,
  weeklyPart,
} from "../weekly";

/** Reports with a record, the newest last; "2026-11-22-2" comes after "2026-11-22". */
function recordsIn(into: string): string[] {
  return (existsSync(into) ? readdirSync(into) : [])
    .filter((name) => /^\d{4}-\d\d-\d\d(-\d+)?$/.test(name) && existsSync(join(into, name, "report.json")))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

const dayOf = (report: string) => report.slice(0, 10);

/**
 * The report to compare with. With `since` the one of that name or the last one of that day or before;
 * otherwise the last weekly one of an earlier day, so that a report made again compares with the same, and
 * where none is weekly the last one of an earlier day.
 * @throws if there is none for `since`, with those that there are
 */
function previousRecord(into: string, since: string | undefined, today: string): ReportRecord | undefined {
  const names = recordsIn(into);
  if (since !== undefined) {
    const name = names.includes(since) ? since : names.filter((one) => dayOf(one) <= since).at(-1);
    if (!/^\d{4}-\d\d-\d\d/.test(since) || name === undefined)
      throw new Error(
        `--since ${since}: no report of that day or before has a report.json in ${into}; there are ${listed(names) || "none"}`,
      );
    return readRecord(join(into, name));
  }
  let newest: ReportRecord | undefined;
  for (const name of names.filter((one) => dayOf(one) < today).reverse()) {
    const record = readRecord(join(into, name));
    if (record?.weekly) return record;
    newest ??= record;
  }
  return newest;
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

/** A record without the words of errors, which may quote a line. */
const withoutErrors = (record: ReportRecord): ReportRecord => ({
  ...record,
  notebooks: record.notebooks.map((one) =>
    one.failure ? { ...one, failure: { ...one.failure, error: REMARK } } : one,
  ),
});

/** Comments without the sections that quote a line of the data. */
function withoutLinesOf(comments: Comments, ran: readonly Ran[]): Comments {
  const lines = ran.flatMap(({ notebook }) => textsBehind(notebook)).filter((line) => line.length >= TELLING);
  const clean = (text: string) => (lines.some((line) => text.includes(line)) ? `*${REMARK}*` : text);
  const { sections, others, notebooks, plans } = comments;
  return {
    ...comments,
    sections: Object.fromEntries(
      Object.entries(sections).map(([name, text]) => [name, clean(text)]),
    ) as unknown as Comments["sections"],
    others: others.map((one) => ({ ...one, text: clean(one.text) })),
    plans: plans.map((plan) => ({ ...plan, text: clean(plan.text) })),
    notebooks: new Map([...notebooks].map(([name, text]) => [name, clean(text)])),
  };
}

interface PageOptions {
  readonly english: boolean;
  readonly isPrivate: boolean;
  readonly ran: readonly Ran[];
}

export interface PreparedWeek {
  /** Of the comments, and whether they were begun by this report. */
  readonly path: string;
  readonly begun: boolean;
  /** The plans that a record keeps, without those that quote a line of `hidden`. */
  readonly plans: (hidden: readonly Ran[]) => readonly Plan[];
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
  const plansOn = ({ plans }: Comments) => carryPlans(plans, { last: previous?.plans ?? [], date: today });
  const shown = (hidden: readonly Ran[]) => (hidden.length > 0 ? withoutLinesOf(comments, hidden) : comments);
  return {
    path,
    begun,
    plans: (hidden) => plansOn(shown(hidden)).kept,
    async part(record, { english, isPrivate, ran }) {
      const shownBefore = previous && (isPrivate ? withoutErrors(previous) : previous);
      const own = shown(isPrivate ? ran : []);
      return weeklyPart({
        record,
        ...(shownBefore && { previous: shownBefore, comparison: compareRecords(shownBefore, record) }),
        comments: own,
        plans: plansOn(own),
        troubles: await troublesSince(previous?.made, isPrivate),
        english,
      });
    },
  };
}
