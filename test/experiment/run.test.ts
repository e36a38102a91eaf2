import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { BusyError, KEY_FORMAT, type RunKey, runFolder, runOnce, storedRun } from "../../lib/experiment/run";
import { projectRoot } from "../../lib/support/files";
import { describeChanges, versions } from "../../lib/versions";
import { listRuns } from "../../packages/cluster/list";
import { readStatus } from "../../packages/run-log";

const folder = mkdtempSync(join(tmpdir(), "runs-"));
process.env.KOMALAB_RUNS = folder;
after(() => rmSync(folder, { recursive: true }));

const key = (settings: Record<string, unknown>): RunKey => ({
  experiment: "test",
  settings,
  data: "d",
  model: "m",
});

test("the order of settings does not make another run", () => {
  assert.equal(runFolder(key({ a: 1, b: 2 })), runFolder(key({ b: 2, a: 1 })));
});

test("any changed setting is another run", () => {
  assert.notEqual(runFolder(key({ a: 1, b: { c: 2 } })), runFolder(key({ a: 1, b: { c: 3 } })));
});

test("what is stored is not done again", async () => {
  let done = 0;
  const work = async () => ({ value: ++done });
  await runOnce(key({ stored: 1 }), work);
  const again = await runOnce(key({ stored: 1 }), work);
  assert.deepEqual([done, again.result.value, again.reused], [1, 1, true]);
});

test("forced work is done again", async () => {
  let done = 0;
  const work = async () => ++done;
  await runOnce(key({ forced: 1 }), work);
  assert.equal((await runOnce(key({ forced: 1 }), work, { force: true })).result, 2);
});

test("work that fails leaves no result", async () => {
  await assert.rejects(
    runOnce(key({ fails: 1 }), async () => {
      throw new Error("no memory");
    }),
    /no memory/,
  );
  assert.equal(storedRun(key({ fails: 1 })), undefined);
});

test("two who want the same run do it once", async () => {
  let done = 0;
  const work = async () => {
    await new Promise((wake) => setTimeout(wake, 50));
    return ++done;
  };
  const both = await Promise.all([runOnce(key({ both: 1 }), work), runOnce(key({ both: 1 }), work)]);
  assert.deepEqual(
    both.map(({ result }) => result),
    [1, 1],
  );
});

test("who does not want to wait for another's run is told so", async () => {
  const busy = runOnce(key({ busy: 1 }), () => new Promise((done) => setTimeout(() => done(1), 100)));
  await assert.rejects(
    runOnce(key({ busy: 1 }), async () => 2, { ifBusy: "leave" }),
    BusyError,
  );
  assert.equal((await busy).result, 1);
});

test("the folder tells how a run ended, and with which code and machine it was made", async () => {
  const { folder } = await runOnce(key({ done: 1 }), async () => 1, { about: { system: "fixed + linear" } });
  assert.equal(readStatus(folder)?.state, "done");
  assert.equal(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")).about.system, "fixed + linear");
  const environment = readFileSync(join(folder, "environment.json"), "utf8");
  assert.match(environment, /"node": "\d+\.\d+\.\d+"/);
  for (const name of [hostname(), userInfo().username, projectRoot])
    assert.ok(!environment.includes(`${name}"`), name);
  await assert.rejects(
    runOnce(key({ breaks: 1 }), async () => {
      throw new Error("no memory");
    }),
  );
  assert.deepEqual(
    [readStatus(runFolder(key({ breaks: 1 })))?.state, readStatus(runFolder(key({ breaks: 1 })))?.error],
    ["crashed", "no memory"],
  );
});

test("a damaged status hinders neither the next attempt nor the list of runs", async () => {
  const damaged = key({ damaged: 1 }),
    status = join(runFolder(damaged), "status.json");
  await assert.rejects(
    runOnce(damaged, async () => {
      throw new Error("no memory");
    }),
    /no memory/,
  );
  writeFileSync(status, "");
  assert.equal(listRuns(folder).find((run) => run.folder === runFolder(damaged))?.state, "lost");
  assert.equal((await runOnce(damaged, async () => 1)).result, 1);
});

test("a result of another version is marked with the component that has changed", async () => {
  const { folder } = await runOnce(key({ older: 1 }), async () => 1);
  const path = join(folder, "result.json");
  writeFileSync(path, readFileSync(path, "utf8").replace(/"training": \d+/, '"training": 0'));
  assert.deepEqual(storedRun(key({ older: 1 }))?.changes, [
    { component: "training", from: 0, to: versions.training },
  ]);
});

test("a result from before versions were declared is kept, listed and of an unknown version", async () => {
  const { folder: of } = await runOnce(key({ before: 1 }), async () => ({ seconds: 2 }));
  const path = join(of, "result.json");
  const { madeWith: _, ...file } = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ code: "3e41027aaaaa", ...file }));
  const found = listRuns(folder).find((run) => run.folder === of);
  assert.equal(found?.state, "done");
  assert.equal(describeChanges(found.changes), "version unknown");
  assert.equal(describeChanges(storedRun(key({ before: 1 }))!.changes), "version unknown");
});

test("scores are made anew, once, where the metrics alone have changed", async () => {
  const { folder } = await runOnce(key({ rescored: 1 }), async () => ({ predicted: [1], score: 0 }));
  const path = join(folder, "result.json");
  writeFileSync(path, readFileSync(path, "utf8").replace(/"metrics": \d+/, '"metrics": 0'));
  const rescore = (result: { predicted: number[]; score: number }) => ({ ...result, score: 7 });
  const again = storedRun(key({ rescored: 1 }), { rescore });
  assert.deepEqual([again?.result.score, again?.changes], [7, []]);
  assert.equal(storedRun<typeof again>(key({ rescored: 1 }))?.changes.length, 0);
});

test("the folder of a key is frozen", () => {
  assert.equal(basename(runFolder(key({ a: 1, b: "喜楽" }))), "24de4c1afeb0");
});

test("the resolved settings and hashes are beside the result", async () => {
  const { folder } = await runOnce(key({ kept: "喜楽" }), async () => 1);
  assert.ok(existsSync(join(folder, "config.json")));
  assert.deepEqual(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")), {
    format: KEY_FORMAT,
    ...key({ kept: "喜楽" }),
  });
});

test("a damaged result is named, not read", () => {
  const path = join(runFolder(key({ older: 1 })), "result.json");
  writeFileSync(path, "{");
  assert.throws(() => storedRun(key({ older: 1 })), /result\.json is damaged/);
});
