import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fill, openCheckpoint } from "../../lib/models/checkpoint";
import { bertClassifier } from "../../lib/models/heads";
import { Random } from "../../lib/random";
import { CLASSIFICATION_DEFAULTS, type Trial } from "../../lib/runs/classification";
import { storeDataset } from "../../lib/runs/dataset";
import { exportRun } from "../../lib/runs/export";
import { readJsonLines } from "../../lib/runs/run";
import { chooseModel, runTrials } from "../../lib/runs/trials";
import { openTokenizer } from "../../lib/text/tokenizer";
import { predict } from "../../lib/train/predict";
import { writeTinyModel } from "./tiny-model";

const folder = mkdtempSync(join(tmpdir(), "export-"));
process.env.KOMALAB_RUNS = join(folder, "runs");
process.env.KOMALAB_CACHE = join(folder, "cache");
after(() => rmSync(folder, { recursive: true }));

const examples = Array.from({ length: 24 }, (_, i) => ({ id: `t${i}`, text: i % 2 === 0 ? "とても良い" : "ひどく悪い", label: (i + 1) % 2 }));
const indices = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

async function trained() {
  writeTinyModel(folder, examples.map(({ text }) => text));
  const trial: Trial = {
    experiment: "test", system: "tiny", testSet: "test", classes: ["悪い", "良い"], dataset: storeDataset(examples), model: await chooseModel(folder),
    split: { name: "fixed", train: indices(0, 12), validation: indices(12, 16), test: indices(16, 24) },
    settings: { ...CLASSIFICATION_DEFAULTS, freeze: "last", epochs: 4, rate: 1e-2, batchSize: 4 },
  };
  return (await runTrials([trial]))[0];
}

test("an exported run holds every weight, its classes, and gives the run's predictions", async () => {
  const run = await trained();
  const out = join(folder, "out");
  await exportRun(run, out);
  const checkpoint = openCheckpoint(out);
  const { model, missing, leftOver } = fill(bertClassifier(checkpoint.config, { head: "linear", classes: 2 }, new Random(9)), checkpoint);
  assert.deepEqual([missing, leftOver], [[], []]);
  const json = JSON.parse(readFileSync(join(out, "config.json"), "utf8"));
  assert.deepEqual([json.architectures, json.id2label], [["BertForSequenceClassification"], { 0: "悪い", 1: "良い" }]);
  const tokenizer = await openTokenizer(out);
  const predictions = await predict(model, run.result.items.map((id) => tokenizer.encode(examples[Number(id.slice(1))].text)), { cache: "memory" });
  const stored = readJsonLines<{ readonly probabilities: readonly number[] }>(join(run.folder, "predictions.jsonl"));
  // runs store probabilities to four places, and weights as half floats
  predictions.forEach(({ probabilities }, i) => assert.ok(Math.abs(probabilities[1] - stored[i].probabilities[1]) < 2e-3));
});

test("a head that transformers does not have is refused with the remedy", async () => {
  const { trial, ...run } = await trained();
  const deep = { ...run, trial: { ...trial, settings: { ...trial.settings, head: "3MLP" as const } } };
  await assert.rejects(exportRun(deep, folder), /its head is 3MLP; train with the head "linear"/);
});
