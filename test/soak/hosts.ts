/**
 * Two hosts with clocks two days apart that work on one folder of runs: host names and clocks are faked
 * (skewed-host.cjs), the times of files are those of the one disk, as a file server gives them.
 */
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { type ListedRun, listRuns } from "../../packages/cluster/list";
import { tinyTrials } from "../experiment/tiny-trials";
import { inWorker } from "../experiment/worker-run";
import { areEqual } from "./bits";
import type { Figures } from "./figures";

const DAY_S = 86_400;
const host = (name: string, skew: number) => ({
  NODE_OPTIONS: `--require ${join(__dirname, "skewed-host.cjs")}`,
  SOAK_HOST: name,
  SOAK_SKEW_S: String(skew),
});
const SLOW = host("slow", -DAY_S),
  FAST = host("fast", DAY_S);

export async function hosts(folder: string, count: number): Promise<Figures> {
  const runs = process.env.KOMALAB_RUNS as string;
  const trials = await tinyTrials(folder, count + 1, { freeze: "all", epochs: 10, learningRate: 1e-3 });
  let [trainedOnce, equal] = [0, 0];
  for (const trial of trials.slice(0, count)) {
    const [one, other] = await Promise.all(
      [SLOW, FAST].map((env) => inWorker(trial, { runs, env }).then(({ output }) => output!)),
    );
    if (one.reused !== other.reused) trainedOnce++;
    if (areEqual(one, other)) equal++;
  }

  // One that is seen at work by a third host, with a right clock, is killed; the other host takes over.
  const last = { ...trials[count], checkpointSeconds: 0 };
  let seen: ListedRun["state"] | undefined;
  const { killer } = await inWorker(last, {
    runs,
    env: SLOW,
    onStep: (child, done) => {
      if (done < 10 || seen !== undefined) return;
      seen = listRuns().find(({ state }) => state !== "done")?.state;
      child.kill("SIGKILL");
    },
  });
  const [left] = listRuns().filter(({ state }) => state !== "done"),
    began = performance.now();
  const { output } = await inWorker(last, { runs, env: FAST });
  const waited = Math.round((performance.now() - began) / 1000);
  return {
    figures: {
      "own name": hostname(),
      runs: count,
      "trained once": trainedOnce,
      "equal in both": equal,
      "at work, seen from elsewhere": String(seen),
      "killed, taken over after s": waited,
      "went on": output?.result.notes?.join() ?? "no",
    },
    ok:
      trainedOnce === count &&
      equal === count &&
      seen === "running" &&
      killer === "SIGKILL" &&
      output !== undefined &&
      !existsSync(`${left.folder}.lock`),
  };
}
