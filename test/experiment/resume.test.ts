/** Runs that are killed, stopped or interrupted in a process of their own, and go on. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { getEventListeners } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import type { ClassificationResult, Trial, TrialRun } from "../../lib/experiment/spec";
import { runTrials } from "../../lib/experiment/trials";
import { STOPPED } from "../../lib/support/stop";
import { runsFolder, tinyTrials } from "./tiny-trials";
import { inWorker } from "./worker-run";

const folder = runsFolder();

const EPOCHS = 40,
  STEPS = 3 * EPOCHS;
let trial: Trial;
let whole: TrialRun;

const weightsOf = (run: TrialRun) => readFileSync(join(run.folder, "trained.safetensors"));
const numbers = ({ history, notes, seconds, ...rest }: ClassificationResult) => ({
  ...rest,
  history: history.map((record) => ({ ...record, seconds: 0 })),
});

before(async () => {
  const [tiny] = await tinyTrials(folder, 1, { freeze: "all", epochs: EPOCHS, learningRate: 1e-3 });
  trial = { ...tiny, system: "all + linear", checkpointSeconds: 0 };
  [whole] = await runTrials([trial], { processes: 1 });
});

const checkpointsOf = (run: string) => {
  const path = join(run, "checkpoint");
  return existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(".safetensors")) : [];
};

/** The same trial with its runs elsewhere, in a worker; `onStep` hears of every step until the worker has ended. */
const start = (runs: string, onStep: (child: ChildProcess, done: number) => void) =>
  inWorker(trial, { runs: join(folder, runs), onStep });

/** Where a run of `start` is kept. */
const folderIn = (runs: string) =>
  whole.folder.replace(process.env.KOMALAB_RUNS as string, join(folder, runs));

test("killed twice (kill -9), a run goes on to the same bits: metrics, predictions, weights", async () => {
  for (const from of [20, 60]) {
    const { killer } = await start(
      "killed",
      (child, done) => done >= from && checkpointsOf(folderIn("killed")).length > 0 && child.kill("SIGKILL"),
    );
    assert.equal(killer, "SIGKILL");
    assert.ok(!existsSync(join(folderIn("killed"), "result.json")));
  }
  const { output } = await start("killed", () => {});
  assert.ok(output);
  assert.deepEqual(numbers(output.result), numbers(whole.result));
  assert.deepEqual(weightsOf(output), weightsOf(whole));
  assert.match(
    output.result.notes?.join() ?? "",
    /^went on after step \d+ of 120,went on after step \d+ of 120$/,
  );
  const lines = readFileSync(join(output.folder, "metrics.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line.includes("train/loss"));
  assert.equal(lines.length, STEPS, "each step is logged once");
  assert.deepEqual([existsSync(join(output.folder, "checkpoint")), whole.result.notes], [false, undefined]);
});

test("SIGTERM: a worker writes a checkpoint after the step under way and ends with a code of its own", async () => {
  let last = 0;
  const { code } = await start("stopped", (child, done) => {
    if (last === 0 && done >= 50) child.kill("SIGTERM");
    if (done >= 50) last = done;
  });
  assert.equal(code, STOPPED);
  assert.equal(JSON.parse(readFileSync(join(folderIn("stopped"), "status.json"), "utf8")).state, "stopped");
  const { output } = await start("stopped", () => {});
  assert.deepEqual(output?.result.notes, [`went on after step ${last} of 120`], "no step is lost");
  assert.deepEqual(numbers((output as TrialRun).result), numbers(whole.result));
});

test("interrupted, runTrials stops its workers with their checkpoints, and the same call goes on", async () => {
  const more = (orderSeed: number): Trial => ({ ...trial, settings: { ...trial.settings, orderSeed } });
  const trials = [more(2), more(3)],
    controller = new AbortController();
  const onProgress = ({ done }: { readonly done: number }) =>
    done >= 0.5 && controller.abort(new Error("the cell was interrupted"));
  await assert.rejects(
    runTrials(trials, { processes: 2, signal: controller.signal, onProgress }),
    /the cell was interrupted/,
  );
  const { signal } = new AbortController(),
    runs = await runTrials(trials, { processes: 2, signal });
  for (const { result } of runs) assert.match(result.notes?.[0] ?? "", /^went on after step \d+ of 120$/);
  assert.deepEqual(getEventListeners(signal, "abort"), []); // a report has one signal for all notebooks
});
