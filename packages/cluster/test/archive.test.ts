/** Runs that travel as one file. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { before, test } from "node:test";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { storedTrial } from "../../../lib/experiment/classification";
import type { Trial, TrialRun } from "../../../lib/experiment/spec";
import { runTrials } from "../../../lib/experiment/trials";
import { sha256, withLock } from "../../../lib/support/files";
import { runsFolder, tinyTrials } from "../../../test/experiment/tiny-trials";
import { readArchive, unpack, writeArchive } from "../archive";
import { runs } from "../runs-command";

const folder = runsFolder();
const [file, bad] = ["results.runs", "bad.runs"].map((name) => join(folder, name));
let trials: readonly Trial[];
let made: readonly TrialRun[];

before(async () => {
  const settings = [
    { freeze: "fixed" },
    { freeze: "all", epochs: 1, gradientNorms: true },
    { freeze: "last", learningRate: 1e30, clipNorm: 0 },
  ] as const;
  trials = (await Promise.all(settings.map((own) => tinyTrials(folder, 1, own)))).flat();
  made = await runTrials(trials);
});

const root = () => process.env.KOMALAB_RUNS!;
const forget = () => rmSync(root(), { recursive: true, force: true });
const idOf = ({ folder: place }: TrialRun) => basename(place);
const stored = (name: string) => readFileSync(join(made[0].folder, name), "utf8");
const contents = () => {
  const bytes = readFileSync(file);
  return brotliDecompressSync(bytes.subarray(bytes.indexOf("\n") + 1)).toString("utf8");
};

/** Changes the result of the first run, as another code would have made it, while `work` is done. */
async function withResult(change: (result: TrialRun["result"]) => object, work: () => Promise<void>) {
  const path = join(made[0].folder, "result.json"),
    kept = stored("result.json"),
    { result, ...rest } = JSON.parse(kept);
  writeFileSync(path, JSON.stringify({ ...rest, result: { ...result, ...change(result) } }));
  await work();
  writeFileSync(path, kept);
}

test("runs come back from an archive as they were, epochs and norms of gradients too, without weights", async () => {
  const told = () => Promise.all(made.map((run) => runs(["show", idOf(run)])));
  const shown = await told();
  assert.match(await runs(["pack", file]), /^3 runs: .*results\.runs, 0\.\d+ MB$/);
  forget();
  assert.equal(await runs(["unpack", file]), "3 runs added, 0 were there already");
  assert.deepEqual(
    trials.slice(0, 2).map((trial) => storedTrial(trial)!.result),
    made.slice(0, 2).map(({ result }) => result),
  );
  assert.deepEqual(await told(), shown);
  const norms = readFileSync(join(made[1].folder, "metrics.jsonl"), "utf8");
  assert.equal(norms.match(/grad_norm\/layer\.0/g)?.length, 3);
  const weights = readdirSync(root(), { recursive: true, encoding: "utf8" }).filter((name) =>
    /safetensors$/.test(name),
  );
  assert.deepEqual(weights, []);
});

test("an archive holds no text, not even in the words of a run that broke down, and no machine's name", () => {
  assert.match(made[2].result.diverged!, /training items .*「(とても良い|ひどく悪い)」/);
  assert.doesNotMatch(contents(), /とても良い|ひどく悪い/);
  assert.match(contents(), /"diverged":"the loss [^"]*learning rate/);
  assert.ok(!contents().includes(hostname()));
});

test("a run that is here already stays, with its weights", async () => {
  const weights = join(made[0].folder, "trained.safetensors");
  writeFileSync(weights, "");
  await withResult(
    () => ({ seconds: 1 }),
    async () => assert.equal(await runs(["unpack", file]), "0 runs added, 3 were there already"),
  );
  assert.ok(existsSync(weights));
});

test("one with another result here is named, and replaced on demand alone", () =>
  withResult(
    ({ history }) => ({
      history: history.map((epoch) => ({ ...epoch, trainLoss: epoch.trainLoss + 1e-12 })),
    }),
    async () => {
      const other = stored("result.json");
      const words = await runs(["unpack", file]);
      assert.ok(words.includes(`1 run left as there`) && words.endsWith(`: test/${idOf(made[0])}`), words);
      assert.equal(stored("result.json"), other);
      assert.match(await runs(["unpack", file, "--replace"]), /2 were there already\n1 run replaced: test\//);
      assert.notEqual(stored("result.json"), other);
    },
  ));

test("a run that is being trained here is left alone", async () => {
  await withLock(`${made[0].folder}.lock`, async () => {
    rmSync(join(made[0].folder, "result.json"));
    assert.match(await runs(["unpack", file]), /1 run left out, being trained there: test\//);
    assert.ok(!existsSync(join(made[0].folder, "result.json")));
  });
  assert.match(await runs(["unpack", file]), /^1 run added, 2 were there already$/);
});

test("an archive is written over only to add to it, and what it holds stays", async () => {
  await assert.rejects(runs(["pack", file]), /--add adds to it/);
  const one = join(folder, "one.runs");
  await runs(["pack", one, "--where", "freeze=fixed"]);
  assert.match(await runs(["pack", one, "--add", "--where", "freeze=all"]), /^1 run added.*\n2 runs: /);
  await withResult(
    () => ({ failed: !made[0].result.failed }),
    async () => {
      assert.match(
        await runs(["pack", one, "--add"]),
        /^1 run added, 1 were.*\n1 run left as there.*\n3 runs: /,
      );
      const kept = readArchive(one).runs.find(({ id }) => id === idOf(made[0]));
      assert.equal(kept?.result.result.failed, made[0].result.failed);
    },
  );
});

test("what is not done or damaged is left out and counted", async () => {
  rmSync(join(made[1].folder, "result.json"));
  writeFileSync(join(made[0].folder, "result.json"), stored("result.json").slice(0, -9));
  assert.match(await runs(["pack", join(folder, "less.runs")]), /^1 run: .*; left out: 2 lost$/);
  await runs(["unpack", file, "--replace"]);
  assert.deepEqual(storedTrial(trials[0])!.result, made[0].result);
});

test("a run whose probabilities are in a file of their own, as before, is equal to the packed one", async () => {
  const path = join(made[0].folder, "result.json"),
    { result, ...rest } = JSON.parse(stored("result.json"));
  const { probabilities, ...others } = result as TrialRun["result"];
  const lines = probabilities!.map((row, i) => JSON.stringify({ id: others.items[i], probabilities: row }));
  writeFileSync(path, JSON.stringify({ ...rest, result: others }));
  writeFileSync(join(made[0].folder, "predictions.jsonl"), `${lines.join("\n")}\n`);
  assert.equal(await runs(["unpack", file]), "0 runs added, 3 were there already");
  writeFileSync(join(made[0].folder, "predictions.jsonl"), lines[0].slice(0, -9));
  assert.match(await runs(["pack", join(folder, "fewer.runs")]), /^2 runs: .*; left out: 1 damaged$/);
  await runs(["unpack", file, "--replace"]);
});

test("runs of before versions travel too, and are listed as of an unknown version", async () => {
  const { runs: packed, splits } = readArchive(file);
  const { format: _, ...config } = packed[0].config;
  const { madeWith: __, ...result } = packed[0].result;
  const old = { ...packed[0], id: "0123456789ab", config: { ...config, settings: { rate: 1 } }, result };
  writeArchive(bad, { runs: [old], splits });
  await runs(["unpack", bad]);
  assert.match(await runs(["--where", "rate=1"]), /done, .*version unknown/);
});

test("a damaged, a cut-off, a foreign and a newer file are told apart before anything is written", () => {
  const bytes = readFileSync(file),
    text = bytes.toString("latin1");
  const says = (content: string, words: RegExp) => {
    writeFileSync(bad, content, "latin1");
    assert.throws(() => readArchive(bad), words);
  };
  says(text.slice(0, -100), /bad\.runs is cut off after \d+ of \d+ bytes: copy it again/);
  says(`${text.slice(0, -1)}${text.endsWith("?") ? "!" : "?"}`, /bad\.runs is damaged/);
  says("hello\n", /is no archive of runs: npm run runs -- pack makes one/);
  says(text.replace("runs 1", `runs ${"2".repeat(1e5)}`), /has format 2{80}…; this komalab/);
  says(text.replace("runs 1", "runs 2"), /has format 2; this komalab reads format 1: update it/);
});

test("content that is no line of JSON, and more of it than an archive holds, is refused", () => {
  const says = (content: Buffer, pattern: RegExp) => {
    const bytes = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    const header = Buffer.from(`komalab-runs 1 ${sha256(bytes)} ${bytes.length}\n`);
    writeFileSync(bad, Buffer.concat([header, bytes]));
    assert.throws(() => readArchive(bad), pattern);
  };
  says(Buffer.from("\n\n"), /bad\.runs, line 1 of its content: .*copy it again/);
  says(Buffer.alloc(2 ** 28 + 1, 10), /bad\.runs cannot be unpacked to at most 256 MiB/);
});

test("no run is taken under a name that leads elsewhere or belongs to other settings", () => {
  const { runs: packed, splits } = readArchive(file);
  for (const change of [
    { experiment: "../test" },
    { experiment: ".." },
    { id: "../../../abc" },
    { id: "0123456789ab" },
    { experiment: "other" },
    { experiment: "x".repeat(100_000), config: { ...packed[0].config, format: 0 } },
  ]) {
    writeArchive(bad, { runs: [{ ...packed[0], ...change }], splits });
    assert.throws(() => readArchive(bad), /which is not the run's name: do not use the file/);
  }
});

test("what an unpacking was stopped at is unpacked by the next one", async () => {
  forget();
  const archive = readArchive(file);
  const stop = new Error("stopped");
  await assert.rejects(
    unpack(archive, {
      onProgress: ({ done }) => {
        if (done === 2) throw stop;
      },
    }),
    stop,
  );
  const { added, equal } = await unpack(archive);
  assert.deepEqual([added.length, equal.length], [1, 2]);
});
