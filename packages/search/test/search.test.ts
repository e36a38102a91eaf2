import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { MISSING_VARIABLE } from "../../../lib/experiment/missing";
import type { Trial } from "../../../lib/experiment/spec";
import { runTrials } from "../../../lib/experiment/trials";
import type { Task } from "../../../lib/study/task";
import { projectRoot, readJsonLines } from "../../../lib/support/files";
import { runsFolder } from "../../../test/experiment/tiny-trials";
import { readStatus } from "../../run-log";
import { type Found, finalTest, planSearch, type Search, search } from "..";
import { SEARCH, tinyTask } from "./tiny-task";

const root = runsFolder();
let task: Task, found: Found;
before(async () => {
  task = await tinyTask(root);
  found = await search(task, SEARCH);
});

/** Folders of the runs of a search that have a result, with when it was written. */
const resultsOf = (name: string): Map<string, number> => {
  const folder = join(process.env.KOMALAB_RUNS!, name);
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder)
      .map((id) => join(folder, id, "result.json"))
      .filter(existsSync)
      .map((path) => [path, statSync(path).mtimeMs]),
  );
};
const shape = ({ rungs }: Found) =>
  rungs.map(({ standings }) =>
    standings.map(({ candidate, seeds, kept }) => [candidate.name, seeds.length, kept]),
  );

test("each rung has the candidates that the one before kept, with as many seeds as it says", () => {
  const [first, last] = shape(found);
  assert.deepEqual(
    [first!.length, first!.map(([, seeds]) => seeds), first!.filter(([, , kept]) => kept).length],
    [4, [1, 1, 1, 1], 2],
  );
  assert.deepEqual(
    last!.map(([name]) => name).sort(),
    first!
      .slice(0, 2)
      .map(([name]) => name)
      .sort(),
  );
  assert.deepEqual(
    last!.map(([, seeds]) => seeds),
    [3, 3],
  );
  assert.equal(found.winner.name, last![0]![0]);
});

test("a rate that learns is chosen before one that does not", () =>
  assert.equal(found.winner.settings.learningRate, 1e-2));

test("as many runs are trained as the budget says, each once", () => {
  const paths = [...resultsOf("search").keys()];
  assert.deepEqual([found.budget.runs, found.runs.length, paths.length], [8, 8, 8]);
  assert.deepEqual(
    paths.map((path) => readStatus(join(path, ".."))?.attempts),
    paths.map(() => 1),
  );
});

test("asked for again nothing is trained, and the same is found", async () => {
  const stored = resultsOf("search"),
    again = await search(task, SEARCH);
  assert.deepEqual(shape(again), shape(found));
  assert.ok(again.runs.every(({ reused }) => reused));
  assert.deepEqual(resultsOf("search"), stored);
});

test("other test labels train nothing and change no choice", async () => {
  const [{ test: tested }] = task.splits,
    labels = task.labels.map((label, i) => (tested.includes(i) ? 1 - label : label));
  const again = await search({ ...task, labels }, SEARCH);
  assert.ok(again.runs.every(({ reused }) => reused));
  assert.deepEqual(shape(again), shape(found));
});

test("other validation labels are other runs: they decide", async () => {
  const { trialsOf, candidates } = await planSearch(task, SEARCH),
    [{ validation }] = task.splits;
  const labels = task.labels.map((label, i) => (validation.includes(i) ? 1 - label : label));
  const turned = await planSearch({ ...task, labels }, SEARCH);
  assert.notEqual(
    turned.trialsOf(turned.candidates[0], 1)[0].dataset.sha256,
    trialsOf(candidates[0], 1)[0].dataset.sha256,
  );
});

test("killed in the middle of a rung it goes on: what was done is not trained again", async () => {
  for (const path of resultsOf("search").keys()) rmSync(join(path, ".."), { recursive: true });
  const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "killed-search.ts"), root], {
    cwd: projectRoot,
    stdio: "ignore",
  });
  while (resultsOf("search").size < 2) await pause(20);
  child.kill("SIGKILL");
  await once(child, "exit");
  await pause(1000); // its worker ends with it
  const done = resultsOf("search");
  assert.ok(done.size < 8, `${done.size} runs were done before the kill came`);
  const again = await search(task, SEARCH);
  const after = resultsOf("search");
  assert.deepEqual(
    [...done].filter(([path, at]) => after.get(path) !== at),
    [],
  );
  assert.equal(after.size, 8);
  assert.deepEqual(shape(again), shape(found));
});

test("where runs are to be listed, each rung is a plan of its own", async () => {
  const own = { ...SEARCH, name: "planned" },
    list = join(root, "missing.jsonl");
  const sizes: number[] = [];
  while (sizes.length < 4) {
    process.env[MISSING_VARIABLE] = list;
    const ended = await search(task, own).then(
      () => true,
      (error: Error) => error.name !== "ListedError",
    );
    delete process.env[MISSING_VARIABLE];
    if (ended) break;
    const trials = readJsonLines<Trial>(list);
    sizes.push(trials.length);
    await runTrials(trials, { processes: 1 });
  }
  assert.deepEqual(sizes, [4, 4]);
  assert.deepEqual(shape(await search(task, own)), shape(found));
});

test("candidates that diverge or crash rank last, and are counted", async () => {
  const broken = await search(task, {
    ...{ ...SEARCH, name: "broken", seeds: [1, 2], keep: 0.5 },
    candidates: { freeze: ["last 9", "last"], learningRate: [1e12, 1e-2] },
  } as Search);
  const [{ standings }] = broken.rungs;
  assert.deepEqual(
    standings.map(({ candidate, diverged, crashed }) => [candidate.name, diverged, crashed]).slice(0, 2),
    [
      ["freeze last, learningRate 0.01", 0, 0],
      ["freeze last, learningRate 1000000000000", 1, 0],
    ],
  );
  assert.deepEqual(
    standings.slice(2).map(({ crashed, score }) => [crashed, score]),
    [
      [1, Number.NaN],
      [1, Number.NaN],
    ],
  );
  assert.equal(broken.winner.name, "freeze last, learningRate 0.01");
  assert.deepEqual([broken.crashes.length, broken.runs.length], [2, 4]);
  assert.match(broken.crashes[0], /freeze mode "last 9"/);
});

test("where every candidate crashes that is said, with the reason", () =>
  assert.rejects(
    search(task, { ...SEARCH, name: "crashed", settings: { freeze: "last 9" } }),
    /all 4 candidates crashed, for instance .*freeze mode "last 9"/,
  ));

test("two candidates that are the same run are refused", () =>
  assert.rejects(
    planSearch(task, { ...SEARCH, candidates: { loraRank: [2, 4] }, seeds: [1] }),
    /"loraRank 2" and "loraRank 4" are the same run.*take one out/,
  ));

test("a metric that these classes do not have is refused before anything is trained", () =>
  assert.rejects(
    planSearch({ ...task, classes: ["悪い", "良い", "普通"] }, { ...SEARCH, metric: "f1" }),
    /f1 of 3 classes .* is that of one: name it .*, or take macroF1/,
  ));

test("the final test has fresh seeds for both, on the test lines", async () => {
  const { results, same } = await finalTest(found, { seeds: 2, defaults: { learningRate: 1e-5, epochs: 4 } });
  assert.equal(same, false);
  assert.deepEqual(
    results.runs.map(({ trial, result }) => [
      trial.system,
      trial.settings.initSeed,
      trial.settings.orderSeed,
      result.items.length,
    ]),
    [
      ["searched", 4, 4, 8],
      ["searched", 5, 5, 8],
      ["defaults", 4, 4, 8],
      ["defaults", 5, 5, 8],
    ],
  );
  assert.deepEqual(
    results.runs[0].result.items,
    task.splits[0].test.map((i) => task.items[i].id),
  );
});

test("where the defaults are chosen nothing is compared, and that is said", async () => {
  const { results, same, verdict } = await finalTest(found, { seeds: 1, defaults: found.winner.settings });
  assert.deepEqual([same, results.runs.map(({ trial }) => trial.system)], [true, ["defaults"]]);
  assert.match(verdict.en, /chose the default settings/);
});
