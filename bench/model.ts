/**
 * A classifier of BERT-base's shape with random weights, and batches for it: what the benches of a training
 * step share. The step is that of lib/train: frozen layers are computed once, dropout, clipping and AdamW are
 * on.
 */

import { bertEncoder } from "../lib/models/bert";
import type { BertConfig } from "../lib/models/bert/config";
import { distilBertEncoder } from "../lib/models/distilbert";
import type { Encoder } from "../lib/models/encoder";
import { classifier } from "../lib/models/heads";
import { withAdapters } from "../lib/models/lora";
import type { Layer, Model } from "../lib/models/model";
import { modernBertEncoder } from "../lib/models/modernbert";
import { parseModernBertConfig } from "../lib/models/modernbert/config";
import { Random } from "../lib/support/random";
import { BatchLoader, type Examples, labelInputs } from "../lib/train/batches";
import { trainableLayers } from "../lib/train/features";
import { type Freeze, type FreezeMode, freezeMode } from "../lib/train/freeze";
import { lossOf } from "../lib/train/loss";
import { openFor } from "../lib/train/open";
import { optimizerOf } from "../lib/train/optimizer";
import { TRAIN_DEFAULTS } from "../lib/train/settings";
import {
  type Engine,
  type EngineSettings,
  type HostInputs,
  ready,
  type StepContext,
  type Tensor,
} from "../packages/tfjs-graph";
import type { TokenIds } from "../packages/tokenizer";

export interface StepOptions {
  /** Its config.json's model_type; networks.py has the same. */
  readonly encoder: "bert" | "modernbert" | "distilbert";
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly vocabulary: number;
  readonly batch: number;
  /** Tokens of every text. */
  readonly tokens: number;
  readonly freeze: FreezeMode;
  /** Of products; weights and everything else are float32. */
  readonly precision: "float32" | "bfloat16";
  readonly dropout: number;
  /** Batches that steps take in turn. */
  readonly batches: number;
  /** Op by op, though a graph could be traced. */
  readonly mode?: "eager";
  readonly checkpointing?: boolean;
  readonly accumulate?: number;
  /** false computes what is frozen at every step. */
  readonly cached?: false;
}

/** BERT-base with the vocabulary of Tohoku's models. */
export const BERT_BASE: StepOptions = {
  encoder: "bert",
  layers: 12,
  hidden: 768,
  heads: 12,
  vocabulary: 32000,
  batch: 16,
  tokens: 128,
  freeze: "all",
  precision: "float32",
  dropout: 0.1,
  batches: 4,
};

/** lib's own defaults; freeze.py has the same. */
export const LORA = { rank: 8, alpha: 16, targets: ["query", "value"] };

export function configOf({ layers, hidden, heads, vocabulary, tokens, dropout }: StepOptions): BertConfig {
  return {
    vocabularySize: vocabulary,
    hiddenSize: hidden,
    layers,
    heads,
    intermediateSize: 4 * hidden,
    maxPositions: Math.max(512, tokens),
    tokenTypes: 2,
    activation: "gelu",
    layerNormEpsilon: 1e-12,
    hiddenDropout: dropout,
    attentionDropout: dropout,
    classifierDropout: dropout,
    initializerRange: 0.02,
  };
}

/** With feed-forward layers four times as wide as the others, as all of these have them. */
function encoderOf(options: StepOptions): Encoder {
  const { encoder, layers, hidden, heads, vocabulary, dropout } = options;
  if (encoder === "bert") return bertEncoder(configOf(options));
  if (encoder === "distilbert")
    return distilBertEncoder({ ...configOf(options), tokenTypes: 0, attendedDropout: 0 });
  const json = {
    vocab_size: vocabulary,
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: 4 * hidden,
    attention_dropout: dropout,
    mlp_dropout: dropout,
    embedding_dropout: dropout,
    classifier_dropout: dropout,
  };
  return modernBertEncoder(parseModernBertConfig(json, "bench/model.ts"));
}

/**
 * Two classes, a linear head, random weights; adapters as PEFT has them by default where they are trained.
 */
export function randomModel(options: StepOptions, seed = 1): Model {
  const random = new Random(seed);
  const model = classifier(encoderOf(options), { head: "linear", classes: 2 }, random);
  return options.freeze === "lora" ? withAdapters(model, LORA, random) : model;
}

/** Texts whose ids follow Zipf's law, as words do: id r comes with a probability of about 1/r. */
export function randomExamples({ batch, batches, tokens, vocabulary }: StepOptions, seed = 2): Examples {
  const random = new Random(seed);
  const zipf = () => Math.min(vocabulary - 1, Math.floor(vocabulary ** random.uniform()));
  const texts = Array.from(
    { length: batch * batches },
    (): TokenIds => ({
      ids: Array.from({ length: tokens }, zipf),
      segmentIds: new Array<number>(tokens).fill(0),
    }),
  );
  return { texts, labels: texts.map(() => random.integer(2)) };
}

/** A classifier with texts, before an engine for it is opened. */
export interface Prepared {
  readonly loader: BatchLoader;
  /** From the inputs of a batch to logits. */
  readonly apply: (context: StepContext) => Tensor;
  /** Compiles the step, for texts of any length unless other shapes are given. */
  open(more?: Partial<EngineSettings>): Engine;
  /** Of the texts of these numbers, padded to so many tokens. */
  inputs(items: readonly number[], tokens: number): HostInputs;
}

/** All that lib/train has before it opens an engine, features of frozen layers computed. */
export async function prepare(options: StepOptions, examples = randomExamples(options)): Promise<Prepared> {
  await ready();
  const { batch, precision, mode, checkpointing, accumulate } = options;
  const model = randomModel(options),
    { texts, labels } = examples;
  const freeze = freezeMode(options.freeze, model, { newPooler: false });
  const { weights, trainable, apply, features } =
    options.cached === false
      ? uncached(model, freeze)
      : await trainableLayers({ model, freeze, texts, cache: "memory" });
  const loader = new BatchLoader(texts, { batchSize: batch, features });
  return {
    loader,
    apply,
    open: (more) =>
      openFor(model, texts, {
        ...{ weights, trainable, precision, mode, checkpointing, accumulate },
        optimizer: optimizerOf(TRAIN_DEFAULTS),
        trainShapes: [loader.shapes(true)],
        loss: (context) => {
          const logits = apply(context),
            { labels, weights } = context.inputs;
          return {
            loss: lossOf(TRAIN_DEFAULTS, logits, { labels, weights, all: context.whole?.weights }),
            aux: logits,
          };
        },
        ...more,
      }),
    inputs(items, tokens) {
      const classes = items.map((item) => labels[item]),
        ones = items.map(() => 1);
      return { ...loader.inputs(items, tokens), ...labelInputs(classes, ones, batch) };
    },
  };
}

/** What is frozen, computed at every step. */
function uncached(model: Model, freeze: Freeze) {
  const apply = (context: StepContext) => {
    const still = { ...context, dropout: (x: Tensor) => x };
    const frozen = (layer: Layer) => !layer.parameters.some((name) => freeze(name));
    return model.layers.reduce<Tensor | null>(
      (x, layer) => layer.apply(x, frozen(layer) ? still : context),
      null,
    ) as Tensor;
  };
  const trainable = Object.keys(model.weights).filter((name) => freeze(name));
  return { weights: model.weights, trainable, apply, features: undefined };
}

export interface BenchStep {
  /** The next batch, from its texts or cached features to the loss after one step. */
  step(): number;
}

/** Gives the function that opens the engine, which compiles the step. */
export async function prepareStep(options: StepOptions): Promise<() => BenchStep> {
  const { batch, batches, tokens } = options;
  const { open, inputs } = await prepare(options);
  let count = 0;
  const next = () =>
    inputs(
      Array.from({ length: batch }, (_, row) => (count % batches) * batch + row),
      tokens,
    );
  return () => {
    const engine = open();
    return { step: () => engine.step(next(), { learningRate: 2e-5, seed: ++count }).loss };
  };
}

export const openStep = async (options: StepOptions): Promise<BenchStep> => (await prepareStep(options))();
