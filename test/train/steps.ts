/** Networks with hashed weights, and what tests compare of them with Python's numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyLayers, type Model } from "../../lib/models/model";
import { type HostArray, sizeOf, type Weights } from "../../lib/support/host-array";
import { BatchLoader, type Examples, labelInputs, tokenInputs } from "../../lib/train/batches";
import { trainableLayers } from "../../lib/train/features";
import { type FreezeMode, freezeMode } from "../../lib/train/freeze";
import { openFor } from "../../lib/train/open";
import { optimizerOf, scheduleOf } from "../../lib/train/optimizer";
import { TRAIN_DEFAULTS, type TrainSettings } from "../../lib/train/settings";
import { type Tensor, tf } from "../../packages/tfjs-graph/backend";
import { crossEntropy } from "../../packages/tfjs-graph/ops";
import { onNative } from "../../packages/tfjs-graph/test/native";
import { hashed } from "../reference/hashed";

type Numbers = readonly number[];

export interface Run {
  readonly losses: Numbers;
  readonly norms: Numbers;
}

/** Of a first batch. */
export interface First {
  readonly logits: readonly Numbers[];
  /** The largest absolute value, then elements at hashed places. */
  readonly gradients: Readonly<Record<string, Numbers>>;
}

/** How many steps there are, at which rates, and elements of a gradient. */
export interface Schedule {
  readonly steps: number;
  readonly warmUp: number;
  readonly rate: number;
  readonly samples: number;
}

function weightOf(name: string, shape: readonly number[]): HostArray {
  const [middle, width] = /(LayerN|n)orm\.weight$/.test(name)
    ? [1, 0.1]
    : [0, name.endsWith("bias") ? 0.05 : 0.1];
  return { shape, data: Float32Array.from(hashed(name, sizeOf(shape)), (x) => middle + width * (2 * x - 1)) };
}

/** The model with weights that Python computes alike from their names. */
export function withHashedWeights(model: Model): Model {
  const weights = Object.entries(model.weights).map(
    ([name, { shape }]) => [name, weightOf(name, shape)] as const,
  );
  return { ...model, weights: Object.fromEntries(weights) };
}

interface Padded {
  readonly batch: number;
  /** That texts are padded to. */
  readonly tokens: number;
}

/** Logits of the first batch and the gradients of its loss, op by op. */
export function firstBatch(model: Model, { texts, labels }: Examples, { batch, tokens }: Padded) {
  const tensor = ({ shape, data }: HostArray) => tf.tensor(data, [...shape]);
  const variables = Object.values(model.weights).map((weight) => tf.variable(tensor(weight)));
  const parameters = Object.fromEntries(
    Object.keys(model.weights).map((name, i) => [name, variables[i] as Tensor]),
  );
  const labelled = labelInputs(labels.slice(0, batch), new Array<number>(batch).fill(1), batch);
  const host = { ...tokenInputs(texts.slice(0, batch), batch, tokens), ...labelled };
  const inputs = Object.fromEntries(Object.entries(host).map(([name, array]) => [name, tensor(array)]));
  const logits = () => applyLayers(model.layers, null, { parameters, inputs, dropout: (x) => x });
  const { grads } = tf.variableGrads(
    () => crossEntropy(logits(), inputs.labels, inputs.weights) as tf.Scalar,
    variables,
  );
  const gradients = Object.keys(parameters).map(
    (name, i) => [name, Float32Array.from(grads[variables[i].name].dataSync())] as const,
  );
  return { logits: logits().dataSync(), gradients: Object.fromEntries(gradients) };
}

interface Steps extends Padded, Schedule {
  readonly mode: FreezeMode;
  readonly newPooler?: boolean;
  /** Of the optimiser, over its defaults. */
  readonly settings?: Partial<TrainSettings>;
  /** By how much averages of the weights move after a step, counted from 1; undefined leaves them. */
  readonly averageBy?: (step: number) => number | undefined;
}

/**
 * Losses and norms of all steps without dropout, batches in turn; frozen layers from their cached features, of
 * the word embeddings the rows in use.
 */
export async function manySteps(
  model: Model,
  { texts, labels }: Examples,
  options: Steps,
): Promise<Run & { readonly averages: Weights }> {
  const { mode, batch, tokens, steps, warmUp, rate, newPooler = false, averageBy } = options;
  const freeze = freezeMode(mode, model, { newPooler });
  const { weights, trainable, apply, features } = await trainableLayers({
    model,
    freeze,
    texts,
    cache: "memory",
  });
  const loader = new BatchLoader(texts, { batchSize: batch, features });
  const engine = openFor(model, texts, {
    weights,
    trainable,
    optimizer: optimizerOf({ ...TRAIN_DEFAULTS, learningRate: rate, ...options.settings }, model),
    averaged: averageBy !== undefined,
    trainShapes: [loader.shapes(true)],
    loss: (context) =>
      crossEntropy(apply({ ...context, dropout: (x) => x }), context.inputs.labels, context.inputs.weights),
  });
  const rateOf = scheduleOf({ schedule: "linear", learningRate: rate, warmupRatio: warmUp / steps }, steps);
  const results = Array.from({ length: steps }, (_, step) => {
    const items = Array.from({ length: batch }, (_, row) => ((step * batch) % texts.length) + row);
    const labelled = labelInputs(
      items.map((item) => labels[item]),
      items.map(() => 1),
      batch,
    );
    const result = engine.step(
      { ...loader.inputs(items, tokens), ...labelled },
      { learningRate: rateOf(step), seed: step },
    );
    const share = averageBy?.(step + 1);
    if (share !== undefined) engine.average(share);
    return result;
  });
  assert.equal(engine.mode, "traced");
  const averages = engine.averages();
  engine.dispose();
  return {
    losses: results.map(({ loss }) => loss),
    norms: results.map(({ gradientNorm }) => gradientNorm),
    averages,
  };
}

/** The largest |a - b| / |b|. */
const worst = (actual: Numbers, expected: Numbers) =>
  Math.max(...expected.map((value, i) => Math.abs(actual[i] - value) / Math.abs(value)));
const distance = (actual: Numbers, expected: Numbers) =>
  Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)));

export function checkLogits(actual: ArrayLike<number>, expected: Numbers): void {
  const most = 1e-5 * Math.max(...expected.map(Math.abs)),
    found = distance(Array.from(actual), expected);
  assert.ok(found <= most, `${found}, at most ${most}`);
}

export function checkGradients(
  here: Readonly<Record<string, Float32Array>>,
  expected: First["gradients"],
  samples: number,
): void {
  for (const [parameter, [largest, ...elements]] of Object.entries(expected)) {
    const all = here[parameter];
    const actual = [...hashed(`sample ${parameter}`, samples)].map((x) => all[Math.floor(x * all.length)]);
    const largestHere = all.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    // The true gradient of a key's bias is 0: both sides hold rounding errors.
    if (/\.(key|k_lin)\.bias$/.test(parameter)) assert.ok(largestHere <= 1e-6, parameter);
    else assert.ok(distance([largestHere, ...actual], [largest, ...elements]) <= 1e-4 * largest, parameter);
  }
}

/** Losses within 1e-4, gradients' norms within 1e-3 of what Python has. */
export function testSteps(
  model: Model,
  data: Examples,
  options: Steps & { readonly name?: string },
  expected: Run,
): void {
  test(
    `${options.name ?? options.mode}: losses of ${options.steps} steps within 1e-4`,
    onNative,
    async (t) => {
      const { losses, norms } = await manySteps(model, data, options);
      const [loss, norm] = [worst(losses, expected.losses), worst(norms, expected.norms)];
      t.diagnostic(
        `largest relative difference of a loss ${loss.toPrecision(2)}, of a gradient norm ${norm.toPrecision(2)}`,
      );
      assert.ok(loss <= 1e-4);
      assert.ok(norm <= 1e-3);
    },
  );
}
