/** What is declared before a run: freeze modes, schedules, decay groups. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Model } from "../../lib/models/model";
import { isDecayed } from "../../lib/models/registry";
import { type FreezeMode, freezeMode } from "../../lib/train/freeze";
import { optimizerOf, scheduleOf } from "../../lib/train/optimizer";
import { resolveTrainSettings, TRAIN_DEFAULTS, type TrainSettings } from "../../lib/train/settings";
import { stepsOf } from "../../packages/tfjs-graph";
import type { Tensor } from "../../packages/tfjs-graph/backend";

const NAMES = [
  "bert.embeddings.word_embeddings.weight",
  "bert.embeddings.LayerNorm.weight",
  "bert.encoder.layer.0.output.dense.weight",
  "bert.encoder.layer.1.output.dense.weight",
  "bert.encoder.layer.10.output.dense.bias",
  "bert.pooler.dense.weight",
  "classifier.weight",
  "mlp.2.bias",
];
const layerOf = (name: string) => /layer\.\d+|embeddings|pooler/.exec(name)?.[0] ?? "head";
const MODEL: Model = {
  layers: [...Array.from({ length: 11 }, (_, i) => `layer.${i}`), "embeddings", "pooler", "head"].map(
    (name) => ({
      name,
      parameters: NAMES.filter((parameter) => layerOf(parameter) === name),
      output: "sequence",
      apply: (x) => x as Tensor,
    }),
  ),
  weights: {},
};
const trained = (mode: FreezeMode, newPooler = false) => NAMES.filter(freezeMode(mode, MODEL, { newPooler }));
const HEAD = ["classifier.weight", "mlp.2.bias"];

test("all trains everything", () => assert.deepEqual(trained("all"), NAMES));
test("last trains the last layer by number, the pooler and the head", () => {
  assert.deepEqual(trained("last"), [
    "bert.encoder.layer.10.output.dense.bias",
    "bert.pooler.dense.weight",
    ...HEAD,
  ]);
});
test("last k trains the last k layers", () => assert.deepEqual(trained("last 10"), NAMES.slice(3)));
test("fixed trains the head alone", () => assert.deepEqual(trained("fixed"), HEAD));
test("fixed trains a pooler that the checkpoint does not have", () =>
  assert.deepEqual(trained("fixed", true), ["bert.pooler.dense.weight", ...HEAD]));
test("bias trains all biases and the head", () =>
  assert.deepEqual(trained("bias"), ["bert.encoder.layer.10.output.dense.bias", ...HEAD]));
test("bias trains a pooler that the checkpoint does not have", () =>
  assert.ok(trained("bias", true).includes("bert.pooler.dense.weight")));
test("lora needs a model with adapters, and says what adds them", () =>
  assert.throws(
    () => trained("lora"),
    /the model has no adapters; withAdapters \(lib\/models\/lora\) adds them/,
  ));
test("more layers than there are, and unknown modes, are refused with what is possible", () => {
  assert.throws(
    () => trained("last 12"),
    /"last 12": use all, last, fixed, bias, lora, or "last k" with k from 1 to the model's 11 layers/,
  );
  assert.throws(() => trained("first" as FreezeMode), /"first": use/);
});

// transformers.get_linear_schedule_with_warmup(optimizer, 2, 6) gives these factors.
test("the linear schedule is transformers'", () => {
  const rate = scheduleOf({ schedule: "linear", learningRate: 2, warmupRatio: 1 / 3 }, 6);
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7].map(rate), [0, 1, 2, 1.5, 1, 0.5, 0, 0]);
});
test("without warm-up the first step has the highest rate", () => {
  const rate = scheduleOf({ schedule: "linear", learningRate: 1, warmupRatio: 0 }, 2);
  assert.deepEqual([0, 1].map(rate), [1, 0.5]);
});
test("the constant schedule stays after warming up", () => {
  const rate = scheduleOf({ schedule: "constant", learningRate: 2, warmupRatio: 0.02 }, 100);
  assert.deepEqual([0, 1, 2, 99].map(rate), [0, 1, 2, 2]);
});

test("decay leaves out biases and LayerNorm", () =>
  assert.deepEqual(
    NAMES.filter((name) => !isDecayed(name)),
    ["bert.embeddings.LayerNorm.weight", "bert.encoder.layer.10.output.dense.bias", "mlp.2.bias"],
  ));

test("all parameters decay where that is asked for", () => {
  const decayed = (settings: Partial<TrainSettings>) =>
    NAMES.filter(stepsOf(optimizerOf({ ...TRAIN_DEFAULTS, ...settings })).decays);
  assert.deepEqual(decayed({ weightDecayOn: "all" }), NAMES);
  assert.deepEqual(decayed({}), NAMES.filter(isDecayed));
});

test("weights decay after AdamW's moments, before Adam's, and gradients are clipped before both", () => {
  const chain = (optimizer: "adamw" | "adam") =>
    optimizerOf({ ...TRAIN_DEFAULTS, optimizer }).map(({ name }) => name);
  assert.deepEqual(chain("adamw"), ["clipByGlobalNorm", "scaleByAdam", "addDecayedWeights"]);
  assert.deepEqual(chain("adam"), ["clipByGlobalNorm", "addDecayedWeights", "scaleByAdam"]);
});

const factors = (settings: Partial<TrainSettings>) =>
  NAMES.map(stepsOf(optimizerOf({ ...TRAIN_DEFAULTS, ...settings }, MODEL)).factorOf);

test("layer k of 11 learns at ξ^(11 - k) of the rate, embeddings at ξ^11, pooler and head at all of it", () =>
  assert.deepEqual(factors({ layerDecay: 0.5 }), [
    0.5 ** 11, // word embeddings
    0.5 ** 11,
    0.5 ** 10, // layer.0, the lowest
    0.5 ** 9,
    1, // layer.10, the top
    1,
    1,
    1,
  ]));

test("the head alone has a rate of its own", () =>
  assert.deepEqual(factors({ learningRate: 2e-5, headLearningRate: 1e-3, layerDecay: 0.5 }).slice(4), [
    1,
    1,
    1e-3 / 2e-5,
    1e-3 / 2e-5,
  ]));

test("factors are the last of the chain, and not in it where no rate differs", () => {
  const chain = (settings: Partial<TrainSettings>) =>
    optimizerOf({ ...TRAIN_DEFAULTS, ...settings }, MODEL).map(({ name }) => name);
  assert.equal(chain({ layerDecay: 0.9, optimizer: "adam" }).at(-1), "scaleByParameter");
  assert.ok(!chain({}).includes("scaleByParameter"));
});

test("a rate of the head needs one that it is a multiple of", () =>
  assert.throws(
    () => resolveTrainSettings({ learningRate: 0, headLearningRate: 1e-3 }),
    /headLearningRate is a multiple of learningRate, which is 0: take a small one/,
  ));

test("the settings of a study come whole: a training takes its own, and its defaults for the rest", () => {
  const study = { epochs: 2, head: "linear", threads: 4 };
  assert.deepEqual(resolveTrainSettings(study), { ...TRAIN_DEFAULTS, epochs: 2 });
});
