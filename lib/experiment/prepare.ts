/**
 * From a trial to what is trained: its network, what of it is frozen, and its texts as the network reads
 * them.
 */

import { isRecurrent, openRecurrent } from "../../packages/recurrent";
import { openTokenizer, type Tokenizer } from "../../packages/tokenizer";
import { encodeItems, limitOf } from "../data/encode";
import { classifier, vectorClassifier } from "../models/heads";
import { withAdapters } from "../models/lora";
import type { Model } from "../models/model";
import { fill, loadPretrained, type PretrainedModel, segmentsAlike, withoutHead } from "../models/pretrained";
import { Random } from "../support/random";
import { remembered } from "../support/remembered";
import type { Examples } from "../train/batches";
import { type Freeze, freezeMode, parameterGroup } from "../train/freeze";
import { type Example, loadDataset } from "./dataset";
import { isDoc2vec, openDoc2vec, wordsOf } from "./doc2vec";
import type { Trial } from "./spec";

/** One of the three parts of a split. */
interface SplitData extends Examples {
  readonly items: readonly Example[];
  readonly lines: readonly string[];
  /** Texts that were dropped, or cut. */
  readonly tooLong: number;
}

export interface PreparedTrial {
  readonly model: Model;
  readonly freeze: Freeze;
  /** Where features of what is frozen are kept. */
  readonly cache: "disk" | "memory";
  readonly data: Readonly<Record<"train" | "validation" | "test", SplitData>>;
}

/** Drawn anew for each seed; the freeze mode "fixed" leaves its word vectors as they are. */
async function prepareRecurrent(trial: Trial): Promise<PreparedTrial> {
  const { settings, classes, model: of } = trial;
  const { encode, network } = await openRecurrent(of.folder);
  const data = splitData(trial, (items) => ({
    items,
    texts: items.map(({ text }) => encode(text)),
    tooLong: 0,
  }));
  const model = network(classes.length, new Random(settings.initSeed));
  return { model, freeze: freezeMode(settings.freeze, model, { newPooler: false }), cache: "memory", data };
}

function splitData(
  trial: Trial,
  read: (items: readonly Example[]) => Pick<SplitData, "items" | "texts" | "tooLong">,
): PreparedTrial["data"] {
  const examples = loadDataset(trial.dataset);
  const one = (indices: readonly number[]): SplitData => {
    const made = read(indices.map((index) => examples[index]));
    return {
      ...made,
      labels: made.items.map(({ label }) => label),
      lines: made.items.map(({ text }) => text),
      ...(trial.settings.softTargets && {
        taught: made.items.flatMap(({ logits }) => (logits ? [logits] : [])),
      }),
    };
  };
  return {
    train: one(trial.split.train),
    validation: one(trial.split.validation),
    test: one(trial.split.test),
  };
}

// opened once a process: many runs share them
const tokenizers = new Map<string, Promise<Tokenizer>>();
const pretrainedModels = new Map<string, PretrainedModel>();

/**
 * An encoder with a head; a recurrent network, and a head over the vectors of a doc2vec, in their own ways.
 * @throws with the file if the model, the tokenizer or the data set cannot be read; if the freeze mode is
 *   none of the model's
 */
export async function prepare(trial: Trial): Promise<PreparedTrial> {
  const {
    settings,
    classes,
    model: { folder },
  } = trial;
  if (isRecurrent(folder)) return prepareRecurrent(trial);
  if (isDoc2vec(folder)) return prepareVectors(trial);
  const tokenizer = await remembered(tokenizers, folder, () => openTokenizer(folder));
  const pretrained = remembered(pretrainedModels, folder, () => loadPretrained(folder));
  const maxLength = Math.min(settings.maxLength, pretrained.encoder.config.maxPositions),
    limit = { ...limitOf(settings), maxLength };
  const data = splitData(trial, (items) => encodeItems(items, tokenizer, limit));
  const random = new Random(settings.initSeed);
  const network = classifier(pretrained.encoder, { ...settings, classes: classes.length }, random);
  const { model: filled, missing } = settings.pretrained
    ? fill(network, settings.newHead ? withoutHead(pretrained) : pretrained)
    : { model: network, missing: Object.keys(network.weights) };
  const alike = settings.segments === "alike" ? segmentsAlike(filled, pretrained.encoder.names) : filled;
  const { loraRank: rank, loraAlpha: alpha, loraTargets: targets } = settings;
  const model = settings.freeze === "lora" ? withAdapters(alike, { rank, alpha, targets }, random) : alike;
  const newPooler = missing.some((name) => parameterGroup(model, name) === "pooler");
  return {
    model,
    freeze: freezeMode(settings.freeze, model, { newPooler }),
    cache: trial.features ?? (settings.pretrained ? "disk" : "memory"),
    data,
  };
}

/**
 * Every line's vector is inferred, those of training lines too, so that all are made in one way. Each
 * dimension is brought to mean 0 and deviation 1 over the training lines, the size for which heads' initial
 * weights are made.
 */
async function prepareVectors(trial: Trial): Promise<PreparedTrial> {
  const {
    settings,
    classes,
    model: { folder },
  } = trial;
  const doc2vec = openDoc2vec(folder),
    vectors: Float32Array[] = [];
  const words = new Map<string, readonly string[]>();
  const texts = loadDataset(trial.dataset).map(({ text }) => text);
  (await wordsOf(texts)).forEach((cut, i) => words.set(texts[i], cut));
  const data = splitData(trial, (items) => {
    const first = vectors.length;
    for (const { text } of items) vectors.push(doc2vec.infer(words.get(text) ?? []));
    return { items, texts: items.map((_, i) => ({ ids: [first + i], segmentIds: [0] })), tooLong: 0 };
  });
  const learnt = vectors.slice(0, data.train.items.length),
    width = doc2vec.options.dimensions;
  const table = new Float32Array(vectors.length * width);
  for (let d = 0; d < width; d++) {
    const mean = learnt.reduce((sum, vector) => sum + vector[d], 0) / learnt.length;
    const deviation =
      Math.sqrt(learnt.reduce((sum, vector) => sum + (vector[d] - mean) ** 2, 0) / learnt.length) || 1;
    vectors.forEach((vector, i) => (table[i * width + d] = (vector[d] - mean) / deviation));
  }
  const model = vectorClassifier(
    { shape: [vectors.length, width], data: table },
    { ...settings, classes: classes.length },
    new Random(settings.initSeed),
  );
  return {
    model,
    freeze: freezeMode("fixed", model, { newPooler: false }),
    cache: "memory",
    data,
  };
}
