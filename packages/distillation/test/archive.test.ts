/** Runs by distillation on a colleague's machine, who got them as one file, without weights. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { storedTrial } from "../../../lib/experiment/classification";
import type { TrialRun } from "../../../lib/experiment/spec";
import { runTrials } from "../../../lib/experiment/trials";
import type { Task } from "../../../lib/index";
import { runsFolder } from "../../../test/experiment/tiny-trials";
import { readArchive } from "../../cluster/archive";
import { runs } from "../../cluster/runs-command";
import { fewerLayers, studentTrials } from "..";
import { SETTINGS, smallTask, TEXTS, teachersOf, UNLABELLED } from "./small";

const folder = runsFolder(),
  archive = join(folder, "results.runs");
let task: Task, teachers: readonly TrialRun[], made: readonly TrialRun[];

const planned = (own: readonly TrialRun[]) =>
  studentTrials(task, {
    ...{ name: "test", seeds: 1 },
    students: {
      small: { model: () => fewerLayers(task.model.folder, 1), settings: { ...SETTINGS, freeze: "last" } },
    },
    teaching: { teachers: own, unlabelled: UNLABELLED, softTargets: 1, temperature: 2 },
  });

before(async () => {
  task = await smallTask(folder);
  teachers = await teachersOf(task, 1);
  made = await runTrials(await planned(teachers), { processes: 1 });
});

test("taught runs come back from an archive as they were, with no text and no logit of the teacher's", async () => {
  assert.match(await runs(["pack", archive]), /^2 runs: /); // the teacher's too
  const held = JSON.stringify(readArchive(archive));
  for (const text of [...TEXTS, ...UNLABELLED]) assert.ok(!held.includes(text), text);
  assert.ok(!held.includes('"logits"'));
  rmSync(process.env.KOMALAB_RUNS!, { recursive: true });
  assert.equal(await runs(["unpack", archive]), "2 runs added, 0 were there already");
  assert.deepEqual(storedTrial(made[0].trial)?.result, made[0].result);
});

test("students are taught anew only where the teacher has its weights, which no archive holds", async () => {
  const [teacher] = await teachersOf(task, 1);
  assert.ok(teacher.reused);
  await assert.rejects(
    planned([teacher]),
    /teacher has no trained weights: .* bring it along from where the run was made, or train it again with fresh: true/,
  );
  const trials = await planned(await teachersOf(task, 1, { force: true }));
  assert.ok(storedTrial(trials[0])?.reused); // the same teacher gives the same logits
});
