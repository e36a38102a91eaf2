import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { ClassificationSettings } from "../../../lib/experiment/spec";
import { runTrials } from "../../../lib/experiment/trials";
import { loadPretrained, withAdapter } from "../../../lib/models/pretrained";
import { predict } from "../../../lib/train/predict";
import { checkModel } from "../../../test/experiment/predictions";
import { EXAMPLES, runsFolder, tinyTrials } from "../../../test/experiment/tiny-trials";
import { openTokenizer } from "../../tokenizer";
import { exportAdapter, exportRun, trainedModel } from "..";

const folder = runsFolder();

const trained = async (settings: Partial<ClassificationSettings> = {}) =>
  (await runTrials(await tinyTrials(folder, 1, { epochs: 4, batchSize: 4, ...settings })))[0];

const lora = () =>
  trained({
    freeze: "lora",
    learningRate: 0.05,
    loraAlpha: 96,
    loraRank: 3,
    loraTargets: ["value", "output.dense"],
  });

for (const [freeze, train] of [
  ["last", trained],
  ["bias", () => trained({ freeze: "bias" })],
  ["lora", lora],
] as const)
  test(`an exported run of the freeze mode ${freeze} holds every weight, its classes, and gives the run's predictions`, async () => {
    const run = await train();
    const out = join(folder, `out-${freeze}`);
    await exportRun(run, out);
    await checkModel(run, loadPretrained(out));
    const json = JSON.parse(readFileSync(join(out, "config.json"), "utf8"));
    assert.deepEqual(
      [json.architectures, json.id2label],
      [["BertForSequenceClassification"], { 0: "悪い", 1: "良い" }],
    );
  });

test("an exported adapter, merged into the run's model, gives the run's predictions", async () => {
  const run = await lora();
  const out = join(folder, "adapter");
  exportAdapter(run, out);
  await checkModel(run, withAdapter(loadPretrained(run.trial.model.folder), out));
  // the tiny model has a pooler, which stays as it is
  const { target_modules, modules_to_save } = JSON.parse(
    readFileSync(join(out, "adapter_config.json"), "utf8"),
  );
  assert.deepEqual([target_modules, modules_to_save], [["value", "output.dense"], ["classifier"]]);
});

test("an adapter that there is none of, or that stands on other weights than its model's, is refused", async () => {
  const last = await trained(),
    run = await lora();
  assert.throws(
    () => exportAdapter(last, folder),
    /it has no adapter, being trained with the freeze mode last/,
  );
  const other = { ...run, trial: { ...run.trial, settings: { ...run.trial.settings, pretrained: false } } };
  assert.throws(() => exportAdapter(other, folder), /does not stand on the weights of .*; use exportRun/);
});

test("a head that transformers does not have is refused with the remedy", async () => {
  const { trial, ...run } = await trained();
  const deep = { ...run, trial: { ...trial, settings: { ...trial.settings, head: "3MLP" as const } } };
  await assert.rejects(
    exportRun(deep, folder),
    /its head is 3MLP, which transformers has not; train with the head "linear"/,
  );
});

test("a pooling with weights of its own comes back with them, and is refused for transformers", async () => {
  const run = await trained({ pooling: "attention" });
  const tokenizer = await openTokenizer(run.trial.model.folder);
  const texts = run.result.items.map((id) => tokenizer.encode(EXAMPLES[Number(id.slice(1))].text));
  const predictions = await predict(await trainedModel(run), texts, { cache: "memory" });
  predictions.forEach(({ probabilities }, i) =>
    assert.ok(Math.abs(probabilities[1] - run.result.probabilities![i][1]) < 2e-3),
  );
  await assert.rejects(
    exportRun(run, folder),
    /its pooling is attention, which transformers has not; train with the pooling "cls"/,
  );
});

test("a run that came without its weights names the file and the remedy", async () => {
  const run = await trained();
  await assert.rejects(
    exportRun({ ...run, folder: join(folder, "elsewhere") }, folder),
    /elsewhere\/trained\.safetensors is missing; bring it along/,
  );
});
