/**
 * What a training runs on while the same parameters are trained: an engine over the layers from the first
 * trained one on, and batches for it.
 */
import {
  type Engine,
  type EngineSettings,
  openEngine,
  openUsedRows,
  shapesOf,
} from "../../packages/tfjs-graph";
import type { TokenIds } from "../../packages/tokenizer";
import type { Model } from "../models/model";
import type { Weights } from "../support/host-array";
import { BatchLoader, taughtInputs } from "./batches";
import { areKept, trainableLayers } from "./features";
import { parameterGroup } from "./freeze";
import { lossOf } from "./loss";
import { optimizerOf } from "./optimizer";
import type { ResolvedRequest } from "./request";
import type { Phase } from "./unfreezing";

export interface Opened {
  /** The first epoch in which these parameters are trained. */
  readonly begins: number;
  readonly engine: Engine;
  /** Names of the trained parameters. */
  readonly trainable: readonly string[];
  readonly loaders: { readonly train: BatchLoader; readonly validation: BatchLoader };
}

/**
 * Computes what is frozen in a phase for all texts, and opens the engine.
 * @param initial the weights that the phase begins with
 * @throws as trainableLayers
 */
export async function openTraining(
  request: ResolvedRequest,
  { freeze, begins }: Phase,
  initial: Weights,
): Promise<Opened> {
  const { settings, data, toPredict = [], onProgress, cache = "disk", signal } = request,
    model = { ...request.model, weights: initial };
  const texts = [...data.train.texts, ...data.validation.texts];
  // with gradual unfreezing they are predicted from the features of other layers
  const all = !settings.unfreezing && areKept(toPredict) ? [...texts, ...toPredict] : texts;
  const layers = await trainableLayers({ model, freeze, texts: all, cache, onProgress, signal });
  const { trainable, weights, apply, features } = layers;
  const common = { batchSize: settings.batchSize, features, longest: model.maxTokens };
  const loaders = {
    train: new BatchLoader(data.train.texts, common),
    validation: new BatchLoader(data.validation.texts, common),
  };
  const engine = openFor(model, texts, {
    weights,
    trainable,
    optimizer: request.optimizer ?? optimizerOf(settings, model),
    precision: settings.precision,
    checkpointing: settings.checkpointing,
    accumulate: settings.accumulate,
    averaged: settings.emaDecay !== undefined || settings.swaEpochs !== undefined,
    ...(settings.gradientNorms && { stageOf: (name: string) => parameterGroup(model, name) }),
    loss: (context) => {
      const logits = apply(context),
        { labels, weights, taught } = context.inputs;
      return {
        loss: lossOf(settings, logits, { labels, weights, taught, all: context.whole?.weights }),
        aux: logits,
      };
    },
    outputs: apply,
    trainShapes: [
      { ...loaders.train.shapes(true), ...shapesOf(taughtInputs(data.train, [0], settings.batchSize)) },
    ],
    outputShapes: [loaders.validation.shapes(false)],
  });
  return { begins, engine, trainable, loaders };
}

/**
 * An engine for batches of these texts: of the model's word embeddings it holds those of their words (and
 * padding, 0).
 */
export function openFor({ lookup }: Model, texts: readonly TokenIds[], settings: EngineSettings): Engine {
  if (!lookup || !settings.weights[lookup]) return openEngine(settings);
  const ids = new Set([0]);
  for (const text of texts) text.ids.forEach((id) => ids.add(id));
  return openUsedRows(settings, { table: lookup, ids });
}
