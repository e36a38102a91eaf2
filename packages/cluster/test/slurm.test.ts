import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { storedTrial } from "../../../lib/experiment/classification";
import type { Trial } from "../../../lib/experiment/spec";
import { runsFolder, tinyTrials } from "../../../test/experiment/tiny-trials";
import { readMetrics, readStatus } from "../../run-log";
import { ready } from "../../tfjs-graph/backend";
import { listRuns } from "../list";
import { writePlan } from "../plan";
import { sweep } from "../sweep-command";
import { skip, startSlurm, until } from "./slurm";

const root = runsFolder("研究 室's 100%A-"); // what Slurm would read as more than a name

const RUNS = 60,
  CHUNK = 10,
  SHORT = 2,
  LONG = 500;

test("60 runs on a real Slurm, a task requeued, the last one at its time limit and one killed: nothing is lost and nothing done twice", {
  skip,
  timeout: 300_000,
}, async () => {
  const cluster = await startSlurm(2);
  try {
    // The first runs of tasks 1, 2, 5 and 6 are long: they will be met in their middle, but for 5, which runs
    // beside 6.
    const isLong = (i: number) => [0, 1, 4, 5].includes(i / CHUNK);
    const trials: Trial[] = (await tinyTrials(root, RUNS, { threads: 1 })).map((trial, i) => ({
      ...trial,
      settings: { ...trial.settings, epochs: isLong(i) ? LONG : SHORT },
    }));
    const plan = writePlan(trials, join(root, "plan.jsonl"));
    const submit = async () => {
      const said: string[] = [],
        { log } = console;
      console.log = (line: string) => void said.push(line);
      try {
        assert.equal(
          await sweep(
            [plan, "--slurm", "--chunk", String(CHUNK), "--processes", "2"],
            new AbortController().signal,
          ),
          0,
        );
      } finally {
        console.log = log;
      }
      return { said, job: /Slurm job (\d+)/.exec(said.join("\n"))?.[1] };
    };
    const steps = (epochs: number) => epochs * 3; // 24 texts in batches of 8
    const long = (seed: number) => listRuns().find(({ settings }) => settings.initSeed === seed);
    const underWay = (seed: number) =>
      until(`run ${seed} to be in its middle`, () => {
        const run = long(seed),
          last =
            run && existsSync(join(run.folder, "metrics.jsonl")) ? readMetrics(run.folder).at(-1) : undefined;
        return run && last && last.step > 30 && last.step < steps(LONG) - 30 && run;
      });
    const idle = () =>
      until(
        "Slurm to finish",
        () =>
          cluster
            .ask("squeue", "--noheader", "--states=all", "--format=%T")
            .split("\n")
            .every((state) => !/PENDING|RUNNING|COMPLETING|REQUEUE/.test(state)),
        150,
      );

    const { job, said } = await submit();
    assert.match(said[0], /^60 of 60 runs are missing: tasks 1-6, lines 1-60$/);
    await underWay(1);
    cluster.ask("scontrol", "requeue", `${job}_1`);
    const signal = async (seed: number, name: NodeJS.Signals) =>
      process.kill(readStatus((await underWay(seed)).folder)?.pid as number, name);
    await signal(1 + CHUNK, "SIGKILL");
    // What Slurm sends before the time limit, to the task that starts last: in it SLURM_JOB_ID is the array's
    // number.
    await signal(1 + 5 * CHUNK, "SIGUSR1");
    for (const task of [1, 6]) {
      await until(`task ${task} to be back in the queue`, () =>
        cluster.ask("scontrol", "show", "job", `${job}_${task}`).includes("Restarts=1"),
      );
      await until(
        `task ${task} to wait`,
        () => cluster.ask("squeue", "--noheader", `--jobs=${job}_${task}`, "--format=%T") === "PENDING",
      );
      cluster.ask("scontrol", "update", `JobId=${job}_${task}`, "StartTime=now"); // Slurm lets a requeued task rest for two minutes
    }
    await idle();
    const restarts = cluster
      .ask("scontrol", "show", "job", `${job}`)
      .split("\n\n")
      .map((task) => [Number(/ArrayTaskId=(\d+)/.exec(task)?.[1]), Number(/Restarts=(\d+)/.exec(task)?.[1])])
      .sort(([a], [b]) => a - b);
    assert.deepEqual(restarts, [
      [1, 1],
      [2, 0],
      [3, 0],
      [4, 0],
      [5, 0],
      [6, 1],
    ]);

    assert.ok(existsSync(join(root, "runs", "slurm", "plan", `${job}_1.log`)));

    const again = await submit();
    assert.match(again.said[0], /^10 of 60 runs are missing: tasks 2, lines 11-20$/); // the killed task's
    await idle();
    const last = await submit();
    assert.deepEqual([last.said, last.job], [["0 of 60 runs are missing"], undefined]);

    await ready();
    const done = trials.map((trial) => storedTrial(trial)?.folder);
    assert.ok(done.every((one) => one !== undefined));
    const attempts = trials.map((_, i) => readStatus(done[i] as string)?.attempts);
    assert.deepEqual(
      attempts,
      trials.map((_, i) => (isLong(i) && i !== 4 * CHUNK ? 2 : 1)),
    );
    for (const [i, trial] of trials.entries()) {
      // every step once
      const trained = readMetrics(done[i] as string)
        .filter((line) => "train/loss" in line)
        .map(({ step }) => step);
      assert.deepEqual(
        trained,
        Array.from({ length: steps(trial.settings.epochs) }, (_, k) => k + 1),
        `run ${i + 1}`,
      );
    }
    const { notes } = JSON.parse(readFileSync(join(done[0] as string, "result.json"), "utf8")).result as {
      notes: string[];
    };
    assert.match(notes.join(), /went on after step \d+ of 1500|not of code/); // where lib/ is being edited meanwhile it starts anew
  } catch (error) {
    const logs = join(root, "runs", "slurm", "plan");
    for (const name of existsSync(logs) ? readdirSync(logs) : [])
      console.error(`${name}: ${readFileSync(join(logs, name), "utf8").slice(-600)}`);
    console.error(cluster.ask("squeue", "--states=all"));
    throw error;
  } finally {
    await cluster.stop();
  }
});
