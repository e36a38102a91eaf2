import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type RunKey, runOnce } from "../../../lib/experiment/run";
import { listRuns } from "../list";
import { runs } from "../runs-command";

const root = mkdtempSync(join(tmpdir(), "runs-command-"));
process.env.KOMALAB_RUNS = root;
after(() => rmSync(root, { recursive: true }));

const key = (settings: Record<string, unknown>): RunKey => ({
  experiment: "01-manga",
  settings: { learningRate: 5e-5, ...settings },
  data: "d",
  model: "m",
});
const about = { system: "BERT last, 「線形」", testSet: "ギャグ" };
const make = (settings: Record<string, unknown>, accuracy: number) =>
  runOnce(key(settings), async () => ({ test: { n: 8, accuracy, f1: 0.5 }, seconds: 60 }), { about });
const ids = new Map<string, string>();

before(async () => {
  for (const [name, freeze, accuracy] of [
    ["a", "last", 0.75],
    ["b", "fixed", 0.5],
  ] as const) {
    const { folder } = await make({ freeze }, accuracy);
    ids.set(name, folder.split("/").at(-1) as string);
  }
  await assert.rejects(
    runOnce(
      key({ freeze: "all" }),
      async () => {
        throw new Error("no memory");
      },
      { about },
    ),
  );
});
const id = (name: string) => ids.get(name) as string;

test("the list tells what was run, its metrics and what crashed", async () => {
  const listed = await runs([]);
  assert.match(listed, new RegExp(`${id("a").slice(0, 8)} \\| 01-manga +\\| BERT last.*ギャグ.*0\\.750`));
  assert.match(listed, /crashed: no memory/);
  assert.match(listed, /3 runs: .*2 done/);
});

test("--where leaves the runs with these settings, and names the settings there are", async () => {
  assert.match(await runs(["--where", "freeze=last"]), /1 run: 1 done/);
  assert.match(await runs(["--where", "state=crashed"]), /1 run: 1 crashed/);
  await assert.rejects(
    runs(["--where", "freez=last"]),
    /no run has freez; there are learningRate, freeze, system/,
  );
  await assert.rejects(runs(["--where", "freeze=lasst"]), /no run has it; freeze is all, fixed, last$/);
  await assert.rejects(runs(["--experiment", "02"]), /no run is of it; there are 01-manga$/);
});

test("a failed run and a diverged one say so, and are found by it", async () => {
  const made = { test: { n: 3, accuracy: 0.5 }, seconds: 60 };
  const { folder } = await runOnce(key({ freeze: "bias" }), async () => ({ ...made, failed: true }));
  const other = await runOnce(key({ freeze: "bias", seed: 2 }), async () => ({
    ...made,
    failed: true, // as results said before
    diverged: "the loss is NaN at step 3",
  }));
  assert.match(
    await runs(["--where", "freeze=bias"]),
    /done, failed[\s\S]*done, diverged[\s\S]*2 runs: 2 done; of those done 1 failed, 1 diverged/,
  );
  assert.match(await runs(["--where", "ending=diverged"]), /1 run: 1 done/);
  for (const one of [folder, other.folder]) rmSync(one, { recursive: true });
});

test("of three classes no F1 of one of them is listed, whatever the result says", async () => {
  const confusion = [
    [2, 0, 0],
    [0, 1, 1],
    [0, 0, 0],
  ];
  const { folder } = await runOnce(key({ freeze: "lora" }), async () => ({
    test: { n: 4, accuracy: 0.75, f1: 0.9, macroF1: 0.9 },
    confusion,
    seconds: 60,
  }));
  const { metrics } = listRuns().find((run) => run.folder === folder)!;
  assert.deepEqual([metrics.f1, metrics.accuracy, metrics.macroF1], [undefined, 0.75, (1 + 2 / 3) / 3]);
  rmSync(folder, { recursive: true });
});

test("compared, runs show the settings that differ and no others", async () => {
  const compared = await runs(["compare", id("a"), id("b")]);
  assert.match(compared, /freeze +\| last +\| fixed/);
  assert.match(compared, /accuracy +\| +0\.750 \| +0\.500/);
  assert.doesNotMatch(compared, /learningRate/);
});

test("one run shows its settings unrounded", async () =>
  assert.match(await runs(["show", id("a")]), /learningRate +\| 0\.00005/));

test("the CSV begins with the mark that Excel needs and quotes commas", async () => {
  const file = join(root, "all.csv");
  await runs(["export", file]);
  const text = readFileSync(file, "utf8");
  assert.ok(text.startsWith("\ufeffrun,experiment,system,"));
  const [line] = text.split("\r\n").filter((one) => one.startsWith(id("a")));
  assert.ok(line.startsWith(`${id("a")},01-manga,"BERT last, 「線形」",ギャグ,done,8,0.75,0.5,60,`), line);
});

test("nothing is removed unless it is named and agreed to", async () => {
  await assert.rejects(runs(["remove"]), /needs names/);
  await assert.rejects(runs(["remove", id("b")]), /Say --yes/);
  assert.equal(await runs(["remove", id("b"), "--yes"]), "removed 1 run");
  assert.deepEqual(
    listRuns()
      .map(({ settings }) => settings.freeze)
      .sort(),
    ["all", "last"],
  );
});

test("numbers of --where are compared as numbers", async () =>
  assert.match(await runs(["--where", "learningRate=5.0E-5", "--where", "freeze=last"]), /1 run: 1 done/));

test("a run whose process is gone is lost; one that is being trained is not removed", async () => {
  const { folder } = await make({ freeze: "last 2" }, 1);
  rmSync(join(folder, "result.json"));
  const status = (pid: number) =>
    writeFileSync(
      join(folder, "status.json"),
      JSON.stringify({ state: "running", heartbeat: new Date().toISOString(), pid, host: hostname() }),
    );
  status(process.pid);
  await assert.rejects(runs(["remove", "--where", "freeze=last 2", "--yes"]), /is being trained by process/);
  status(2 ** 22 + 1); // above the largest process number of Linux
  assert.match(await runs(["--where", "freeze=last 2"]), /1 lost/);
  assert.equal(existsSync(folder), true);
});

test("a run on another machine is running while its lock is held, whatever that machine's clock says", async () => {
  const { folder } = await make({ freeze: "last 3" }, 0.5);
  rmSync(join(folder, "result.json"));
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  const status = { state: "running", heartbeat: hourAgo, pid: 1, host: "another-machine" };
  writeFileSync(join(folder, "status.json"), JSON.stringify(status));
  const state = () => listRuns(root).find((run) => run.folder === folder)?.state;
  writeFileSync(`${folder}.lock`, "1 another-machine");
  const held = state();
  rmSync(`${folder}.lock`);
  assert.deepEqual([held, state()], ["running", "lost"]);
  rmSync(folder, { recursive: true });
});

test("a damaged folder is listed as lost and hides none of the others", async () => {
  const before = listRuns(root).length;
  const damaged = [
    ["config.json", "[]"],
    ["status.json", "null"],
    ["result.json", "null"],
    ["result.json", '{"finished": 5, "madeWith": null, "result": 5}'],
  ].map(([name, text], i) => {
    const folder = join(root, "01-manga", `00000000000${i}`);
    mkdirSync(folder);
    writeFileSync(join(folder, name), text);
    return folder;
  });
  const listed = listRuns(root);
  assert.equal(listed.length, before + damaged.length);
  for (const folder of damaged)
    assert.equal(listed.find((run) => run.folder === folder)?.state, "lost", folder);
  assert.match(await runs([]), /\d lost/);
  for (const folder of damaged) rmSync(folder, { recursive: true });
});

test("scores of another shape are left out of the list", async () => {
  const { folder } = await make({ freeze: "last 4" }, 0.25);
  const result = { test: { accuracy: "high", f1: 0.5 }, confusion: [1, 2, 3], seconds: 60 };
  writeFileSync(join(folder, "result.json"), JSON.stringify({ finished: 5, madeWith: [], result }));
  assert.deepEqual(listRuns(root).find((run) => run.folder === folder)?.metrics, { f1: 0.5, seconds: 60 });
  assert.match(await runs(["--where", "freeze=last 4"]), /1 run: 1 done/);
  rmSync(folder, { recursive: true });
});
