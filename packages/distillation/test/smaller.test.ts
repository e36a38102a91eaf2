import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadPretrained } from "../../../lib/models/pretrained";
import { runsFolder } from "../../../test/experiment/tiny-trials";
import { fewerLayers, narrower, studentsOf } from "..";
import { smallTask } from "./small";

const folder = runsFolder();
let model: string;
before(async () => {
  model = (await smallTask(folder)).model.folder;
});

test("fewer layers are the first ones, with their very weights", async () => {
  const whole = loadPretrained(model),
    student = loadPretrained((await fewerLayers(model, 1)).folder);
  assert.deepEqual([whole.encoder.config.layers, student.encoder.config.layers], [2, 1]);
  const names = Object.keys(student.weights);
  assert.ok(
    names.some((name) => name.includes("layer.0.")) && !names.some((name) => name.includes("layer.1.")),
  );
  for (const name of names) assert.deepEqual(student.weights[name], whole.weights[name]);
});

test("a narrower one has the tokenizer's pieces and the other's shape of feed-forward maps", async () => {
  const { config, shapes } = loadPretrained(
    (await narrower(model, { layers: 1, hidden: 8, heads: 2 })).folder,
  ).encoder;
  assert.deepEqual([config.layers, config.hiddenSize], [1, 8]);
  assert.equal(config.vocabularySize, loadPretrained(model).encoder.config.vocabularySize);
  assert.ok(Object.values(shapes).some((shape) => shape.join() === "16,8")); // 2 · H, as the tiny model
});

test("the same student is made once, another one beside it", async () => {
  const [one, again, other] = [
    await fewerLayers(model, 1),
    await fewerLayers(model, 1),
    await fewerLayers(model, 2),
  ];
  assert.deepEqual(one, again);
  assert.notEqual(one.sha256, other.sha256);
});

test("more layers than there are, or none, are refused with their number", async () => {
  await assert.rejects(fewerLayers(model, 3), /model has 2 layers: a student can have 1 to 2 of them, not 3/);
  await assert.rejects(fewerLayers(model, 0), /1 to 2 of them, not 0/);
});

test("students that are asked for come in that order, an unknown one is refused with those that there are", () => {
  const given = { model, texts: [], epochs: 1, learningRate: 1e-3 };
  assert.deepEqual(Object.keys(studentsOf({ ...given, only: ["narrow", "2 layers"] })), [
    "narrow",
    "2 layers",
  ]);
  assert.throws(
    () => studentsOf({ ...given, only: ["3 layers"] }),
    /students: there is no "3 layers"; did you mean 2 layers/,
  );
});
