/** Which run is put into a page. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runTrial } from "../../../lib/experiment/classification";
import { storeDataset } from "../../../lib/experiment/dataset";
import { EXAMPLES, runsFolder, tinyTrials } from "../../../test/experiment/tiny-trials";
import { threadCount } from "../../tfjs-graph";
import { chooseRun } from "..";
import { validationOf } from "../choose";

const folder = runsFolder();
const trialsOf: typeof tinyTrials = (place, count, settings) =>
  tinyTrials(place, count, { threads: threadCount, ...settings });
const said: string[] = [];
const options = { name: "02-test", onProgress: (words: string) => void said.push(words) };

test("without a stored run the short one of the last layer is trained, stored and told", async () => {
  const trials = await trialsOf(folder, 2);
  const run = await chooseRun(
    [{ ...trials[0], settings: { ...trials[0].settings, freeze: "all" } }, ...trials],
    options,
  );
  assert.deepEqual([run.trial.settings.freeze, run.trial.settings.initSeed], ["last", 1]);
  assert.match(said[0], /^no weights are stored: training last \+ linear, test, seed 1$/);
  assert.equal((await chooseRun(trials, options)).reused, true);
});

test("a last layer that takes more than 500 steps gives way to the head alone", async () => {
  const [trial] = await trialsOf(folder, 1, { epochs: 167, learningRate: 2e-2 });
  const fixed = { ...trial, settings: { ...trial.settings, freeze: "fixed" as const, epochs: 1 } };
  assert.equal((await chooseRun([trial, fixed], options)).trial.settings.freeze, "fixed");
});

test("of stored runs the one with the best validation accuracy is taken", async () => {
  const trials = await trialsOf(folder, 1, { epochs: 1, learningRate: 1e-6, head: "3MLP" }),
    better = await trialsOf(folder, 1, { epochs: 6, learningRate: 0.03 });
  const runs = [await runTrial(trials[0]), await runTrial(better[0])];
  assert.ok(validationOf(runs[1]) > validationOf(runs[0]));
  assert.equal((await chooseRun([trials[0], better[0]], options)).folder, runs[1].folder);
});

test("a notebook whose runs kept no weights is refused by name, with the remedy", async () => {
  const [trial] = await trialsOf(folder, 1, { epochs: 2, learningRate: 3e-3 });
  const { folder: place } = await runTrial(trial);
  rmSync(join(place, "trained.safetensors"));
  await assert.rejects(
    chooseRun([trial], options),
    /02-test keeps no trained weights with its 1 stored runs .* npm run report -- --full --fresh --only 02/,
  );
});

test("a notebook without an encoder, and one that reads lines in their context, are refused by name", async () => {
  const [trial] = await trialsOf(folder, 1);
  await assert.rejects(chooseRun([], options), /02-test fine-tunes no encoder .* --only 02/);
  const dataset = storeDataset(EXAMPLES.map((one) => ({ ...one, context: ["なに"] })));
  await assert.rejects(chooseRun([{ ...trial, dataset }], options), /02-test reads lines after others/);
});
