import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot, withoutFolders } from "../../../lib/support/files";
import { RunLog, readMetrics, readStatus } from "..";

const root = mkdtempSync(join(tmpdir(), "log-"));
after(() => rmSync(root, { recursive: true }));
let count = 0;
const fresh = () => mkdtempSync(join(root, `${count++}-`));
const step = (step: number, values: Record<string, number> = { "train/loss": 1 / step }) => ({
  step,
  steps: 10,
  epoch: 1,
  values,
});

test("the numbers of every step are kept, with epoch and time", () => {
  const folder = fresh(),
    log = new RunLog(folder, {});
  log.metrics(step(1));
  log.metrics(step(2));
  log.close("done");
  assert.deepEqual(
    readMetrics(folder).map(({ time, ...line }) => [line, time > 1e9]),
    [
      [{ step: 1, epoch: 1, "train/loss": 1 }, true],
      [{ step: 2, epoch: 1, "train/loss": 0.5 }, true],
    ],
  );
});

test("while it works the status names the process, afterwards it does not", () => {
  const folder = fresh(),
    log = new RunLog(folder, {});
  assert.deepEqual([readStatus(folder)?.state, readStatus(folder)?.pid], ["running", process.pid]);
  log.close("done");
  assert.deepEqual(
    [readStatus(folder)?.state, readStatus(folder)?.pid, readStatus(folder)?.host],
    ["done", undefined, undefined],
  );
});

test("a second attempt that goes on from step 3 repeats no number, though the first was killed in mid-line", () => {
  const folder = fresh(),
    first = new RunLog(folder, {});
  for (let i = 1; i <= 5; i++) first.metrics(step(i));
  first.metrics(step(2, { "eval/loss": 2 }));
  first.close("stopped");
  appendFileSync(join(folder, "metrics.jsonl"), '{"step":6,"ep');
  const second = new RunLog(folder, {});
  for (let i = 3; i <= 6; i++) second.metrics(step(i));
  second.close("done");
  assert.deepEqual(
    readMetrics(folder).map((line) => line.step),
    [1, 2, 2, 3, 4, 5, 6],
  );
  assert.deepEqual([readStatus(folder)?.attempts, readStatus(folder)?.step], [2, 6]);
});

test("a line that a full disk cut off is left out, and the run goes on", () => {
  const folder = fresh(),
    first = new RunLog(folder, {});
  first.metrics(step(1));
  first.close("stopped");
  appendFileSync(join(folder, "metrics.jsonl"), '{"step":2,"ep{"step":2,"epoch":1}\n{"step":3,"epoch":1}\n');
  assert.deepEqual(
    readMetrics(folder).map((line) => line.step),
    [1, 3],
  );
  const second = new RunLog(folder, {});
  second.metrics(step(4));
  second.close("done");
  assert.deepEqual(
    readMetrics(folder).map((line) => line.step),
    [1, 3, 4],
  );
});

test("an error is kept without the names of this machine's folders", () => {
  const folder = fresh();
  new RunLog(folder, {}).close("crashed", `no file ${join(homedir(), "model")}`);
  assert.equal(readStatus(folder)?.error, "no file ~/model");
});

test("a folder whose name begins like the project's or the home is not taken for it", () => {
  assert.equal(
    withoutFolders(`${projectRoot}/data, ${projectRoot}-old/data`),
    `data, ${projectRoot}-old/data`,
  );
  assert.equal(
    withoutFolders("/home/私の ホーム/a, /home/私の ホーム2/a", "/home/私の ホーム"),
    "~/a, /home/私の ホーム2/a",
  );
  assert.equal(withoutFolders("no file /data/model", "/"), "no file /data/model");
});

test("a status of before, which said failed, is read as crashed", () => {
  const folder = fresh();
  new RunLog(folder, {}).close("crashed", "no memory");
  const path = join(folder, "status.json");
  writeFileSync(path, readFileSync(path, "utf8").replace('"crashed"', '"failed"'));
  assert.equal(readStatus(folder)?.state, "crashed");
});

test("a step costs less than half a millisecond", () => {
  const log = new RunLog(fresh(), {}),
    start = performance.now();
  for (let i = 1; i <= 5000; i++)
    log.metrics(step(i, { "train/loss": 1 / i, "train/learning_rate": 1e-5, "train/grad_norm": 2 }));
  const each = (performance.now() - start) / 5000;
  log.close("done");
  assert.ok(each < 0.5, `${each} ms`);
});

test("a setting that is undefined is left out", () => {
  const folder = fresh(),
    log = new RunLog(folder, { segments: undefined, rate: 1 });
  log.metrics(step(1));
  log.close("done");
  assert.equal(readMetrics(folder).length, 1);
});
