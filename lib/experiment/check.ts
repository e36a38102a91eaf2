/** What a trial may be: looked at where it is planned, read and run, before anything is trained. */
import { join } from "node:path";
import type { Split } from "../data/split";
import type { EncoderNames } from "../models/encoder";
import { checkPooling } from "../models/poolings";
import { readConfig } from "../models/registry";
import { brief } from "../support/printable";
import { remembered } from "../support/remembered";
import {
  ABOVE_0,
  COUNT,
  checkFields,
  FLAG,
  FROM_0,
  listOf,
  oneOf,
  optional,
  RATIO,
  type Rule,
  type Rules,
  SEED,
  TEXT,
  whole,
} from "../support/settings";
import { checkTogether, TRAIN_RULES } from "../train/settings";
import { loadDataset } from "./dataset";
import { isEncoder } from "./doc2vec";
import { isExperiment } from "./run";
import type { ClassificationSettings, Trial } from "./spec";

const LORA = { loraRank: COUNT, loraAlpha: ABOVE_0, loraTargets: listOf(TEXT) };
export const CLASSIFICATION_RULES: Rules<ClassificationSettings> = {
  head: oneOf("linear", "3MLP"),
  freeze: {
    words: '"all", "last", "last 2" and so on, "fixed", "bias" or "lora"',
    fits: (value) => typeof value === "string" && /^(all|fixed|bias|lora|last( [1-9]\d*)?)$/.test(value),
  },
  // trials that were planned before they were there have none
  loraRank: optional(LORA.loraRank),
  loraAlpha: optional(LORA.loraAlpha),
  loraTargets: optional(LORA.loraTargets),
  pooling: oneOf("cls", "mean", "max", "target-mean", "last4", "attention"),
  dropoutSamples: optional(COUNT),
  pretrained: FLAG,
  newHead: optional(oneOf(true)),
  segments: optional(oneOf("alike")),
  ...TRAIN_RULES,
  learningRate: ABOVE_0,
  classWeights: oneOf("none", "balanced"),
  maxLength: whole(3), // [CLS], a piece, [SEP]
  beginningShare: optional(RATIO),
  initSeed: SEED,
  threads: whole(1),
};

const OBJECT: Rule = { words: "an object", fits: (value) => value !== null && typeof value === "object" };
const TWO = listOf(TEXT);

const TRIAL: Rules<Trial> = {
  experiment: {
    words: "the name of a folder, of at most 200 bytes",
    fits: isExperiment,
  },
  system: TEXT,
  testSet: TEXT,
  settings: OBJECT,
  classes: {
    words: "a list of at least two different names",
    fits: (value) => TWO.fits(value) && (value as string[]).length > 1,
  },
  dataset: OBJECT,
  split: OBJECT,
  model: OBJECT,
  force: optional(FLAG),
  features: optional(oneOf("memory")),
  keepWeights: optional(FLAG),
  checkpointSeconds: optional(FROM_0),
};

const ITEMS: Rule = {
  words: "a list of at least one number of an item, from 0",
  fits: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((item) => Number.isInteger(item) && item >= 0),
};
const SPLIT: Rules<Split> = { name: TEXT, train: ITEMS, validation: ITEMS, test: ITEMS };

// many trials share a data set or a model
const labels = new Map<string, readonly number[]>();
const models = new Map<string, ReturnType<typeof readConfig> | undefined>();

/**
 * @param all the class of each item of the data set, from 0
 * @throws if an item is not there, is of no class, or is tested and learnt from; or if all that is trained on
 *   is of one class
 */
export function checkSplit(
  { name, train, validation, test }: Split,
  all: readonly number[],
  classes: readonly string[],
): void {
  const wrong = [...train, ...validation, ...test].find((item) => classes[all[item]] === undefined);
  if (wrong !== undefined)
    throw new Error(
      wrong < all.length
        ? `item ${wrong} has the label ${all[wrong]}, but there are ${classes.length} classes, from 0`
        : `the split "${brief(name)}" names item ${wrong}, but the data set has ${all.length}`,
    );
  const learnt = new Set([...train, ...validation]),
    both = test.filter((item) => learnt.has(item)).length;
  if (both > 0)
    throw new Error(`the split "${brief(name)}" tests ${both} items that are trained on or validated`);
  const [one, ...others] = new Set(train.map((item) => all[item]));
  if (others.length === 0)
    throw new Error(
      `the split "${brief(name)}": all ${train.length} items to train on are of the class "${brief(classes[one])}", so that nothing can be learnt; choose another label, or other test and validation items`,
    );
}

/** @throws if a setting of LoRA is missing, or one of its targets is no map of the encoder */
function checkLora({ loraRank, loraAlpha, loraTargets }: ClassificationSettings, names?: EncoderNames): void {
  checkFields({ loraRank, loraAlpha, loraTargets }, LORA);
  const { title, maps }: Pick<EncoderNames, "title" | "maps"> = names ?? { title: "a doc2vec", maps: [] };
  const unknown = loraTargets.find((target) => !maps.includes(target));
  if (unknown === undefined) return;
  throw new Error(
    `loraTargets: ${title} has no map ${brief(unknown)}; there are ${maps.join(", ") || "none"}`,
  );
}

/**
 * Checks a trial.
 * @param at stands before the message
 * @throws with each field that is not what it may be; or if all that is trained on is of one class, or the
 *   model cannot read texts of `maxLength` tokens or has no such maps for LoRA
 */
export function checkTrial(trial: Trial, at = ""): void {
  checkFields(trial, TRIAL, at);
  const { settings, split, dataset, classes, model } = trial;
  checkFields(settings, CLASSIFICATION_RULES, at);
  checkFields(split, SPLIT, `${at}split: `);
  const described = remembered(models, model.folder, () =>
    isEncoder(model.folder) ? readConfig(join(model.folder, "config.json")) : undefined,
  );
  const positions = described?.config.maxPositions ?? Infinity;
  try {
    checkTogether(settings);
    if (settings.freeze === "lora") checkLora(settings, described?.names);
    if (described) checkPooling(settings.pooling, described.config.layers);
    if (settings.maxLength > positions)
      throw new Error(`maxLength = ${settings.maxLength}, but the model reads at most ${positions} tokens`);
    const all = remembered(labels, dataset.path, () => loadDataset(dataset).map(({ label }) => label));
    checkSplit(split, all, classes);
  } catch (error) {
    throw new Error(at + (error as Error).message);
  }
}
