/**
 * A process of the pool: does one job after another until the pool lets go of it, and writes a snapshot
 * when it is to stop.
 */
import type { Progress } from "../support/progress";
import { STOPPED, StoppedError, stopOn } from "../support/stop";
import { runTrial } from "./classification";
import type { FromWorker, ToWorker } from "./pool";
import { BusyError } from "./run";

const stop = stopOn();
let working = false;

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {}); // the pool may be gone by now
}

async function work({ job, trial, ifBusy }: ToWorker): Promise<void> {
  working = true;
  try {
    const onProgress = (progress: Progress) => tell({ job, kind: "progress", progress });
    const run = await runTrial(trial, { onProgress, ifBusy, signal: stop.signal });
    tell({ job, kind: "done", run });
  } catch (error) {
    const { message, stack } = error as Error;
    if (stop.signal.aborted) process.exit(STOPPED);
    tell(error instanceof BusyError ? { job, kind: "busy" } : { job, kind: "crashed", message, stack });
  } finally {
    working = false;
    if (!process.connected) process.exit(stop.signal.aborted ? STOPPED : 0);
  }
}

process.on("message", (message: ToWorker) => void work(message));
process.on("disconnect", () => {
  if (!working) process.exit(0);
  stop.abort(new StoppedError("the program that started it has ended"));
});
stop.signal.addEventListener("abort", () => {
  if (!working) process.exit(STOPPED);
});
