import assert from "node:assert/strict";
import { test } from "node:test";
import { storeDataset } from "../../lib/experiment/dataset";
import { doc2vecModel, isDoc2vec, openDoc2vec, wordsOf } from "../../lib/experiment/doc2vec";
import { planDoc2vec } from "../../lib/experiment/doc2vec-trials";
import { OWN_MODEL_VARIABLE } from "../../lib/experiment/missing";
import { CLASSIFICATION_DEFAULTS, type Trial } from "../../lib/experiment/spec";
import { runTrials } from "../../lib/experiment/trials";
import { indices, runsFolder } from "./tiny-trials";

runsFolder();

const kinds = [
  ["とても良い店です", "良い人が笑う", "笑う店は良い"],
  ["ひどく悪い車だ", "悪い車が壊れる", "壊れる車は悪い"],
];
const examples = Array.from({ length: 60 }, (_, i) => ({
  id: `t${i}`,
  text: kinds[i % 2][i % 3],
  label: i % 2,
}));
const split = { name: "fixed", train: indices(0, 36), validation: indices(36, 48), test: indices(48, 60) };
const texts = split.train.map((i) => examples[i].text);
const OPTIONS = { dimensions: 16, minCount: 1, epochs: 40, sample: 0 };

test("a head over doc2vec's vectors learns, is stored and names its model", async () => {
  const model = await doc2vecModel(texts, OPTIONS);
  const trial: Trial = {
    experiment: "test",
    system: "doc2vec + 3MLP",
    testSet: "test",
    classes: ["悪い", "良い"],
    dataset: storeDataset(examples),
    split,
    model,
    settings: {
      ...CLASSIFICATION_DEFAULTS,
      head: "3MLP",
      freeze: "fixed",
      epochs: 20,
      learningRate: 1e-2,
      batchSize: 8,
    },
  };
  const [first] = await runTrials([trial]);
  assert.deepEqual(
    [first.reused, first.result.test.accuracy, first.result.parameters.trained],
    [false, 1, 2 * (16 * 16 + 16) + 16 * 2 + 2],
  );
  const [again] = await runTrials([trial]);
  assert.deepEqual([again.reused, again.folder], [true, first.folder]);
  const other = await doc2vecModel(texts, { ...OPTIONS, seed: 2 });
  const [another] = await runTrials([{ ...trial, model: other }]);
  assert.equal(another.reused, false);
});

test("a stored model infers as the trained one and is found again", async () => {
  const [one, same] = [await doc2vecModel(texts, OPTIONS), await doc2vecModel(texts, OPTIONS)];
  assert.deepEqual(one, same);
  assert.ok(isDoc2vec(one.folder));
  const [words] = await wordsOf(["とても良い人"]);
  assert.deepEqual(words, ["とても", "良い", "人"]);
  assert.deepEqual(openDoc2vec(one.folder).infer(words), openDoc2vec(same.folder).infer(words));
  assert.notEqual((await doc2vecModel([...texts, "良い"], OPTIONS)).sha256, one.sha256);
});

test("where runs of the notebook's own model alone are listed, no doc2vec is trained", async () => {
  process.env[OWN_MODEL_VARIABLE] = "1";
  const none = await planDoc2vec({
    experiment: "test",
    classes: ["悪い", "良い"],
    dataset: storeDataset(examples),
    systems: [{ system: "doc2vec", texts: () => assert.fail("its texts were read") }],
    splits: [split],
    seeds: 3,
    settings: {},
    doc2vec: OPTIONS,
  });
  delete process.env[OWN_MODEL_VARIABLE];
  assert.deepEqual(none, []);
});
