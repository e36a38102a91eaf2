import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { endingOf } from "../../lib/evaluate/ending";
import { storedTrial } from "../../lib/experiment/classification";
import type { ClassificationSettings, Trial, TrialRun } from "../../lib/experiment/spec";
import { runTrials } from "../../lib/experiment/trials";
import { describeChanges } from "../../lib/versions";
import { readStatus } from "../../packages/run-log";
import { runsFolder, tinyTrials } from "./tiny-trials";

const folder = runsFolder();
let base: Trial;
before(async () => {
  [base] = await tinyTrials(folder, 1, { epochs: 25 });
});

const trial = (settings: Partial<ClassificationSettings>): Trial => ({
  ...base,
  settings: { ...base.settings, ...settings },
});

test("a run learns, stores its predictions and is not trained again", async () => {
  const [first] = await runTrials([trial({})]);
  assert.deepEqual([first.reused, first.result.test.accuracy, first.result.failed], [false, 1, false]);
  const { predicted, probabilities = [] } = first.result;
  assert.deepEqual(
    probabilities.map((row) => row.indexOf(Math.max(...row))),
    predicted,
  );
  assert.ok(existsSync(join(first.folder, "trained.safetensors")));
  const [again] = await runTrials([trial({})]);
  assert.deepEqual([again.reused, again.result], [true, first.result]);
});

/** As runs were stored before: probabilities in a file of their own. */
function storedAsBefore({ folder: run, result: { probabilities = [], ...result } }: TrialRun): void {
  const path = join(run, "result.json"),
    file = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...file, result }));
  const lines = probabilities.map((row, i) => JSON.stringify({ id: result.items[i], probabilities: row }));
  writeFileSync(join(run, "predictions.jsonl"), `${lines.join("\n")}\n`);
}

test("probabilities are found where runs had them before, and a damaged file of them is named", async () => {
  const [run] = await runTrials([trial({ epochs: 1 })]);
  storedAsBefore(run);
  assert.deepEqual(storedTrial(trial({ epochs: 1 }))?.result, run.result);
  const path = join(run.folder, "predictions.jsonl"),
    lines = readFileSync(path, "utf8");
  for (const damaged of [lines.slice(0, -9), lines.slice(lines.indexOf("\n") + 1)]) {
    writeFileSync(path, damaged);
    assert.throws(
      () => storedTrial(trial({ epochs: 1 })),
      /predictions\.jsonl is damaged .*: delete it, which/,
    );
  }
});

test("forced, a run gives the same numbers again, bit for bit", async () => {
  const [first] = await runTrials([trial({})]);
  const [again] = await runTrials([{ ...trial({}), force: true }]);
  const numbers = ({ history }: typeof first.result) =>
    history.map(({ trainLoss, validationLoss, gradientNorm }) => [trainLoss, validationLoss, gradientNorm]);
  assert.deepEqual([again.reused, numbers(again.result)], [false, numbers(first.result)]);
});

test("a run whose loss is no number any more has diverged: not failed, not crashed", async () => {
  const [run] = await runTrials([trial({ learningRate: 1e30, clipNorm: 0, epochs: 2 })]);
  assert.deepEqual(
    [run.result.failed, endingOf(run.result), readStatus(run.folder)?.state],
    [false, "diverged", "done"],
  );
  assert.match(run.result.diverged ?? "", /at step \d+ of \d+.*learning rate/);
});

test("a result keeps what its failure follows from, and is judged anew by it", async () => {
  const [run] = await runTrials([trial({})]);
  assert.deepEqual(run.result.labelCounts, { train: [12, 12], validation: [4, 4] });
  const path = join(run.folder, "result.json"),
    file = JSON.parse(readFileSync(path, "utf8"));
  const store = (result: object) =>
    writeFileSync(path, JSON.stringify({ ...file, madeWith: { ...file.madeWith, metrics: 0 }, result }));
  store({ ...file.result, labelCounts: { train: [12, 12], validation: [8, 0] }, test: { accuracy: 0 } });
  const again = storedTrial(trial({}));
  assert.deepEqual([again?.result.failed, again?.result.test.accuracy, again?.changes], [true, 1, []]);
  store({ ...file.result, labelCounts: undefined });
  assert.match(describeChanges(storedTrial(trial({}))!.changes), /^metrics 0 → /); // it stays marked
  writeFileSync(path, JSON.stringify(file));
});

test("texts that are too long are dropped and counted", async () => {
  const [run] = await runTrials([trial({ maxLength: 6, epochs: 1 })]).catch(
    (error: Error) => [error] as const,
  );
  assert.match(String(run), /the training set has 0 texts/); // every text of this set has 7 tokens
});

test("random weights are another run", async () => {
  const [run] = await runTrials([trial({ pretrained: false, epochs: 1 })]);
  assert.equal(run.reused, false);
  assert.ok(storedTrial(trial({ pretrained: false, epochs: 1 })));
  assert.ok(
    storedTrial(trial({ pretrained: false, epochs: 1, precision: "float32" })),
    "a setting that changes nothing",
  );
  assert.equal(storedTrial(trial({ pretrained: false, epochs: 1, precision: "bfloat16" })), undefined);
});

test("a failing trial names its system, test set and seed", async () => {
  await assert.rejects(
    runTrials([trial({ freeze: "last 9" })]),
    /last \+ linear, test, seed 1: freeze mode "last 9"/,
  );
});
