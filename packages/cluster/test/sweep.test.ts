import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { keyOf } from "../../../lib/experiment/key";
import { MISSING_VARIABLE } from "../../../lib/experiment/missing";
import type { Job } from "../../../lib/experiment/pool";
import { runFolder } from "../../../lib/experiment/run";
import type { Trial } from "../../../lib/experiment/spec";
import { runTrials } from "../../../lib/experiment/trials";
import { projectRoot } from "../../../lib/support/files";
import { runsFolder, tinyTrials } from "../../../test/experiment/tiny-trials";
import { readStatus } from "../../run-log";
import { threadCount } from "../../tfjs-graph/environment";
import { arrayOf, linesOf, slurmName, slurmScript, taskNumber, tasksOf } from "../batch";
import { listRuns } from "../list";
import { readPlan, writePlan } from "../plan";
import { openPlan, runLines, runPlan } from "../sweep";

const root = runsFolder();

let trials: Trial[];
const plan = join(root, "plan", "test.jsonl");
before(async () => {
  trials = await tinyTrials(root, 3, { threads: threadCount }); // so that runLines can do them in this process
  writePlan(trials, plan);
});

test("a plan gives back the trials it was written from", () => {
  assert.deepEqual(
    readPlan(plan).map(({ dataset, ...rest }) => ({ ...rest, dataset: dataset.sha256 })),
    trials.map(({ dataset, ...rest }) => ({ ...rest, dataset: dataset.sha256 })),
  );
});

test("a plan names no folder of the machine", () => {
  const text = readFileSync(plan, "utf8");
  assert.ok(!text.includes(root) && !text.includes(projectRoot), text.slice(0, 400));
  const [inProject] = writePlan(
    [{ ...trials[0], model: { ...trials[0].model, folder: join(projectRoot, "data", "model") } }],
    join(root, "other", "p.jsonl"),
  ).split("\n");
  assert.match(readFileSync(inProject, "utf8"), /"folder":"project:data\/model"/);
});

test("a sweep goes on when a run fails, gives its process's run to another when that is killed, and tells both", async () => {
  const broken: Trial = {
    ...trials[0],
    system: "broken",
    settings: { ...trials[0].settings, freeze: "last 9" },
  };
  const longer: Trial = { ...trials[0], system: "longer", settings: { ...trials[0].settings, epochs: 200 } };
  const path = writePlan([broken, longer, trials[0]], join(root, "plan", "broken.jsonl"));
  const seen: string[] = [];
  let killed = false;
  const onJobs = (jobs: readonly Job[]) => {
    seen.push(jobs.map(({ state }) => state[0]).join(""));
    if (killed || jobs[1].state !== "running" || jobs[1].share === 0) return;
    process.kill(workerPid(), "SIGKILL");
    killed = true;
  };
  const { crashed, ...counts } = await runPlan(path, { processes: 1, onJobs });
  assert.deepEqual(
    [counts, crashed.map(({ name }) => name), killed],
    [{ runs: 3, stored: 0, done: 2 }, ["broken, test, seed 1"], true],
  );
  assert.match(crashed[0].error, /freeze mode "last 9"/);
  assert.deepEqual([seen[0], seen.at(-1)], ["www", "cdd"]);
});

test("a run whose process is asked to end is given to another, which goes on", async () => {
  const path = writePlan(
    [{ ...trials[0], settings: { ...trials[0].settings, epochs: 201 } }],
    join(root, "plan", "asked.jsonl"),
  );
  let asked = false;
  const onJobs = ([{ state, share }]: readonly Job[]) => {
    if (asked || state !== "running" || share === 0) return;
    process.kill(workerPid(), "SIGTERM");
    asked = true;
  };
  const { done, crashed } = await runPlan(path, { processes: 1, onJobs });
  assert.deepEqual([done, crashed, asked], [1, [], true]);
});

test("only what is missing is run, and on another machine the plan's copy does", async () => {
  const elsewhere = join(root, "elsewhere");
  cpSync(join(root, "plan"), join(elsewhere, "plan"), { recursive: true });
  cpSync(join(root, "model"), join(elsewhere, "model"), { recursive: true });
  assert.deepEqual((await openPlan(join(elsewhere, "plan", "test.jsonl"))).missing, [2, 3]); // run 1 was in the sweep before
  const result = await runPlan(join(elsewhere, "plan", "test.jsonl"), { processes: 1 });
  assert.deepEqual(result, { runs: 3, stored: 1, done: 2, crashed: [] });
  assert.deepEqual((await openPlan(plan)).missing, []); // here they count as done
});

test("two sweeps of the same plan share it: no run is trained twice, neither ends before all are done", async () => {
  const path = writePlan(
    trials.map((trial) => ({ ...trial, settings: { ...trial.settings, epochs: 30 } })),
    join(root, "plan", "shared.jsonl"),
  );
  const both = await Promise.all([runPlan(path, { processes: 1 }), runPlan(path, { processes: 1 })]);
  assert.deepEqual(
    both.map(({ done, crashed }) => [done, crashed.length]),
    [
      [3, 0],
      [3, 0],
    ],
  );
  const attempts = listRuns()
    .filter(({ settings }) => settings.epochs === 30)
    .map(({ status }) => status?.attempts);
  assert.deepEqual(attempts, [1, 1, 1]);
});

test("the command loads no TensorFlow before a task's threads are set", () => {
  const script = `require("./packages/cluster/sweep-command.ts");
    process.exit(Object.keys(require.cache).some((path) => path.includes("tfjs-node")) ? 1 : 0);`;
  assert.equal(
    spawnSync(process.execPath, ["--import", "tsx", "-e", script], { cwd: projectRoot }).status,
    0,
  );
});

test("where a list is wanted, what is missing is written down, not run", async () => {
  const more = [trials[0], { ...trials[1], settings: { ...trials[1].settings, epochs: 4 } }];
  const list = join(root, "missing.jsonl");
  process.env[MISSING_VARIABLE] = list;
  await assert.rejects(
    runTrials(more),
    /ListedError: 1 runs without a result are listed in .*missing\.jsonl/,
  );
  delete process.env[MISSING_VARIABLE];
  assert.equal((JSON.parse(readFileSync(list, "utf8")) as Trial).settings.epochs, 4);
});

test("a task does its lines in this process", async () => {
  const path = writePlan(
    [trials[0], { ...trials[1], settings: { ...trials[1].settings, epochs: 2 } }],
    join(root, "plan", "task.jsonl"),
  );
  assert.deepEqual(await runLines(path, { lines: linesOf(1, 4) }), {
    runs: 2,
    stored: 1,
    done: 1,
    crashed: [],
  });
});

test("another model than planned with, a missing data set and a broken line are named", async () => {
  const other = join(root, "other-model");
  cpSync(join(root, "model"), other, { recursive: true });
  writeFileSync(join(other, "vocab.txt"), readFileSync(join(other, "vocab.txt"), "utf8").replace("て", "☺"));
  await assert.rejects(openPlan(plan, { model: other }), /is not the model that the plan was made with/);
  mkdirSync(join(root, "alone"));
  cpSync(plan, join(root, "alone", "test.jsonl"));
  assert.throws(
    () => readPlan(join(root, "alone", "test.jsonl")),
    /line 1: the data set datasets\/\w+\.jsonl is not there: copy the folder datasets/,
  );
  writeFileSync(join(root, "alone", "bad.jsonl"), "{\n");
  assert.throws(
    () => readPlan(join(root, "alone", "bad.jsonl")),
    /bad\.jsonl, line 1: .*write the plan again/,
  );
});

test("runs that are stored damaged and lines that are no runs end no sweep: each is named, and the rest is done", async () => {
  const longer = [...Array(7).keys()].map(
    (i): Trial => ({ ...trials[0], settings: { ...trials[0].settings, epochs: 40 + i } }),
  );
  const path = writePlan(longer, join(root, "plan", "damaged.jsonl"));
  const texts = ["{", "null", '{"result":null}', '{"result":{"gold":[1]}}', '{"madeWith":{},"result":[]}'];
  const folders = longer.map((trial) => runFolder(keyOf(trial)));
  texts.forEach((text, i) => {
    mkdirSync(folders[i], { recursive: true });
    writeFileSync(join(folders[i], "result.json"), text);
  });
  mkdirSync(join(folders[5], "result.json"), { recursive: true });
  writeFileSync(path, `${readFileSync(path, "utf8")}{"broken": \nnull\n`);
  assert.deepEqual((await openPlan(path)).missing, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const { crashed, ...counts } = await runPlan(path, { processes: 1 });
  assert.deepEqual(counts, { runs: 9, stored: 0, done: 1 });
  assert.equal(crashed.length, 8);
  crashed.slice(0, 2).forEach(({ error }, i) => {
    assert.match(error, new RegExp(`damaged\\.jsonl, line ${8 + i}.*write the plan again`));
  });
  crashed.slice(2).forEach(({ error }, i) => {
    assert.ok(error.includes(`${join(folders[i], "result.json")} is damaged (`), error);
    assert.match(error, /: delete the folder and run again$/);
  });
  const task = await runLines(path, { lines: [4, 7, 8] });
  assert.deepEqual([task.stored, task.crashed.length], [1, 2]);
});

test("a line of another data set's hash, or of a model's that is none, is refused", () => {
  const [line] = readFileSync(plan, "utf8").split("\n");
  const { dataset, model, ...rest } = JSON.parse(line) as Trial;
  const path = join(root, "plan", "hashes.jsonl");
  const other = { ...rest, dataset: { ...dataset, sha256: "../".repeat(20) }, model };
  writeFileSync(path, `${line}\n${JSON.stringify(other)}\n`);
  assert.throws(() => readPlan(path), /line 2: .* is not the data set of the plan/);
  writeFileSync(path, JSON.stringify({ ...rest, dataset, model: { ...model, sha256: "../../x" } }));
  assert.throws(() => readPlan(path), /line 1: model\.sha256 is no hash/);
  for (const experiment of ["../outside", "/tmp/x", "a/b", "..", "a\\b", "a\0b", "a\nb", "x".repeat(201)]) {
    writeFileSync(path, JSON.stringify({ ...rest, experiment, dataset, model }));
    assert.throws(() => readPlan(path), /line 1: experiment .*the name of a folder/);
  }
});

test("an option of sbatch brings no line of its own into the script", () => {
  const options = { tasks: [1], chunk: 1, atOnce: 1, threads: 1, args: ["--model", "/m\n$(touch x)'; y"] };
  assert.throws(
    () => slurmScript("/plan.jsonl", "/log", { ...options, more: ["--comment=a\nrm -r runs"] }),
    /has more than one line/,
  );
  const folder = join(root, "script");
  mkdirSync(folder);
  const script = slurmScript("/$(touch x).jsonl", "/`touch x`.log", {
    ...options,
    more: ["--comment=$(touch x)"],
  })
    .replace(/^cd .*$/m, `cd '${folder}'`)
    .replace(/^exec .*?node'/m, "printf '%s|'");
  const run = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  assert.match(run.stdout, /\|\/\$\(touch x\)\.jsonl\|--task\|.*\|--model\|\/m\n\$\(touch x\)'; y\|$/);
  assert.deepEqual(readdirSync(folder), []);
});

test("lines become tasks and arrays of a batch system", () => {
  assert.deepEqual(
    [linesOf(2, 6), tasksOf([7, 12, 13, 1], 6), arrayOf([1, 2, 3, 7, 9, 10])],
    [[7, 8, 9, 10, 11, 12], [1, 2, 3], "1-3,7,9-10"],
  );
});

test("the task's number comes from Slurm, Grid Engine or PBS", () => {
  assert.deepEqual(
    [{ SLURM_ARRAY_TASK_ID: "3" }, { SGE_TASK_ID: "4" }, { PBS_ARRAY_INDEX: "5" }, { PBS_ARRAYID: "6" }].map(
      (env) => taskNumber(env),
    ),
    [3, 4, 5, 6],
  );
  assert.throws(() => taskNumber({ SGE_TASK_ID: "undefined" }), /no task number/);
});

test("a task that goes back into Slurm's queue names itself, not the array, and a job without tasks its number", () => {
  const last = { SLURM_JOB_ID: "12", SLURM_ARRAY_JOB_ID: "12", SLURM_ARRAY_TASK_ID: "6" };
  assert.deepEqual([last, { SLURM_JOB_ID: "13" }, {}].map(slurmName), ["12_6", "13", undefined]);
});

test("a script for Slurm throttles, can be requeued, and hands signals to Node", () => {
  const script = slurmScript("/home/it's/plan.jsonl", "/logs/%A_%a.log", {
    tasks: [1, 2, 5],
    chunk: 6,
    atOnce: 4,
    threads: 2,
    more: ["--time=60", "--comment=for 修論"],
    args: [],
  });
  for (const line of [
    "#SBATCH --array=1-2,5%4",
    "#SBATCH --requeue",
    "#SBATCH --signal=B:USR1@120",
    "#SBATCH --cpus-per-task=2",
    "#SBATCH --time=60",
    "#SBATCH '--comment=for 修論'",
  ])
    assert.ok(script.includes(`${line}\n`), line);
  assert.match(
    script,
    /^exec '.*node' '--import' 'tsx' 'packages\/cluster\/sweep-command\.ts' '\/home\/it'\\''s\/plan\.jsonl' '--task' '--chunk' '6'$/m,
  );
});

/** The process that works on a run of the experiment "test". */
function workerPid(): number {
  const experiment = join(process.env.KOMALAB_RUNS as string, "test");
  const folders = readdirSync(experiment).filter((name) => !name.endsWith(".lock"));
  return folders
    .map((name) => readStatus(join(experiment, name)))
    .find((status) => status?.state === "running")?.pid as number;
}
