/**
 * How long work is asked to stop: by an AbortSignal, after the step under way and with a checkpoint written.
 */

/**
 * The exit code of a process that was asked to stop and can go on later: EX_TEMPFAIL of sysexits.h, which
 * nothing else here gives. A batch system may put such a job back into its queue.
 */
export const STOPPED = 75;

/**
 * The signal that the kernel aborts when the running cell of a notebook is interrupted; undefined elsewhere.
 */
export function cellSignal(): AbortSignal | undefined {
  return (globalThis as { [key: symbol]: unknown })[Symbol.for("komalab.abortSignal")] as
    | AbortSignal
    | undefined;
}

/** Work was asked to stop; batch systems and the status of a run tell it from a failure by its name. */
export class StoppedError extends Error {
  override readonly name = "AbortError";
}

/**
 * A controller that these signals of the operating system abort: SIGTERM comes from batch systems, container
 * managers and `kill`, SIGINT from Ctrl-C. The second of a kind ends the process at once.
 */
export function stopOn(signals: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT"]): AbortController {
  const controller = new AbortController();
  for (const signal of signals)
    process.once(signal, () => controller.abort(new StoppedError(`stopped by ${signal}`)));
  return controller;
}
