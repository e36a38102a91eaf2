/** Runs that are killed (SIGKILL) at start, in training and while they store their result. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { TrialRun } from "../../lib/experiment/spec";
import { tinyTrials } from "../experiment/tiny-trials";
import { inWorker } from "../experiment/worker-run";
import { randomOf } from "../fuzz/mutate";
import { areEqual } from "./bits";
import type { Figures } from "./figures";

const EPOCHS = 40,
  STEPS = 3 * EPOCHS;
const MOST_KILLS = 4; // of one run, before it may end

export async function kills(folder: string, count: number): Promise<Figures> {
  const [tiny] = await tinyTrials(folder, 1, { freeze: "all", epochs: EPOCHS, learningRate: 1e-3 });
  const trial = { ...tiny, system: "all + linear", checkpointSeconds: 0 };
  const began = performance.now();
  let startMs = 0;
  const whole = (
    await inWorker(trial, {
      runs: join(folder, "whole"),
      onStep: () => (startMs ||= performance.now() - began),
    })
  ).output as TrialRun;

  const figures = { kills: 0, "at start": 0, "in training": 0, "at the end": 0, runs: 0, "bit-identical": 0 };
  for (let seed = 0; figures.kills < count; seed++) {
    const random = randomOf(seed),
      runs = join(folder, `killed-${seed}`);
    let run: TrialRun | undefined;
    for (let turn = 0; turn < MOST_KILLS && figures.kills < count && !run; turn++) {
      const when = (["at start", "in training", "in training", "at the end"] as const)[(seed + turn) % 4];
      const step = when === "at the end" ? STEPS : 1 + Math.floor(random() * (STEPS - 1)),
        delay = random() * (when === "at start" ? startMs : when === "at the end" ? 60 : 5);
      const { killer, output } = await inWorker(trial, {
        runs,
        onStart: (child) => when === "at start" && setTimeout(() => child.kill("SIGKILL"), delay),
        onStep: (child, done) =>
          when !== "at start" && done >= step && setTimeout(() => child.kill("SIGKILL"), delay),
      });
      run = output; // it may have been done before it was killed
      if (killer !== null && !output) {
        figures.kills++;
        figures[when]++;
      }
    }
    run ??= (await inWorker(trial, { runs })).output as TrialRun;
    figures.runs++;
    if (areEqual(run, whole)) figures["bit-identical"]++;
    else console.log(`run ${seed} differs: ${run.result.notes?.join()}`);
    rmSync(runs, { recursive: true });
  }
  return { figures, ok: figures["bit-identical"] === figures.runs };
}
