/**
 * A live table of many runs, replaced in place below the cell: what is done, running, crashed and left, and
 * how long it will take.
 */
import { gigabytes } from "../experiment/cost";
import type { Job } from "../experiment/pool";
import { grouped } from "../support/groups";
import { place } from "./display";
import { duration, namedValues } from "./numbers";
import type { Bundle } from "./style";
import { escaped, table } from "./tables";

const counted = (jobs: readonly Job[]) => {
  const of = (...states: readonly Job["state"][]) =>
    jobs.filter(({ state }) => states.includes(state)).length;
  return { done: of("done", "stored"), running: of("running"), crashed: of("crashed"), left: of("waiting") };
};

const WORTH_TELLING = 1e8; // bytes

/**
 * One row a group (system), then the runs under way and the errors.
 * @param seconds since the start, and to the end if that can be told
 */
function jobsTable(
  jobs: readonly Job[],
  { seconds, secondsLeft }: { readonly seconds?: number; readonly secondsLeft?: number } = {},
): Bundle {
  const { done, running, crashed, left } = counted(jobs),
    bytes = jobs.reduce((sum, job) => sum + (job.bytes ?? 0), 0);
  const caption = [
    `${done} of ${jobs.length} runs done`,
    running > 0 && `${running} running`,
    crashed > 0 && `${crashed} crashed`,
    left > 0 && `${left} left`,
    seconds !== undefined && bytes >= WORTH_TELLING && `${gigabytes(bytes)} of weights in all`,
    seconds !== undefined && duration(seconds * 1000),
    secondsLeft !== undefined && `${duration(secondsLeft * 1000)} left`,
  ]
    .filter(Boolean)
    .join(", ");
  const rows = table(
    [...grouped(jobs, ({ group }) => group)].map(([system, own]) => ({ system, ...counted(own) })),
    { caption },
  );
  const remarks = jobs.flatMap(({ name, state, share, values, error }) =>
    state === "running"
      ? [[`${name}: ${Math.round(100 * share)} %`, ...namedValues(values)].join(", ")]
      : state === "crashed"
        ? [`crashed: ${error ?? name}`]
        : [],
  );
  return {
    "text/html": [rows["text/html"], ...remarks.map((remark) => `<div>${escaped(remark)}</div>`)].join("\n"),
    "text/plain": [rows["text/plain"], ...remarks, ...(seconds === undefined ? [] : [caption])].join("\n"), // a report shows the last line
  };
}

const PAUSE_MS = 500;

/**
 * A table for `onJobs` of runTrials or runPlan. What stays in the end has no times: it is the same in every
 * execution.
 * @param now milliseconds of some clock
 * @example runTrials(trials, { onJobs: showJobs() })
 */
export function showJobs({
  put = place(),
  now = () => performance.now(),
}: {
  readonly put?: (bundle: Bundle) => void;
  readonly now?: () => number;
} = {}): (jobs: readonly Job[]) => void {
  const start = now(),
    sum = (jobs: readonly Job[]) => jobs.reduce((total, { share, work }) => total + share * work, 0),
    all = (jobs: readonly Job[]) => jobs.reduce((total, { work }) => total + work, 0);
  let shown = -Infinity,
    before: number | undefined;
  return (jobs) => {
    const time = now(),
      share = sum(jobs),
      ended = jobs.every(({ state }) => state !== "waiting" && state !== "running");
    before ??= share; // stored runs took no time
    if (!ended && time - shown < PAUSE_MS) return;
    shown = time;
    const seconds = (time - start) / 1000,
      gained = share - before;
    put(
      jobsTable(
        jobs,
        ended
          ? {}
          : { seconds, ...(gained > 0 && { secondsLeft: (seconds / gained) * (all(jobs) - share) }) },
      ),
    );
  };
}
