import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runTrials } from "../../../lib/experiment/trials";
import { runsFolder, tinyTrials } from "../../../test/experiment/tiny-trials";
import { DOC2VEC_FILES } from "../../doc2vec";
import { exportOnnx } from "../../export";
import { onnxAnswers } from "..";

const folder = runsFolder();
const trained = async () =>
  runTrials(await tinyTrials(folder, 2, { epochs: 4, batchSize: 4, head: "3MLP", pooling: "max" }));

test("runs written as ONNX answer their own test texts as they did, seed by seed", async () => {
  const runs = await trained();
  const { answers, bytes } = await onnxAnswers(runs, { precision: "f32", system: "ONNX f32", way: "f32" });
  assert.ok(bytes > 10_000);
  runs.forEach(({ trial, result }, i) => {
    const { system, seed, items, gold, predicted, probabilities } = answers[i];
    assert.deepEqual(
      [system, seed, items, gold, predicted],
      ["ONNX f32", trial.settings.initSeed, result.items, result.gold, result.predicted],
    );
    // runs store probabilities to four places, and weights as half floats
    probabilities!.forEach(([first], item) =>
      assert.ok(Math.abs(first - result.probabilities![item][0]) < 2e-3),
    );
  });
});

test("with its vocabulary cut a model is smaller, and answers texts of known pieces as before", async () => {
  const runs = (await trained()).slice(0, 1),
    whole = await onnxAnswers(runs, { precision: "f32", system: "whole", way: "f32" }),
    cut = await onnxAnswers(runs, { precision: "f32", system: "cut", way: "cut", pieces: 0 }); // those of the texts alone
  assert.ok(cut.bytes < whole.bytes);
  const [one, other] = [whole, cut].map(({ answers }) => answers[0].probabilities!.flat());
  one.forEach((value, i) => assert.ok(Math.abs(value - other[i]) < 1e-6));
});

test("a run without an encoder is refused", async () => {
  const [run] = await trained(),
    model = join(folder, "doc2vec");
  mkdirSync(model, { recursive: true });
  for (const name of DOC2VEC_FILES) writeFileSync(join(model, name), "");
  const other = { ...run, trial: { ...run.trial, model: { ...run.trial.model, folder: model } } };
  await assert.rejects(exportOnnx(other, join(folder, "out")), /cannot be exported: it has no encoder/);
});

test("a run that came without its weights names the file and the remedy", async () => {
  const [run] = await trained();
  await assert.rejects(
    exportOnnx({ ...run, folder: join(folder, "elsewhere") }, join(folder, "out")),
    /elsewhere\/trained\.safetensors is missing; bring it along/,
  );
});
