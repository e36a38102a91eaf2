import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf, settingsOfKey } from "../../lib/experiment/key";
import { runFolder } from "../../lib/experiment/run";
import { CLASSIFICATION_DEFAULTS, type ClassificationSettings, type Trial } from "../../lib/experiment/spec";
import { backendName } from "../../packages/tfjs-graph/backend";

const everything: Required<ClassificationSettings> = {
  ...CLASSIFICATION_DEFAULTS,
  beginningShare: 0.25,
  freeze: "lora",
  newHead: true,
  segments: "alike",
  groupByLength: false,
  biasCorrection: false,
  weightDecayOn: "all",
  layerDecay: 0.95,
  headLearningRate: 1e-3,
  labelSmoothing: 0.1,
  focal: 2,
  unfreezing: "gradual",
  emaDecay: 0.99,
  swaEpochs: 2,
  softTargets: 0.5,
  temperature: 2,
  dropoutSamples: 5,
  gradientNorms: true,
  weightNorms: 5,
  precision: "bfloat16",
  checkpointing: true,
  accumulate: 4,
};

const trial = (settings: ClassificationSettings): Trial => ({
  experiment: "test",
  system: "all + linear",
  testSet: "test",
  settings,
  classes: ["not 喜楽", "喜楽"],
  dataset: { path: "d.jsonl", sha256: "d" },
  split: { name: "ギャグ", train: [0, 1], validation: [2], test: [3] },
  model: { folder: "m", sha256: "m" },
});
const settingsOf = (settings: ClassificationSettings) => keyOf(trial(settings)).settings;

test("the words of a key are frozen: a name that changes in the code changes none of them", () => {
  assert.deepEqual(settingsOf(everything), {
    head: "linear",
    freeze: "lora",
    loraRank: 8,
    loraAlpha: 16,
    loraTargets: ["query", "value"],
    pooling: "cls",
    pretrained: true,
    newHead: true,
    segments: "alike",
    epochs: 3,
    batchSize: 16,
    groupByLength: false,
    learningRate: 5e-5,
    schedule: "linear",
    warmupRatio: 0.1,
    layerDecay: 0.95,
    headLearningRate: 1e-3,
    optimizer: "adamw",
    biasCorrection: false,
    weightDecay: 0.01,
    weightDecayOn: "all",
    labelSmoothing: 0.1,
    focal: 2,
    softTargets: 0.5,
    temperature: 2,
    dropoutSamplesOfGraph: 5,
    unfreezing: "gradual",
    emaDecay: 0.99,
    swaEpochs: 2,
    clipNorm: 1,
    classWeights: "none",
    maxLength: 128,
    beginningShare: 0.25,
    initSeed: 1,
    orderSeed: 1,
    threads: 1,
    gradientNorms: true,
    weightNorms: 5,
    precision: "bfloat16",
    checkpointing: true,
    accumulate: 4,
    classes: ["not 喜楽", "喜楽"],
    split: "ギャグ",
    items: "a3f7d3d5f5eefa4d922e8e7d6d0273edba0fc4cf1567865f86a57cef4f7c5a0b",
    backend: backendName(),
  });
});

test("a value that was renamed in the code keeps its word in keys, and is read from it", () => {
  const settings = { ...CLASSIFICATION_DEFAULTS, pooling: "target-mean" } as const;
  assert.equal(settingsOf(settings).pooling, "own");
  assert.deepEqual(settingsOfKey(settingsOf(settings)).pooling, "target-mean");
});

test("every setting is part of the key", () => {
  const folders = Object.keys(everything).map((name) =>
    runFolder(keyOf(trial({ ...everything, [name]: "another" }))),
  );
  assert.equal(new Set([runFolder(keyOf(trial(everything))), ...folders]).size, folders.length + 1);
});

test("what a key leaves out because it changes nothing is not told apart", () => {
  const settings = { ...CLASSIFICATION_DEFAULTS, precision: "float32", layerDecay: 1 } as const;
  assert.deepEqual(settingsOf(settings), settingsOf(CLASSIFICATION_DEFAULTS));
});

test("the settings of LoRA are in the keys of LoRA alone", () => {
  const { loraRank, loraAlpha, loraTargets, ...before } = CLASSIFICATION_DEFAULTS;
  for (const freeze of ["all", "last", "fixed", "bias"] as const)
    assert.deepEqual(
      settingsOf({ ...CLASSIFICATION_DEFAULTS, freeze }),
      settingsOf({ ...before, freeze } as ClassificationSettings),
    );
});

test("what tables call a run is no part of its key", () => {
  const one = trial(CLASSIFICATION_DEFAULTS);
  assert.equal(runFolder(keyOf({ ...one, system: "renamed" })), runFolder(keyOf(one)));
});

test("the settings come back from a key", () => {
  assert.deepEqual(settingsOfKey(settingsOf(everything)), everything);
});
