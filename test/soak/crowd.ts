/** Many runs with four processes while others keep the machine busy. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism, constants, loadavg, setPriority } from "node:os";
import { join } from "node:path";
import { runTrials } from "../../lib/experiment/trials";
import { listRuns } from "../../packages/cluster";
import { tinyTrials } from "../experiment/tiny-trials";
import { areEqual } from "./bits";
import type { Figures } from "./figures";

const PROCESSES = 4;
const AGAIN = 10; // of the runs, one at a time

/** A process that does nothing but compute, for as long as others want nothing. */
function busyProcess(): ChildProcess {
  const child = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
  setPriority(child.pid as number, constants.priority.PRIORITY_LOW);
  return child;
}

export async function crowd(folder: string, count: number): Promise<Figures> {
  const trials = await tinyTrials(folder, count, { threads: 1, epochs: 1 });
  const busy = Array.from({ length: availableParallelism() }, busyProcess);
  const began = performance.now();
  let load = 0;
  const look = setInterval(() => (load = Math.max(load, loadavg()[0])), 5000);
  try {
    const runs = await runTrials(trials, { processes: PROCESSES }),
      seconds = (performance.now() - began) / 1000;
    const left = readdirSync(process.env.KOMALAB_RUNS as string, {
      recursive: true,
      encoding: "utf8",
    }).filter((name) => /\.(lock|tmp|breaker)$/.test(name));
    const done = listRuns().filter(({ state }) => state === "done").length;
    const some = runs.filter((_, i) => i % Math.ceil(count / AGAIN) === 0);
    process.env.KOMALAB_RUNS = join(folder, "again");
    const again = await runTrials(
      some.map(({ trial }) => trial),
      { processes: 1 },
    );
    const equal = again.filter((run, i) => areEqual(run, some[i])).length;
    return {
      figures: {
        runs: count,
        done,
        seconds: Math.round(seconds),
        "highest load": load.toFixed(1),
        "locks and halves left": left.length,
        "again, one at a time": some.length,
        "bit-identical": equal,
      },
      ok: done === count && left.length === 0 && equal === some.length,
    };
  } finally {
    clearInterval(look);
    for (const child of busy) child.kill();
  }
}
