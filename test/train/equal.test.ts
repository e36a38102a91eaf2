/**
 * Random BERTs give PyTorch's logits and gradients, and its losses over 50 steps; with adapters PEFT's. Numbers:
 * test/reference/make_training.py, test/reference/make_adapters.py.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { bertEncoder } from "../../lib/models/bert";
import type { BertConfig } from "../../lib/models/bert/config";
import { classifier } from "../../lib/models/heads";
import { type LoraOptions, withAdapters } from "../../lib/models/lora";
import { applyLayers, type Model } from "../../lib/models/model";
import { projectRoot } from "../../lib/support/files";
import { type HostArray, sizeOf } from "../../lib/support/host-array";
import { Random } from "../../lib/support/random";
import { BatchLoader, labelInputs, tokenInputs } from "../../lib/train/batches";
import { trainableLayers } from "../../lib/train/features";
import { type FreezeMode, freezeMode } from "../../lib/train/freeze";
import { optimizerOf, scheduleOf } from "../../lib/train/optimizer";
import { TRAIN_DEFAULTS } from "../../lib/train/settings";
import { ready, type Tensor, tf } from "../../packages/tfjs-graph/backend";
import { openEngine } from "../../packages/tfjs-graph/engine";
import { crossEntropy } from "../../packages/tfjs-graph/ops";
import { onNative } from "../../packages/tfjs-graph/test/native";
import type { TokenIds } from "../../packages/tokenizer";
import { hashed } from "../reference/hashed";

type Numbers = readonly number[];

interface Size {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly wide: number;
  readonly vocabulary: number;
  readonly positions: number;
  readonly tokens: number;
  readonly batch: number;
  readonly classes: number;
}

interface Run {
  readonly losses: Numbers;
  readonly norms: Numbers;
}

interface Adapted {
  readonly lora: LoraOptions;
  readonly logits: readonly Numbers[];
  readonly gradients: Readonly<Record<string, Numbers>>;
  readonly runs: Readonly<Record<"bias" | "lora", Run>>;
}

interface Reference {
  readonly steps: number;
  readonly warmUp: number;
  readonly rate: number;
  readonly batches: number;
  readonly samples: number;
  readonly sizes: Readonly<
    Record<
      string,
      {
        readonly size: Size;
        readonly logits: readonly Numbers[];
        /** The largest absolute value, then elements at hashed places. */
        readonly gradients: Readonly<Record<string, Numbers>>;
        readonly runs: Readonly<Record<"all" | "last" | "fixed", Run>>;
      }
    >
  >;
}

const read = (name: string) => JSON.parse(readFileSync(join(projectRoot, "test/reference", name), "utf8"));
const reference = read("training.json") as Reference;
const adapters = (read("adapters.json") as { readonly sizes: Readonly<Record<string, Adapted>> }).sizes;
const { steps, warmUp, rate, batches, samples } = reference;

function weightOf(name: string, shape: readonly number[]): HostArray {
  const [middle, width] = name.endsWith("LayerNorm.weight")
    ? [1, 0.1]
    : [0, name.endsWith("bias") ? 0.05 : 0.1];
  return { shape, data: Float32Array.from(hashed(name, sizeOf(shape)), (x) => middle + width * (2 * x - 1)) };
}

function modelOf(size: Size, lora?: LoraOptions): Model {
  const config: BertConfig = {
    vocabularySize: size.vocabulary,
    hiddenSize: size.hidden,
    layers: size.layers,
    heads: size.heads,
    intermediateSize: size.wide,
    maxPositions: size.positions,
    tokenTypes: 2,
    activation: "gelu",
    layerNormEpsilon: 1e-12,
    hiddenDropout: 0,
    attentionDropout: 0,
    classifierDropout: 0,
    initializerRange: 0.02,
  };
  const plain = classifier(bertEncoder(config), { head: "linear", classes: size.classes }, new Random(1));
  const model = lora ? withAdapters(plain, lora, new Random(1)) : plain;
  const weights = Object.entries(model.weights).map(
    ([name, { shape }]) => [name, weightOf(name, shape)] as const,
  );
  return { ...model, weights: Object.fromEntries(weights) };
}

/** Texts and labels, batch after batch, as `batches` of make_training.py makes them. */
function textsOf({ tokens, batch, vocabulary, classes }: Size) {
  const texts: TokenIds[] = [];
  const labels: number[] = [];
  for (let i = 0; i < batches; i++) {
    const [lengths, ids, segments] = (["length", "id", "segment"] as const).map((name) =>
      hashed(`${name} ${i}`, batch * tokens),
    );
    for (let row = 0; row < batch; row++) {
      const length = 3 + Math.floor(lengths[row] * (tokens - 2));
      const second = Math.floor(segments[row] * tokens);
      texts.push({
        ids: Array.from({ length }, (_, t) => 4 + Math.floor(ids[row * tokens + t] * (vocabulary - 4))),
        segmentIds: Array.from({ length }, (_, t) => Number(t >= second)),
      });
    }
    labels.push(...Array.from(hashed(`label ${i}`, batch), (x) => Math.floor(x * classes)));
  }
  return { texts, labels };
}

/** Logits of the first batch and the gradients of its loss, op by op. */
function firstBatch(size: Size, lora?: LoraOptions) {
  const { texts, labels } = textsOf(size);
  const model = modelOf(size, lora);
  const tensor = ({ shape, data }: HostArray) => tf.tensor(data, [...shape]);
  const variables = Object.values(model.weights).map((weight) => tf.variable(tensor(weight)));
  const parameters = Object.fromEntries(
    Object.keys(model.weights).map((name, i) => [name, variables[i] as Tensor]),
  );
  const { batch, tokens } = size;
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

/** Losses and norms of all steps, batches in turn; frozen layers from their cached features. */
async function manySteps(size: Size, mode: FreezeMode, lora?: LoraOptions): Promise<Run> {
  const { texts, labels } = textsOf(size);
  const model = modelOf(size, lora);
  const freeze = freezeMode(mode, model, { newPooler: false });
  const { weights, trainable, apply, features } = await trainableLayers({
    model,
    freeze,
    texts,
    cache: "memory",
  });
  const loader = new BatchLoader(texts, { batchSize: size.batch, features });
  const engine = openEngine({
    weights,
    trainable,
    optimizer: optimizerOf(TRAIN_DEFAULTS),
    trainShapes: [loader.shapes(true)],
    loss: (context) => crossEntropy(apply(context), context.inputs.labels, context.inputs.weights),
  });
  const rateOf = scheduleOf({ schedule: "linear", learningRate: rate, warmupRatio: warmUp / steps }, steps);
  const results = Array.from({ length: steps }, (_, step) => {
    const items = Array.from({ length: size.batch }, (_, row) => (step % batches) * size.batch + row);
    const labelled = labelInputs(
      items.map((item) => labels[item]),
      items.map(() => 1),
      size.batch,
    );
    return engine.step(
      { ...loader.inputs(items, size.tokens), ...labelled },
      { learningRate: rateOf(step), seed: step },
    );
  });
  engine.dispose();
  return { losses: results.map(({ loss }) => loss), norms: results.map(({ gradientNorm }) => gradientNorm) };
}

/** The largest |a - b| / |b|. */
const worst = (actual: Numbers, expected: Numbers) =>
  Math.max(...expected.map((value, i) => Math.abs(actual[i] - value) / Math.abs(value)));
const distance = (actual: Numbers, expected: Numbers) =>
  Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)));

function checkLogits(actual: ArrayLike<number>, expected: Numbers): void {
  assert.ok(distance(Array.from(actual), expected) <= 1e-5 * Math.max(...expected.map(Math.abs)));
}

function checkGradients(
  here: Readonly<Record<string, Float32Array>>,
  expected: Readonly<Record<string, Numbers>>,
): void {
  for (const [parameter, [largest, ...elements]] of Object.entries(expected)) {
    const all = here[parameter];
    const actual = [...hashed(`sample ${parameter}`, samples)].map((x) => all[Math.floor(x * all.length)]);
    const largestHere = all.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    // The true gradient of key.bias is 0: both sides hold rounding errors.
    if (parameter.endsWith("key.bias")) assert.ok(largestHere <= 1e-6, parameter);
    else assert.ok(distance([largestHere, ...actual], [largest, ...elements]) <= 1e-4 * largest, parameter);
  }
}

function testSteps(mode: FreezeMode, size: Size, expected: Run, lora?: LoraOptions): void {
  test(`${mode}: losses of ${steps} steps within 1e-4`, onNative, async (t) => {
    const { losses, norms } = await manySteps(size, mode, lora);
    const [loss, norm] = [worst(losses, expected.losses), worst(norms, expected.norms)];
    t.diagnostic(
      `largest relative difference of a loss ${loss.toPrecision(2)}, of a gradient norm ${norm.toPrecision(2)}`,
    );
    assert.ok(loss <= 1e-4);
    assert.ok(norm <= 1e-3);
  });
}

for (const [name, { size, logits, gradients, runs }] of Object.entries(reference.sizes)) {
  describe(`a random BERT of ${name} equals PyTorch's`, async () => {
    await ready();
    const first = firstBatch(size);

    test("logits within 1e-5 of the largest", () => checkLogits(first.logits, logits.flat()));

    test("every gradient within 1e-4 of its largest element", () => {
      assert.deepEqual(Object.keys(first.gradients).sort(), Object.keys(gradients).sort());
      checkGradients(first.gradients, gradients);
    });

    for (const mode of ["all", "last", "fixed"] as const) testSteps(mode, size, runs[mode]);
  });
}

for (const [name, { lora, logits, gradients, runs }] of Object.entries(adapters)) {
  const { size } = reference.sizes[name];
  describe(`a random BERT of ${name} with adapters equals PEFT's`, async () => {
    await ready();
    const first = firstBatch(size, lora);

    test("logits within 1e-5 of the largest", () => checkLogits(first.logits, logits.flat()));

    test("every gradient of what is trained within 1e-4 of its largest element", () => {
      const model = modelOf(size, lora);
      const trained = Object.keys(model.weights).filter(freezeMode("lora", model, { newPooler: false }));
      assert.deepEqual(trained.sort(), Object.keys(gradients).sort());
      checkGradients(first.gradients, gradients);
    });

    testSteps("bias", size, runs.bias);
    testSteps("lora", size, runs.lora, lora);
  });
}
