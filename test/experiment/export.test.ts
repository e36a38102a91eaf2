import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { exportRun } from "../../lib/experiment/export";
import { runTrials } from "../../lib/experiment/trials";
import { classifier } from "../../lib/models/heads";
import { fill, loadPretrained } from "../../lib/models/pretrained";
import { Random } from "../../lib/support/random";
import { predict } from "../../lib/train/predict";
import { openTokenizer } from "../../packages/tokenizer";
import { EXAMPLES, runsFolder, tinyTrials } from "./tiny-trials";

const folder = runsFolder();

const trained = async () => (await runTrials(await tinyTrials(folder, 1, { epochs: 4, batchSize: 4 })))[0];

test("an exported run holds every weight, its classes, and gives the run's predictions", async () => {
  const run = await trained();
  const out = join(folder, "out");
  await exportRun(run, out);
  const pretrained = loadPretrained(out);
  const { model, missing, leftOver } = fill(
    classifier(pretrained.encoder, { head: "linear", classes: 2 }, new Random(9)),
    pretrained,
  );
  assert.deepEqual([missing, leftOver], [[], []]);
  const json = JSON.parse(readFileSync(join(out, "config.json"), "utf8"));
  assert.deepEqual(
    [json.architectures, json.id2label],
    [["BertForSequenceClassification"], { 0: "悪い", 1: "良い" }],
  );
  const tokenizer = await openTokenizer(out);
  const predictions = await predict(
    model,
    run.result.items.map((id) => tokenizer.encode(EXAMPLES[Number(id.slice(1))].text)),
    { cache: "memory" },
  );
  // runs store probabilities to four places, and weights as half floats
  predictions.forEach(({ probabilities }, i) =>
    assert.ok(Math.abs(probabilities[1] - run.result.probabilities![i][1]) < 2e-3),
  );
});

test("a head that transformers does not have is refused with the remedy", async () => {
  const { trial, ...run } = await trained();
  const deep = { ...run, trial: { ...trial, settings: { ...trial.settings, head: "3MLP" as const } } };
  await assert.rejects(exportRun(deep, folder), /its head is 3MLP; train with the head "linear"/);
});

test("a run that came without its weights names the file and the remedy", async () => {
  const run = await trained();
  await assert.rejects(
    exportRun({ ...run, folder: join(folder, "elsewhere") }, folder),
    /elsewhere\/trained\.safetensors is missing; bring it along/,
  );
});
