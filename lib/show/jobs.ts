/**
 * A live table of many runs, replaced in place below the cell: what is done, running, crashed and left, and
 * how long it will take.
 */
import type { Job } from "../experiment/pool";
import { place } from "./display";
import { duration } from "./progress";
import type { Bundle } from "./style";
import { escaped, table } from "./tables";

const counted = (jobs: readonly Job[]) => {
  const of = (...states: readonly Job["state"][]) =>
    jobs.filter(({ state }) => states.includes(state)).length;
  return { done: of("done", "stored"), running: of("running"), crashed: of("crashed"), left: of("waiting") };
};
const numbers = (values: Job["values"] = {}) =>
  Object.entries(values).map(
    ([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(3)}`,
  );

/**
 * One row a group (system), then the runs under way and the errors.
 * @param seconds since the start, and to the end if that can be told
 */
export function jobsTable(
  jobs: readonly Job[],
  { seconds, secondsLeft }: { readonly seconds?: number; readonly secondsLeft?: number } = {},
): Bundle {
  const { done, running, crashed, left } = counted(jobs);
  const caption = [
    `${done} of ${jobs.length} runs done`,
    ...(running > 0 ? [`${running} running`] : []),
    ...(crashed > 0 ? [`${crashed} crashed`] : []),
    ...(left > 0 ? [`${left} left`] : []),
    ...(seconds === undefined ? [] : [duration(seconds * 1000)]),
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft * 1000)} left`]),
  ].join(", ");
  const groups = [...new Set(jobs.map(({ group }) => group))];
  const rows = table(
    groups.map((group) => ({ system: group, ...counted(jobs.filter((job) => job.group === group)) })),
    { caption },
  );
  const remarks = jobs.flatMap(({ name, state, share, values, error }) =>
    state === "running"
      ? [[`${name}: ${Math.round(100 * share)} %`, ...numbers(values)].join(", ")]
      : state === "crashed"
        ? [`crashed: ${error ?? name}`]
        : [],
  );
  return {
    "text/html": [rows["text/html"], ...remarks.map((remark) => `<div>${escaped(remark)}</div>`)].join("\n"),
    "text/plain": [rows["text/plain"], ...remarks, ...(seconds === undefined ? [] : [caption])].join("\n"), // a report shows the last line
  };
}

export interface JobsOptions {
  readonly put?: (bundle: Bundle) => void;
  /** Milliseconds of some clock. */
  readonly now?: () => number;
}

const PAUSE_MS = 500;

/**
 * A table for `onJobs` of runTrials or runPlan. What stays in the end has no times: it is the same in every
 * execution.
 * @example runTrials(trials, { onJobs: showJobs() })
 */
export function showJobs({
  put = place(),
  now = () => performance.now(),
}: JobsOptions = {}): (jobs: readonly Job[]) => void {
  const start = now(),
    sum = (jobs: readonly Job[]) => jobs.reduce((total, { share }) => total + share, 0);
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
          : { seconds, ...(gained > 0 && { secondsLeft: (seconds / gained) * (jobs.length - share) }) },
      ),
    );
  };
}
