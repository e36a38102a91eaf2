/** A disk that is filled while runs are under way, and emptied. */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TrialRun } from "../../lib/experiment/spec";
import { tinyTrials } from "../experiment/tiny-trials";
import { inWorker } from "../experiment/worker-run";
import { randomOf } from "../fuzz/mutate";
import { areEqual } from "./bits";
import type { Figures } from "./figures";

/** A small disk in memory. @throws where none may be mounted */
function mounted(place: string): () => void {
  mkdirSync(place, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", place], { stdio: "pipe" });
  return () => execFileSync("umount", [place]);
}

/** Writes until nothing more can be written; the run takes and gives space meanwhile. */
function fill(disk: string): void {
  for (const size of [1 << 16, 1 << 12])
    try {
      for (;;) appendFileSync(join(disk, "ballast"), Buffer.alloc(size));
    } catch {}
}

/** @param disk a small disk that is there already; else one is mounted, which root alone may */
export async function fullDisk(folder: string, count: number, given?: string): Promise<Figures> {
  const disk = given ?? join(folder, "disk"),
    unmount = given === undefined ? mounted(disk) : () => {};
  try {
    const [tiny] = await tinyTrials(folder, 1, { freeze: "all", epochs: 40, learningRate: 1e-3 });
    const trial = { ...tiny, system: "all + linear", checkpointSeconds: 0 };
    const whole = (await inWorker(trial, { runs: join(folder, "whole") })).output as TrialRun;
    const found = { fills: 0, "named with the remedy": 0, "halves left": 0, "bit-identical": 0 };
    for (let seed = 0; seed < count; seed++) {
      const step = Math.floor(randomOf(seed)() * 120),
        runs = join(disk, `runs-${seed}`);
      let full = false;
      const filled = inWorker(trial, {
        runs,
        onStart: () => step === 0 && (fill(disk), (full = true)),
        onStep: (_, done) => done >= step && !full && (fill(disk), (full = true)),
      });
      const error = await filled.then(
        () => undefined,
        (thrown: Error) => thrown.message,
      );
      if (error !== undefined) found.fills++;
      if (error !== undefined && /cannot be written: no space is left on the disk/.test(error))
        found["named with the remedy"]++;
      else console.log(`run ${seed}, filled at step ${step}: ${error?.slice(-300) ?? "was done"}`);
      rmSync(join(disk, "ballast"), { force: true });
      found["halves left"] += readdirSync(disk, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".tmp"),
      ).length;
      const { output } = await inWorker(trial, { runs });
      if (output && areEqual(output, whole)) found["bit-identical"]++;
      rmSync(runs, { recursive: true });
    }
    return {
      figures: { rounds: count, ...found, disk: given ?? "tmpfs of 8 MB" },
      ok:
        found["bit-identical"] === count &&
        found["named with the remedy"] === found.fills &&
        found["halves left"] === 0,
    };
  } finally {
    unmount();
  }
}
