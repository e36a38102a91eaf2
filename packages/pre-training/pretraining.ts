/**
 * Pre-trains a small BERT by masked words on raw text. Interrupted, it goes on from its last checkpoint; the
 * batch of a step depends on the seed and the step alone. The rate stays at its peak until the last fifth of
 * the steps, where it falls to 0 (Hägele et al. 2024), so that a run can be made shorter or longer as long as
 * the fall has not begun.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bertEncoder } from "../../lib/models/bert";
import type { BertConfig } from "../../lib/models/bert/config";
import { BERT_NAMES, MASKED_WORDS } from "../../lib/models/bert/names";
import { applyLayers } from "../../lib/models/model";
import { savePretrained } from "../../lib/models/pretrained";
import { isDecayed } from "../../lib/models/registry";
import { canonicalJson, sha256, writeBeside } from "../../lib/support/files";
import type { Weights } from "../../lib/support/host-array";
import type { OnProgress } from "../../lib/support/progress";
import { Random } from "../../lib/support/random";
import {
  ABOVE_0,
  COUNT,
  check,
  checkFields,
  FROM_0,
  type Rules,
  SEED,
  whole,
} from "../../lib/support/settings";
import { ADAM } from "../../lib/train/optimizer";
import { versions } from "../../lib/versions";
import { restore, TrainingSnapshots, tensorsOf } from "../snapshots";
import {
  addDecayedWeights,
  clipByGlobalNorm,
  type Engine,
  openEngine,
  scaleByAdam,
  shapesOf,
} from "../tfjs-graph";
import type { TokenCorpus } from "./corpus-cache";
import { maskedWordLoss, maskedWordScores } from "./masked-loss";
import { type MaskedBatch, maskedBatch, packLines, packProse, type Sequences } from "./masking";
import { neighbourAttention } from "./neighbours";
import { ppmiVectors } from "./ppmi";

interface PretrainSettings {
  readonly layers: number;
  readonly hiddenSize: number;
  readonly heads: number;
  readonly intermediateSize: number;
  readonly maxPositions: number;
  /** Tokens of a batch, padding counted. */
  readonly batchTokens: number;
  readonly peakRate: number;
  readonly warmUpSteps: number;
  readonly weightDecay: number;
  readonly seed: number;
  /** Steps between two looks at the held-out text, each with a checkpoint; further ones follow the clock. */
  readonly checkpointEvery: number;
}

/** Four layers of 256; no dropout, since no text is seen often. */
export const PRETRAIN_DEFAULTS: PretrainSettings = {
  layers: 4,
  hiddenSize: 256,
  heads: 4,
  intermediateSize: 1024,
  maxPositions: 128,
  batchTokens: 16384,
  peakRate: 1e-3,
  warmUpSteps: 100,
  weightDecay: 0.01,
  seed: 1,
  checkpointEvery: 500,
};

/** Tokens of the longest batches. */
export const LONGEST = 128;

const RULES: Rules<PretrainSettings> = {
  layers: COUNT,
  hiddenSize: COUNT,
  heads: COUNT,
  intermediateSize: COUNT,
  maxPositions: whole(LONGEST),
  batchTokens: whole(LONGEST),
  peakRate: ABOVE_0,
  warmUpSteps: COUNT,
  weightDecay: FROM_0,
  seed: SEED,
  checkpointEvery: COUNT,
};

/**
 * Kinds of batches, lengths in tokens, and the order in which they come: half of them short lines of
 * dialogue.
 */
const KINDS = [
  { text: "dialogue", length: 32 },
  { text: "prose", length: 64 },
  { text: "prose", length: LONGEST },
] as const;
const CYCLE = [0, 1, 0, 1, 0, 2];

/** Which kind a step takes, and its how-manyeth batch since the beginning. */
function turnOf(step: number): { readonly kind: number; readonly k: number } {
  const kind = CYCLE[step % CYCLE.length];
  const uses = (turns: readonly number[]) => turns.filter((other) => other === kind).length;
  return {
    kind,
    k: Math.floor(step / CYCLE.length) * uses(CYCLE) + uses(CYCLE.slice(0, step % CYCLE.length)),
  };
}

/**
 * Neighbours that are counted before the first step; the deviation is large enough for the first steps not to
 * wipe the vectors out.
 */
const PPMI = { specials: 5, contexts: 1000, window: 4, deviation: 0.04 };

const HELD_OUT_BATCHES = 12; // of each kind, at most
const HELD_OUT_TOKENS = 2048; // of each batch; about 7,000 masked words in all

/** A point of the learning curve. Losses in nats a masked word. */
interface CurvePoint {
  readonly step: number;
  readonly seconds: number;
  /** Tokens read so far, padding not counted. */
  readonly tokens: number;
  readonly trainLoss: number;
  readonly heldOutLoss: number;
  readonly heldOutAccuracy: number;
}

interface State {
  /** Steps done, and those that were planned. */
  readonly step: number;
  readonly planned: number;
  readonly tokens: number;
  readonly seconds: number;
  readonly curve: readonly CurvePoint[];
  /** Training losses since the last point of the curve. */
  readonly losses: readonly number[];
}

export interface PretrainOptions {
  readonly settings: PretrainSettings;
  readonly steps: number;
  readonly corpus: TokenCorpus;
  /** Where checkpoints are kept; what was begun there with the same settings and text goes on. */
  readonly folder: string;
  /** Where the model goes when it is done, as a Hugging Face folder in f16. */
  readonly saveTo: string;
  readonly onProgress?: OnProgress;
  /** Writes a checkpoint after the step under way and ends with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Batches of one kind, reproducible: the order is new in every epoch. */
class Batches {
  private epoch = -1;
  private order: readonly number[] = [];

  constructor(
    readonly sequences: Sequences,
    readonly size: number,
    readonly length: number,
    private readonly corpus: TokenCorpus,
    private readonly seed: number,
  ) {
    if (sequences.length < size)
      throw new Error(
        `${sequences.length} sequences of ${length} tokens are too few for a batch of ${size}: use more text`,
      );
  }

  /** The k-th batch since the beginning, masked. */
  at(k: number): MaskedBatch {
    const perEpoch = Math.floor(this.sequences.length / this.size);
    const epoch = Math.floor(k / perEpoch);
    if (epoch !== this.epoch) {
      this.order = new Random((this.seed * 1009 + epoch * 31 + this.length) >>> 0).shuffled([
        ...this.sequences.keys(),
      ]);
      this.epoch = epoch;
    }
    const chosen = this.order.slice((k % perEpoch) * this.size, ((k % perEpoch) + 1) * this.size);
    const random = new Random((this.seed * 2003 + k * 7919 + this.length) >>> 0);
    return maskedBatch(
      chosen.map((i) => this.sequences[i]),
      this.length,
      this.corpus.vocabulary,
      random,
    );
  }
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function heldOut(
  engine: Engine,
  batches: readonly MaskedBatch[],
): { readonly loss: number; readonly accuracy: number } {
  let [loss, right, count] = [0, 0, 0];
  for (const batch of batches) {
    const { data, shape } = engine.outputs(batch);
    for (let i = 0; i < shape[1]; i++) {
      loss += data[i];
      right += data[shape[1] + i];
    }
    count += sum(batch.counts.data);
  }
  return { loss: loss / count, accuracy: right / count };
}

const FALL = 0.2;
const fallBegins = (steps: number) => Math.round(steps * (1 - FALL));

/** Linear warm-up, the peak, and a linear fall to 0. */
function rateAt(step: number, steps: number, { peakRate, warmUpSteps }: PretrainSettings): number {
  return peakRate * Math.min(1, (step + 1) / warmUpSteps, (steps - step) / (steps - fallBegins(steps)));
}

/** What counting gives: embeddings from neighbours, and as the decoder's bias how often each piece occurs. */
function countedStart(corpus: TokenCorpus, { hiddenSize, seed }: PretrainSettings): Weights {
  const texts = [corpus.dialogue, corpus.prose];
  const size = corpus.vocabulary.pieces.length;
  const frequency = new Float64Array(size).fill(1);
  for (const { ids } of texts) for (const id of ids) frequency[id]++;
  const total = sum(frequency);
  const options = {
    ...PPMI,
    vocabularySize: size,
    dimensions: hiddenSize,
    contexts: Math.min(PPMI.contexts, size - PPMI.specials),
  };
  return {
    [BERT_NAMES.wordEmbeddings]: {
      shape: [size, hiddenSize],
      data: ppmiVectors(texts, options, new Random(seed)),
    },
    [MASKED_WORDS.bias]: { shape: [size], data: Float32Array.from(frequency, (n) => Math.log(n / total)) },
  };
}

/**
 * Pre-trains, or goes on, and saves the model; gives the learning curve.
 * @throws if a setting is not what it may be, or what was begun cannot go on with so many steps
 */
export async function pretrain({
  settings,
  steps,
  corpus,
  folder: root,
  saveTo,
  onProgress = () => {},
  signal,
}: PretrainOptions): Promise<readonly CurvePoint[]> {
  checkFields(settings, RULES);
  check("steps", steps, COUNT);
  if (settings.hiddenSize % settings.heads !== 0)
    throw new Error(`hiddenSize = ${settings.hiddenSize} cannot be cut into ${settings.heads} equal heads`);
  const folder = join(
    root,
    sha256(canonicalJson({ settings, text: corpus.hash, vocabulary: corpus.vocabulary.pieces })).slice(0, 12),
  );
  const snapshots = new TrainingSnapshots<State>({
    folder: join(folder, "checkpoint"),
    of: `a pre-training, training ${versions.training}`,
  });
  const { snapshot, problems } = await snapshots.load();
  const begun = snapshot?.state;
  if (problems.length > 0)
    onProgress({ task: "pre-training", done: begun?.step ?? 0, total: steps, note: problems.join("; ") });
  if (
    begun &&
    steps !== begun.planned &&
    begun.step > Math.min(fallBegins(steps), fallBegins(begun.planned))
  ) {
    throw new Error(
      `${folder} has done ${begun.step} of ${begun.planned} planned steps, and the rate falls: give --steps ${begun.planned}, or delete the folder`,
    );
  }
  const config: BertConfig = {
    vocabularySize: corpus.vocabulary.pieces.length,
    hiddenSize: settings.hiddenSize,
    layers: settings.layers,
    heads: settings.heads,
    intermediateSize: settings.intermediateSize,
    maxPositions: settings.maxPositions,
    tokenTypes: 2,
    activation: "gelu",
    layerNormEpsilon: 1e-12,
    hiddenDropout: 0,
    attentionDropout: 0,
    classifierDropout: 0,
    initializerRange: 0.02,
  };
  const make = (part: "train" | "heldOut") =>
    KINDS.map(({ text, length }) => {
      const texts =
        part === "train" ? corpus[text] : text === "dialogue" ? corpus.heldOutDialogue : corpus.heldOutProse;
      const sequences =
        text === "dialogue"
          ? packLines(texts, length, corpus.vocabulary, new Random(settings.seed))
          : packProse(texts, length, corpus.vocabulary);
      const tokens =
        part === "train" ? settings.batchTokens : Math.min(settings.batchTokens, HELD_OUT_TOKENS);
      return new Batches(
        sequences,
        Math.floor(tokens / length),
        length,
        corpus,
        settings.seed + (part === "train" ? 0 : 1),
      );
    });
  const train = make("train");
  const judges = make("heldOut").slice(0, 2);
  const judged = judges.flatMap((batches) =>
    Array.from(
      { length: Math.min(HELD_OUT_BATCHES, Math.floor(batches.sequences.length / batches.size)) },
      (_, k) => batches.at(k),
    ),
  );
  const model = bertEncoder(config).maskedWords(new Random(settings.seed));
  const engine = openEngine({
    weights: begun
      ? model.weights
      : { ...model.weights, ...countedStart(corpus, settings), ...neighbourAttention(config, model.weights) },
    trainable: Object.keys(model.weights),
    loss: (context) => maskedWordLoss(applyLayers(model.layers, null, context), context.inputs),
    outputs: (context) => maskedWordScores(applyLayers(model.layers, null, context), context.inputs),
    trainShapes: train.map((batches) => shapesOf(batches.at(0))),
    outputShapes: judges.map((batches) => shapesOf(batches.at(0))),
    optimizer: [
      clipByGlobalNorm(1),
      scaleByAdam({ ...ADAM, beta2: 0.98, epsilon: 1e-6 }), // RoBERTa's, steadier at high rates
      addDecayedWeights(settings.weightDecay, isDecayed),
    ],
  });
  try {
    if (snapshot) restore(engine, snapshot.tensors, snapshot.state.step);
    let state: State = { step: 0, tokens: 0, seconds: 0, curve: [], losses: [], ...begun, planned: steps };
    const began = Date.now() - state.seconds * 1000;
    const save = () => snapshots.save({ state, tensors: tensorsOf(engine) });
    while (state.step < steps) {
      if (signal?.aborted) {
        if (state.step > 0) save();
        throw signal.reason;
      }
      const { step } = state,
        { kind, k } = turnOf(step);
      const batch = train[kind].at(k);
      const { loss } = engine.step(batch, { learningRate: rateAt(step, steps, settings), seed: step });
      if (!Number.isFinite(loss))
        throw new Error(`the loss of step ${step} is ${loss}: lower the peak rate ${settings.peakRate}`);
      const done = step + 1,
        tokens = state.tokens + sum(batch.mask.data),
        losses = [...state.losses, loss];
      state = { ...state, step: done, tokens, losses, seconds: Math.round((Date.now() - began) / 1000) };
      if (done % 20 === 0) {
        const recent = losses.slice(-20);
        onProgress({
          task: "pre-training",
          done,
          total: steps,
          values: { loss: sum(recent) / recent.length },
        });
      }
      if (done % settings.checkpointEvery === 0 || done === steps) {
        const { loss: heldOutLoss, accuracy: heldOutAccuracy } = heldOut(engine, judged);
        const point = {
          step: done,
          seconds: state.seconds,
          tokens,
          trainLoss: sum(losses) / losses.length,
          heldOutLoss,
          heldOutAccuracy,
        };
        state = { ...state, losses: [], curve: [...state.curve, point] };
        save();
        onProgress({
          task: "held out",
          done,
          total: steps,
          values: { loss: heldOutLoss, accuracy: heldOutAccuracy },
        });
      } else if (snapshots.due()) save();
      await new Promise((resolve) => setImmediate(resolve)); // signals get their turn
    }
    const dropout = { hiddenDropout: 0.1, attentionDropout: 0.1, classifierDropout: 0.1 }; // for fine-tuning
    writeBeside(join(folder, "vocab.txt"), readFileSync(join(corpus.folder, "vocab.txt")));
    writeBeside(join(folder, "tokenizer_config.json"), TOKENIZER_CONFIG);
    savePretrained(saveTo, {
      encoder: bertEncoder({ ...config, ...dropout }),
      weights: engine.weights(),
      type: "f16",
      tokenizerFrom: folder,
      architecture: MASKED_WORDS.architecture,
    });
    writeBeside(join(saveTo, "curve.json"), `${JSON.stringify(state.curve, null, 1)}\n`);
    return state.curve;
  } finally {
    engine.dispose();
  }
}

const TOKENIZER_CONFIG = `${JSON.stringify(
  {
    tokenizer_class: "BertJapaneseTokenizer",
    word_tokenizer_type: "mecab",
    subword_tokenizer_type: "wordpiece",
    do_lower_case: false,
    mecab_kwargs: { mecab_dic: "ipadic" },
    model_max_length: PRETRAIN_DEFAULTS.maxPositions,
  },
  null,
  2,
)}\n`;
