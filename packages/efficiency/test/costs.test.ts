import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { compare, type NamedRun } from "../../../lib/evaluate/comparison";
import type { TrialRun } from "../../../lib/experiment/spec";
import type { Task } from "../../../lib/index";
import { DOC2VEC_FILES } from "../../doc2vec";
import { costRows, countingCost, memoryOf, sameAnswers, speedRows, timingOf, trainedForm } from "..";

const run = (system: string, seed: number | null, predicted: readonly number[]): NamedRun => ({
  ...{ system, seed, predicted, testSet: "test" },
  gold: [0, 1, 1, 0],
  items: ["a", "b", "c", "d"],
});
const answers = [
  run("teacher", 1, [0, 1, 1, 1]),
  run("teacher", 2, [0, 0, 1, 0]),
  run("student", 1, [0, 1, 1, 0]),
  run("student", 2, [0, 0, 0, 0]),
  run("counting", null, [0, 1, 1, 0]),
];

test("answers are compared with those of the teacher's run of the same seed", () =>
  assert.equal(sameAnswers(answers, "student", "teacher"), 6 / 8));

test("what has no seed is compared with the teacher's runs of all seeds", () =>
  assert.equal(sameAnswers(answers, "counting", "teacher"), 6 / 8));

test("a row has the quality of the answers and the costs of the bench", () => {
  const scores = compare(answers);
  const form = { system: "student", way: "int8", bytes: 5e6, minutes: 0.5 };
  const [row] = costRows([form], { answers }, { scores, teacher: "teacher" });
  assert.match(row.accuracy, /^0\.\d\d \(0\.\d\d to 1\.00\)$/);
  assert.deepEqual([row["file, MB"], row["as the teacher"], row["minutes of training"]], [5, 0.75, 0.5]);
  assert.equal(row["memory, MB"], Math.round(memoryOf("int8")));
  const [speed] = speedRows([form]);
  assert.equal(speed["times as fast, in batches of 32"], timingOf("int8", 32).ratioInNumbers);
});

test("TF-IDF takes its n-grams in UTF-8, a weight for each and the regression's", () => {
  const items = ["ab", "ab", "c", "c"].map((text, i) => ({ id: `${i}`, text }));
  const split = { name: "test", train: [0, 1, 2], validation: [3], test: [0] };
  const task = { items, labels: [0, 0, 1, 1], classes: ["no", "yes"], splits: [split] } as unknown as Task;
  // a, b, ab, c, each with a byte that ends it; four weights of n-grams, four and an intercept of the regression
  assert.equal(countingCost(task).bytes, 5 + 4 + 4 * (4 + 5));
});

test("a trained form has four bytes a parameter and the mean minutes of its runs; an absent one is none", () => {
  const one = (seconds: number) => ({
    trial: { system: "BERT", model: { folder: "none" } },
    result: { seconds, parameters: { trained: 30, frozen: 70 } },
  });
  const runs = [one(60), one(180)] as unknown as readonly TrialRun[];
  assert.deepEqual(trainedForm(runs, "BERT", "tensorflow"), [
    { system: "BERT", way: "tensorflow", bytes: 400, minutes: 2 },
  ]);
  assert.deepEqual(trainedForm(runs, "BiLSTM", "lstm"), []);
});

test("of a doc2vec the folder's files count, not the vectors of the texts", () => {
  const folder = mkdtempSync(join(tmpdir(), "komalab-bytes-"));
  for (const name of DOC2VEC_FILES) writeFileSync(join(folder, name), "abcd");
  const run = {
    trial: { system: "MLP", model: { folder } },
    result: { seconds: 60, parameters: { trained: 10, frozen: 1000 } },
  } as unknown as TrialRun;
  assert.equal(trainedForm([run], "MLP", "doc2vec")[0].bytes, 4 * DOC2VEC_FILES.length + 40);
  rmSync(folder, { recursive: true });
});
