/** Golden losses, accuracies and answers of short trainings through train() itself, and doc2vec's vectors. */
import "./one-thread";
import { join } from "node:path";
import { balancedWeights } from "../../lib/experiment/classification";
import { CLASSIFICATION_DEFAULTS } from "../../lib/experiment/spec";
import { bertEncoder } from "../../lib/models/bert";
import { classifier, type Head, vectorClassifier } from "../../lib/models/heads";
import { withAdapters } from "../../lib/models/lora";
import type { Model } from "../../lib/models/model";
import { isDecayed } from "../../lib/models/registry";
import { projectRoot } from "../../lib/support/files";
import { Random } from "../../lib/support/random";
import { EXPLOSION, NO_LOSS, watched } from "../../lib/train/explosion";
import { DivergedError, train } from "../../lib/train/fit";
import { type FreezeMode, freezeMode } from "../../lib/train/freeze";
import { ADAM } from "../../lib/train/optimizer";
import { predict } from "../../lib/train/predict";
import type { TrainRequest } from "../../lib/train/request";
import { TRAIN_DEFAULTS, type TrainSettings } from "../../lib/train/settings";
import { tensorflowRelease } from "../../lib/versions";
import { cosine, DOC2VEC_DEFAULTS, type Doc2vecOptions } from "../../packages/doc2vec/doc2vec";
import { trainDoc2vec } from "../../packages/doc2vec/train";
import { maskedBatch, packLines, packProse } from "../../packages/pre-training/masking";
import { tokenTexts } from "../../packages/pre-training/tokens";
import type { StepMetrics } from "../../packages/run-log";
import {
  addDecayedWeights,
  clipByGlobalNorm,
  type Optimizer,
  scaleByAdam,
} from "../../packages/tfjs-graph/optimizer";
import { readVocabulary } from "../../packages/tokenizer";
import { golden } from "./check";
import { CONFIG, textsOf, wider } from "./networks";

const CLASSES = 3;
/** 60 texts in batches of 16 are 4 steps an epoch, the last with rows that fill up. */
const TRAIN = textsOf({ count: 60, longest: 40, classes: CLASSES }, 1);
const VALIDATION = textsOf({ count: 20, longest: 40, classes: CLASSES }, 2);

const DEFAULTS = CLASSIFICATION_DEFAULTS;
const constants = {
  config: CONFIG,
  adam: { ...ADAM, weightDecay: 0, clipNorm: 0, isDecayed },
  adamw: { ...ADAM, weightDecay: TRAIN_DEFAULTS.weightDecay, clipNorm: TRAIN_DEFAULTS.clipNorm, isDecayed },
  settings: TRAIN_DEFAULTS,
  explosion: EXPLOSION,
  lora: { rank: DEFAULTS.loraRank, alpha: DEFAULTS.loraAlpha, targets: DEFAULTS.loraTargets },
  doc2vec: DOC2VEC_DEFAULTS,
};
type Constants = typeof constants;

const chainOf = (
  kind: "adam" | "adamw",
  { weightDecay, clipNorm, isDecayed: decayed, ...adam }: Constants["adam"],
) => {
  const decay = addDecayedWeights(weightDecay, decayed),
    scale = scaleByAdam(adam);
  return [clipByGlobalNorm(clipNorm), ...(kind === "adam" ? [decay, scale] : [scale, decay])];
};

interface Training extends Partial<TrainSettings>, Pick<TrainRequest, "classWeights"> {
  readonly model: Model;
  readonly mode: FreezeMode;
  readonly data: TrainRequest["data"];
  readonly chain?: Optimizer;
}

/** What a training says of its steps and epochs, the lengths of its weights, and what the model answers. */
async function trained({ model: start, mode, data, chain, classWeights, ...settings }: Training) {
  const freeze = freezeMode(mode, start, { newPooler: false });
  const steps: StepMetrics["values"][] = [];
  const onMetrics = ({ values }: StepMetrics) => {
    if ("train/loss" in values) steps.push(values);
  };
  const request = {
    model: start,
    freeze,
    data,
    settings,
    classWeights,
    optimizer: chain,
    cache: "memory" as const,
    onMetrics,
  };
  const { history, model, bestEpoch, trainable } = await train(request);
  const answers = await predict(model, data.validation.texts, { freeze, cache: "memory" });
  // a key's bias has no gradient but rounding, which Adam makes as large as any
  const lengths = trainable.filter((name) => !name.endsWith("key.bias")).map((name) => model.weights[name]);
  return {
    ...Object.fromEntries(Object.keys(steps[0]).map((name) => [name, steps.map((values) => values[name])])),
    "epochs' losses": history.flatMap(({ trainLoss, validationLoss }) => [trainLoss, validationLoss]),
    accuracies: history.flatMap(({ trainAccuracy, validationAccuracy }) => [
      trainAccuracy,
      validationAccuracy,
    ]),
    "epoch kept": [bestEpoch],
    "lengths of weights": lengths.map(({ data: numbers }) => Math.hypot(...numbers)),
    "log probabilities": answers.flatMap(({ probabilities }) => probabilities.map(Math.log)),
  };
}

const bert = ({ config }: Constants) =>
  classifier(bertEncoder(wider(config)), { head: "linear", classes: CLASSES }, new Random(1));

const twelveSteps = (given: Constants, optimizer: "adam" | "adamw", mode: FreezeMode) =>
  trained({
    ...given.settings,
    model: mode === "lora" ? withAdapters(bert(given), given.lora, new Random(2)) : bert(given),
    mode,
    data: { train: TRAIN, validation: VALIDATION },
    chain: chainOf(optimizer, given[optimizer]),
    learningRate: mode === "fixed" || mode === "bias" || mode === "lora" ? 0.05 : 0.005,
    classWeights: balancedWeights(TRAIN.labels, CLASSES),
  });

const WIDTH = 16;
/** Texts of one token, the number of a vector: 24 of each class around a vector of the class. */
const VECTORS = (() => {
  const random = new Random(8);
  const normal = () => Array.from({ length: WIDTH }, () => random.normal());
  const labels = Array.from({ length: 24 * CLASSES }, (_, i) => i % CLASSES);
  const middles = Array.from({ length: CLASSES }, normal);
  const rows = labels.map((label) => normal().map((x, i) => x + 0.5 * middles[label][i]));
  const texts = labels.map((_, i) => ({ ids: [i], segmentIds: [0] }));
  const part = (from: number, to: number) => ({
    texts: texts.slice(from, to),
    labels: labels.slice(from, to),
  });
  return { rows: Float32Array.from(rows.flat()), train: part(0, 48), validation: part(48, 72) };
})();

/** A linear head's biases start at 1, where it would be seen if they were decayed. */
function overVectors(head: Head, scale = 1): Model {
  const rows = { shape: [VECTORS.rows.length / WIDTH, WIDTH], data: VECTORS.rows.map((x) => scale * x) };
  const model = vectorClassifier(rows, { head, classes: CLASSES }, new Random(3));
  const bias = { shape: [CLASSES], data: new Float32Array(CLASSES).fill(1) };
  return head === "linear" ? { ...model, weights: { ...model.weights, "classifier.bias": bias } } : model;
}

golden({
  component: "training",
  tensorflow: tensorflowRelease() ?? "wasm",
  smooth: (series) => series !== "accuracies" && series !== "epoch kept",
  constants,
  cases: {
    "adam, all": (given) => twelveSteps(given, "adam", "all"),
    "adam, last": (given) => twelveSteps(given, "adam", "last"),
    "adam, fixed": (given) => twelveSteps(given, "adam", "fixed"),
    "adamw, all": (given) => twelveSteps(given, "adamw", "all"),
    "adamw, last": (given) => twelveSteps(given, "adamw", "last"),
    "adamw, fixed": (given) => twelveSteps(given, "adamw", "fixed"),
    "adamw, bias": (given) => twelveSteps(given, "adamw", "bias"),
    "adamw, lora": (given) => twelveSteps(given, "adamw", "lora"),
    "norms of stages": (given) =>
      trained({
        ...given.settings,
        model: bert(given),
        mode: "last",
        data: { train: TRAIN, validation: VALIDATION },
        learningRate: 0.01,
        epochs: 1,
        gradientNorms: true,
      }),
    "36 steps over vectors": ({ settings, adamw }) =>
      trained({
        ...settings,
        chain: chainOf("adamw", adamw),
        model: overVectors("linear"),
        mode: "fixed",
        data: VECTORS,
        batchSize: 8,
        epochs: 6,
        learningRate: 0.05,
      }),
    // gradients as small as Adam's epsilon, and a norm as small as what clipping adds to it
    "faint gradients": async ({ adamw, settings }) => {
      const { model } = await train({
        model: overVectors("linear", 1e-6),
        freeze: (name) => name === "classifier.weight",
        data: VECTORS,
        settings: { ...settings, batchSize: 4, epochs: 1, learningRate: 0.1 },
        optimizer: chainOf("adamw", { ...adamw, clipNorm: 5e-8 * adamw.clipNorm }),
        cache: "memory",
      });
      return { weights: model.weights["classifier.weight"].data };
    },
    explosion: async ({ settings, explosion }) => {
      let steps = 0;
      const exploded = await train({
        model: overVectors("3MLP"),
        freeze: (name) => name.startsWith("mlp."),
        data: VECTORS,
        settings: { ...settings, batchSize: 4, epochs: 5, learningRate: 300 },
        explosion,
        cache: "memory",
        onMetrics: ({ step }) => (steps = step),
      }).catch((error) => error);
      let watch = NO_LOSS;
      const watches = [0.7, 3, 8, 12, 9, 30].map((loss) => (watch = watched(watch, loss, 2, explosion)));
      return {
        "steps until it was stopped": [exploded instanceof DivergedError ? steps : -1],
        watch: watches.flatMap(({ bound, above }) => [bound, above]),
      };
    },
    "doc2vec, PV-DM": ({ doc2vec }) => vectorsOf({ ...doc2vec, algorithm: "dm" }),
    "doc2vec, PV-DBOW with words": ({ doc2vec }) =>
      vectorsOf({ ...doc2vec, algorithm: "dbow", skipGram: true }),
    "masked batches": () => {
      const vocabulary = readVocabulary(join(projectRoot, "data/model/vocab.txt"));
      const random = new Random(9);
      const texts = tokenTexts(
        Array.from({ length: 20 }, () =>
          Array.from(
            { length: 1 + random.integer(14) },
            () => 5 + random.integer(vocabulary.pieces.length - 5),
          ),
        ),
      );
      const [lines, prose] = [packLines(texts, 24, vocabulary, random), packProse(texts, 24, vocabulary)];
      const masked = [lines, prose].map((sequences) =>
        maskedBatch(sequences.slice(0, 4), 24, vocabulary, random),
      );
      return {
        lengths: [...lines, ...prose].map(({ length }) => length),
        ids: masked.flatMap(({ ids }) => Array.from(ids.data)),
        places: masked.flatMap(({ places }) => Array.from(places.data)),
      };
    },
  },
  changes: [
    { constant: "adamw.beta1", to: 0.89, of: "36 steps over vectors" },
    { constant: "adamw.beta2", to: 0.99, of: "36 steps over vectors" },
    { constant: "adamw.epsilon", to: 1e-7, of: "faint gradients" },
    { constant: "adamw.epsilon", to: 9e-9, of: "faint gradients" },
    { constant: "adamw.weightDecay", to: 0, of: "36 steps over vectors" },
    { constant: "adamw.clipNorm", to: 0.9, of: "36 steps over vectors" },
    { constant: "adamw.biasCorrection", to: false, of: "36 steps over vectors" },
    { constant: "adamw.isDecayed", to: () => true, of: "36 steps over vectors" },
    { constant: "adam.weightDecay", to: 0.01, of: "adam, fixed" },
    { constant: "adam.clipNorm", to: 1, of: "adam, fixed" },
    { constant: "config.hiddenDropout", to: 0.11, of: "adamw, last" },
    { constant: "config.attentionDropout", to: 0.11, of: "adamw, last" },
    { constant: "config.classifierDropout", to: 0.11, of: "adamw, fixed" },
    { constant: "settings.warmupRatio", to: 0.06, of: "36 steps over vectors" },
    { constant: "settings.schedule", to: "constant", of: "36 steps over vectors" },
    { constant: "settings.orderSeed", to: 2, of: "36 steps over vectors" },
    { constant: "lora.rank", to: 7, of: "adamw, lora" },
    { constant: "lora.alpha", to: 15, of: "adamw, lora" },
    { constant: "lora.targets", to: ["query", "key"], of: "adamw, lora" },
    { constant: "explosion.factor", to: 8, of: "explosion" },
    { constant: "explosion.steps", to: 9, of: "explosion" },
    { constant: "doc2vec.window", to: 4, of: "doc2vec, PV-DM" },
    { constant: "doc2vec.negative", to: 4, of: "doc2vec, PV-DM" },
    { constant: "doc2vec.sample", to: 1e-4, of: "doc2vec, PV-DM" },
    { constant: "doc2vec.minCount", to: 2, of: "doc2vec, PV-DM" },
    { constant: "doc2vec.epochs", to: 5, of: "doc2vec, PV-DM" },
    { constant: "doc2vec.rate", to: 0.02, of: "doc2vec, PV-DM" },
    { constant: "doc2vec.lastRate", to: 0.001, of: "doc2vec, PV-DM" },
    { constant: "doc2vec.seed", to: 2, of: "doc2vec, PV-DM" },
  ],
});

/** Vectors of forty documents whose words are those of one of two topics, and that of a new one. */
async function vectorsOf(options: Doc2vecOptions) {
  const random = new Random(6);
  const words = (topic: number) =>
    Array.from(
      { length: 30 },
      () => `${random.uniform() < 0.4 ? topic : 2}/${Math.floor(25 * random.uniform() ** 2)}`,
    );
  const documents = Array.from({ length: 40 }, (_, i) => words(i % 2));
  const model = await trainDoc2vec(documents, { ...options, dimensions: 12 });
  const inferred = model.infer(words(0));
  const known = ["0/0", "1/0", "2/0", "2/3"].flatMap((word) => model.word(word) ?? []);
  return {
    words: [model.vocabulary.length],
    // an element of a vector is of the order of 1 / D
    vectors: [inferred, model.document(7), ...known].flatMap((vector) =>
      Array.from(vector, (x) => x * vector.length),
    ),
    similarities: Array.from({ length: 12 }, (_, i) => cosine(inferred, model.document(i))),
  };
}
