/**
 * A trial's key: what its folder's name is the hash of. Its spelling is frozen here, apart from the names in
 * the code: a renamed field changes no key. Another spelling of one of these words is another format
 * (KEY_FORMAT in run.ts), and no run of before is found.
 */
import { backendName } from "../../packages/tfjs-graph";
import { hashOfSplit } from "./dataset";
import type { RunKey } from "./run";
import type { ClassificationSettings, Trial } from "./spec";

type Field = keyof Required<ClassificationSettings>;

/** Each field of the settings → the word that stands in keys and in config.json. */
const SPELT: { readonly [name in Field]: string } = {
  head: "head",
  freeze: "freeze",
  loraRank: "loraRank",
  loraAlpha: "loraAlpha",
  loraTargets: "loraTargets",
  pooling: "pooling",
  dropoutSamples: "dropoutSamplesOfGraph", // until 2026-11-30 it ran op by op, with other masks
  pretrained: "pretrained",
  newHead: "newHead",
  segments: "segments",
  epochs: "epochs",
  batchSize: "batchSize",
  groupByLength: "groupByLength",
  learningRate: "learningRate",
  schedule: "schedule",
  warmupRatio: "warmupRatio",
  layerDecay: "layerDecay",
  headLearningRate: "headLearningRate",
  optimizer: "optimizer",
  biasCorrection: "biasCorrection",
  weightDecay: "weightDecay",
  weightDecayOn: "weightDecayOn",
  labelSmoothing: "labelSmoothing",
  focal: "focal",
  unfreezing: "unfreezing",
  emaDecay: "emaDecay",
  swaEpochs: "swaEpochs",
  softTargets: "softTargets",
  temperature: "temperature",
  clipNorm: "clipNorm",
  classWeights: "classWeights",
  maxLength: "maxLength",
  beginningShare: "beginningShare",
  initSeed: "initSeed",
  orderSeed: "orderSeed",
  threads: "threads",
  gradientNorms: "gradientNorms",
  weightNorms: "weightNorms",
  precision: "precision",
  checkpointing: "checkpointing",
  accumulate: "accumulate",
};

/** Values with another word in keys. */
const SPELT_VALUES: Partial<Record<Field, Readonly<Record<string, string>>>> = {
  pooling: { "target-mean": "own" },
};

/** Settings that came later, left out of a key where they change nothing: runs from before them are found. */
const NEUTRAL: Partial<Record<Field, unknown>> = {
  beginningShare: undefined,
  newHead: undefined,
  segments: undefined,
  groupByLength: undefined,
  biasCorrection: undefined,
  weightDecayOn: undefined,
  layerDecay: 1,
  headLearningRate: undefined,
  labelSmoothing: undefined,
  focal: undefined,
  unfreezing: undefined,
  emaDecay: undefined,
  swaEpochs: undefined,
  softTargets: undefined,
  temperature: undefined,
  dropoutSamples: undefined,
  gradientNorms: undefined,
  weightNorms: undefined,
  precision: "float32",
  checkpointing: undefined,
  accumulate: 1,
};

const fields = Object.keys(SPELT) as readonly Field[];

/** The word of a key for a value of the code, … */
const wordOf = (field: Field, value: unknown): unknown => SPELT_VALUES[field]?.[String(value)] ?? value;

/** … and the value for a word. */
const meaningOf = (field: Field, spelt: unknown): unknown =>
  Object.entries(SPELT_VALUES[field] ?? {}).find(([, word]) => word === spelt)?.[0] ?? spelt;

export function keyOf({ experiment, settings, classes, dataset, split, model }: Trial): RunKey {
  const decides = (field: Field) =>
    settings[field] !== undefined &&
    settings[field] !== NEUTRAL[field] &&
    (settings.freeze === "lora" || !field.startsWith("lora"));
  const spelt = fields
    .filter(decides)
    .map((field) => [SPELT[field], wordOf(field, settings[field])] as const);
  return {
    experiment,
    settings: {
      ...Object.fromEntries(spelt),
      classes,
      split: split.name,
      items: hashOfSplit(split),
      backend: backendName(),
    },
    data: dataset.sha256,
    model: model.sha256,
  };
}

/** The settings that a key spells, under the names of the code. */
export function settingsOfKey(spelt: RunKey["settings"]): ClassificationSettings {
  const found = fields.filter((field) => spelt[SPELT[field]] !== undefined);
  return Object.fromEntries(
    found.map((field) => [field, meaningOf(field, spelt[SPELT[field]])]),
  ) as unknown as ClassificationSettings;
}
