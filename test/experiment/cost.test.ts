import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bytesOf, checkDisk, workOf } from "../../lib/experiment/cost";
import { runsFolder, tinyTrials } from "./tiny-trials";

const folder = runsFolder();

test("weights that the disk has no room for are refused before anything is trained", async () => {
  const trials = await tinyTrials(folder, 2, { freeze: "all" }),
    { folder: model } = trials[0].model;
  const [file] = readdirSync(model).filter((name) => name.endsWith(".safetensors")),
    { size } = statSync(join(model, file));
  assert.doesNotThrow(() => checkDisk(trials.map(bytesOf), 2 * size));
  assert.throws(
    () => checkDisk(trials.map(bytesOf), 2 * size - 1),
    /^Error: 2 runs would store .*GB free: keepWeights: false/,
  );
  const none = trials.map((trial) => ({ ...trial, keepWeights: false }));
  assert.doesNotThrow(() => checkDisk(none.map(bytesOf), 0));
});

test("every freeze mode has its work, the more the more is trained", async () => {
  const works = await Promise.all(
    (["fixed", "last 2", "lora", "bias", "all"] as const).map(async (freeze) => {
      const [trial] = await tinyTrials(folder, 1, { freeze: "all", epochs: 10 });
      return workOf({ ...trial, settings: { ...trial.settings, freeze } });
    }),
  );
  assert.deepEqual(
    works,
    [...works].sort((a, b) => a - b),
  );
});
