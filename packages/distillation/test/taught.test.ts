import assert from "node:assert/strict";
import { before, test } from "node:test";
import { storedTrial } from "../../../lib/experiment/classification";
import { type Example, loadDataset, storeDataset } from "../../../lib/experiment/dataset";
import { keyOf } from "../../../lib/experiment/key";
import type { Trial, TrialRun } from "../../../lib/experiment/spec";
import { predictionsOf, runTrials } from "../../../lib/experiment/trials";
import type { Task } from "../../../lib/index";
import { softmax } from "../../../lib/support/softmax";
import { runsFolder } from "../../../test/experiment/tiny-trials";
import { listRuns } from "../../cluster";
import { verify } from "../../cluster/verify";
import { fewerLayers, type Student, showTaught, studentTrials, taughtBy } from "..";
import { SETTINGS, smallTask, TEXTS, teachersOf, UNLABELLED } from "./small";

const folder = runsFolder();
let task: Task, teachers: readonly TrialRun[], students: Readonly<Record<string, Student>>;
before(async () => {
  task = await smallTask(folder);
  teachers = await teachersOf(task, 2);
  students = {
    small: { model: () => fewerLayers(task.model.folder, 1), settings: { ...SETTINGS, freeze: "last" } },
  };
});

const planned = (unlabelled: readonly string[], more: object = {}): Promise<Trial[]> =>
  studentTrials(task, {
    ...{ name: "test", students, seeds: 2 },
    teaching: { teachers, unlabelled, softTargets: 1, temperature: 2, ...more },
  });

test("the training texts and those without labels have the teacher's logits, no other text has", async () => {
  const { dataset, split } = await taughtBy(teachers[0], UNLABELLED),
    rows = loadDataset(dataset),
    [plain] = task.splits;
  assert.deepEqual([split.validation, split.test], [plain.validation, plain.test]);
  const extra = split.train.slice(plain.train.length).map((i) => rows[i]);
  assert.deepEqual(
    extra.map(({ text }) => text),
    UNLABELLED.slice(0, 3), // the fourth is a text of the task
  );
  rows.forEach(({ logits }, i) => assert.equal(logits !== undefined, split.train.includes(i)));
});

test("a label that was not given is the teacher's answer", async () => {
  const { dataset } = await taughtBy(teachers[0], UNLABELLED);
  for (const { label, logits } of loadDataset(dataset).slice(TEXTS.length))
    assert.equal(label, logits![0] >= logits![1] ? 0 : 1);
});

test("the logits are those that the teacher's own probabilities come from", async () => {
  const [teacher] = teachers,
    [{ test: tested }] = task.splits;
  const turned = {
    ...teacher,
    trial: { ...teacher.trial, split: { ...teacher.trial.split, train: tested } },
  }; // of the test items the run has stored its probabilities
  const { dataset } = await taughtBy(turned, []),
    rows = loadDataset(dataset);
  tested.forEach((item, i) => {
    const [first] = softmax(rows[item].logits!);
    assert.ok(Math.abs(first - teacher.result.probabilities![i][0]) < 2e-3); // weights are stored as half floats
  });
});

test("a taught run is found again, is another one with another teacher, and gives its numbers again", async () => {
  const trials = await planned(UNLABELLED);
  await runTrials(trials, { processes: 1 });
  const again = await planned(UNLABELLED);
  assert.ok(again.every((trial) => storedTrial(trial)?.reused));
  assert.notEqual(keyOf(trials[0]).data, keyOf(trials[1]).data);
  assert.notEqual(keyOf((await planned([]))[0]).data, keyOf(trials[0]).data);
  const verified = await verify(
    listRuns().filter(({ about }) => about.system === "small, distilled"),
    { sample: 2, processes: 1 },
  );
  assert.deepEqual(
    verified.map(({ verdict }) => verdict),
    ["equal", "equal"],
  );
});

test("with the teacher's weight 1 no label counts", async () => {
  const [trial] = await planned(UNLABELLED),
    rows = loadDataset(trial.dataset);
  const wrong = rows.map((row, i): Example => (i % 3 ? row : { ...row, label: 1 - row.label }));
  const { train } = trial.split,
    judged = new Set([...trial.split.validation, ...trial.split.test]);
  const other = { ...trial, dataset: storeDataset(wrong.map((row, i) => (judged.has(i) ? rows[i] : row))) };
  assert.ok(train.some((i) => loadDataset(other.dataset)[i].label !== rows[i].label));
  const [one, two] = await runTrials([trial, other], { processes: 1 });
  assert.deepEqual(one.result.probabilities, two.result.probabilities);
});

test("a student without a teacher of its seed, and soft targets without a teacher, are refused", async () => {
  await assert.rejects(planned([], { teachers: teachers.slice(0, 1) }), /no teacher .* "test" with seed 2/);
  const [alone] = await studentTrials(task, { name: "test", students, seeds: 1 });
  const without = { ...alone, settings: { ...alone.settings, softTargets: 1 } };
  await assert.rejects(runTrials([without], { processes: 1 }), /training texts have no teacher's logits/);
});

test("students read as much of a long text as their task does", async () => {
  const [{ settings }] = await studentTrials(
    { ...task, maxLength: 7, beginningShare: 0.25 },
    { name: "test", students, seeds: 1 },
  );
  assert.deepEqual([settings.maxLength, settings.beginningShare], [7, 0.25]);
});

test("each student is judged against itself on labels alone, under its own names", async () => {
  const alone = await studentTrials(task, { name: "test", students, seeds: 2 });
  const runs = await runTrials([...alone, ...(await planned(UNLABELLED))], { processes: 1 });
  const { small } = await showTaught({ task, runs, answers: predictionsOf(runs) }, ["small"], "accuracy");
  assert.deepEqual([small.system, small.other, small.seeds], ["small, distilled", "small", 2]);
  const accuracy = (system: string) =>
    runs.reduce(
      (sum, { trial, result }) => sum + (trial.system === system ? result.test.accuracy / 2 : 0),
      0,
    );
  assert.ok(Math.abs(small.difference - (accuracy("small, distilled") - accuracy("small"))) < 1e-12);
});
