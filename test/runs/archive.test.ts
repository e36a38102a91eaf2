import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { runs } from "../../lib/report/runs-command";
import { readArchive } from "../../lib/runs/archive";
import { storedTrial, type Trial, type TrialRun } from "../../lib/runs/classification";
import { filterRuns, listRuns } from "../../lib/runs/list";
import { readMetrics } from "../../lib/runs/log";
import { runTrials } from "../../lib/runs/trials";
import { cheapest, verify } from "../../lib/runs/verify";
import { runsFolder, tinyTrials } from "./tiny-trials";

const folder = runsFolder();
const file = join(folder, "results.runs");
let trials: readonly Trial[];
let made: readonly TrialRun[];

before(async () => {
  const [fixed] = await tinyTrials(folder, 1, { freeze: "fixed" });
  const [all] = await tinyTrials(folder, 1, { freeze: "all", epochs: 1, gradientNorms: true });
  trials = [fixed, all];
  made = await runTrials(trials);
});

/** Empties the folder of runs. */
const forget = () => rmSync(process.env.KOMALAB_RUNS!, { recursive: true, force: true });
const inside = (name: string) => readFileSync(join(made[0].folder, name), "utf8");

test("runs come back from an archive as they were, without weights and texts", async () => {
  const predictions = inside("predictions.jsonl");
  assert.match(await runs(["pack", file]), /^2 runs: /);
  assert.doesNotMatch(brotliDecompressSync(readFileSync(file)).toString("utf8"), /とても良い/);
  forget();
  assert.match(await runs(["unpack", file]), /^2 runs added, 0 were here already$/);
  const again = trials.map((trial) => storedTrial(trial)!);
  assert.deepEqual(
    again.map(({ result }) => result),
    made.map(({ result }) => result),
  );
  assert.equal(inside("predictions.jsonl"), predictions);
  assert.equal(existsSync(join(made[0].folder, "trained.safetensors")), false);
});

test("of the steps an archive holds the norms of gradients, which notebooks draw", () => {
  const norms = (run: TrialRun) =>
    readMetrics(run.folder).filter((line) => "train/grad_norm/embeddings" in line).length;
  assert.deepEqual([norms(made[0]), norms(made[1])], [0, 3]);
});

test("a run that is here already stays, and one with other predictions is named", async () => {
  assert.match(await runs(["unpack", file]), /^0 runs added, 2 were here already$/);
  const path = join(made[0].folder, "result.json"),
    stored = inside("result.json");
  const { result, ...rest } = JSON.parse(stored);
  const other = { ...rest, result: { ...result, predicted: result.predicted.map((p: number) => 1 - p) } };
  writeFileSync(path, JSON.stringify(other));
  assert.match(
    await runs(["unpack", file]),
    /1 run have other predictions here and stay.*: test\/[0-9a-f]{12}$/,
  );
  assert.equal(inside("result.json"), JSON.stringify(other));
  assert.match(await runs(["unpack", file, "--replace"]), /1 run replaced/);
  assert.deepEqual(JSON.parse(inside("result.json")), JSON.parse(stored));
});

test("an archive is written over only to add to it", async () => {
  await assert.rejects(runs(["pack", file]), /--add adds to it/);
  const one = join(folder, "one.runs");
  assert.match(await runs(["pack", one, "--where", "freeze=fixed"]), /^1 run: /);
  assert.match(await runs(["pack", one, "--add", "--where", "freeze=all"]), /^2 runs: /);
});

test("a damaged, a foreign and a newer file are told apart before anything is written", () => {
  const bytes = readFileSync(file),
    bad = join(folder, "bad.runs");
  const says = (content: Uint8Array, words: RegExp) => {
    writeFileSync(bad, content);
    assert.throws(() => readArchive(bad), words);
  };
  says(bytes.subarray(0, bytes.length / 2), /bad\.runs is no archive of runs, or was cut off/);
  const text = brotliDecompressSync(bytes).toString("utf8");
  const written = (change: string) => brotliCompressSync(Buffer.from(change));
  says(written("hello\n"), /is no archive of runs: npm run runs -- pack makes one/);
  says(written(text.replace('"epoch"', '"epoche"')), /is damaged, its checksum differs/);
  says(written(text.replace('"format":1', '"format":2')), /has format 2; this komalab reads format 1/);
});

test("the cheapest run of each experiment and freeze mode is verified, to the bit", async () => {
  const chosen = cheapest(listRuns());
  assert.deepEqual(chosen.map(({ settings }) => settings.freeze).sort(), ["all", "fixed"]);
  const verified = await verify(listRuns());
  assert.deepEqual(
    verified.map(({ verdict, words }) => [verdict, words]),
    // the runs came out of an archive, which holds no texts: the data set is stored when a notebook runs
    [
      ["skipped", "its data set is not stored here: execute the notebook, which stores it"],
      ["skipped", "its data set is not stored here: execute the notebook, which stores it"],
    ],
  );
  trials = [...(await tinyTrials(folder, 1, { freeze: "fixed" })), trials[1]];
  assert.deepEqual(
    (await verify(listRuns(), { model: join(folder, "model") })).map(({ verdict }) => verdict),
    ["equal", "equal"],
  );
});

test("a run whose stored predictions another code has made differs", async () => {
  const path = join(made[0].folder, "result.json"),
    { result, ...rest } = JSON.parse(inside("result.json"));
  const predicted = [1 - result.predicted[0], ...result.predicted.slice(1)];
  writeFileSync(path, JSON.stringify({ ...rest, result: { ...result, predicted } }));
  const fixed = filterRuns(listRuns(), { where: ["freeze=fixed"] });
  const [one] = await verify(fixed, { model: join(folder, "model") });
  assert.equal(one.verdict, "differs");
  assert.match(one.words, /^1 of 8 items have another class, probabilities differ by up to 0\.0000$/);
});

test("a run whose model is elsewhere says how it is found", async () => {
  renameSync(join(folder, "model"), join(folder, "moved"));
  const [one] = await verify(filterRuns(listRuns(), { where: ["freeze=fixed"] }));
  assert.match(one.words, /its model is not here \(.*model\): name its folder with --model/);
});
