/**
 * Random BERTs give PyTorch's logits and gradients, and its losses over 50 steps; with adapters PEFT's. Numbers:
 * test/reference/make_training.py, test/reference/make_adapters.py. So do poolings, rates by layer and averages of weights:
 * test/reference/make_tips.py.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { bertEncoder } from "../../lib/models/bert";
import type { BertConfig } from "../../lib/models/bert/config";
import { classifier } from "../../lib/models/heads";
import { type LoraOptions, withAdapters } from "../../lib/models/lora";
import type { Model } from "../../lib/models/model";
import type { Pooling } from "../../lib/models/poolings";
import { projectRoot } from "../../lib/support/files";
import { Random } from "../../lib/support/random";
import { freezeMode } from "../../lib/train/freeze";
import { ready } from "../../packages/tfjs-graph/backend";
import { onNative } from "../../packages/tfjs-graph/test/native";
import type { TokenIds } from "../../packages/tokenizer";
import { hashed } from "../reference/hashed";
import {
  checkGradients,
  checkLogits,
  type First,
  firstBatch,
  manySteps,
  type Run,
  type Schedule,
  testSteps,
  withHashedWeights,
} from "./steps";

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

interface Adapted extends First {
  readonly lora: LoraOptions;
  readonly runs: Readonly<Record<"bias" | "lora", Run>>;
}

interface Reference extends Schedule {
  readonly batches: number;
  readonly sizes: Readonly<
    Record<
      string,
      First & { readonly size: Size; readonly runs: Readonly<Record<"all" | "last" | "fixed", Run>> }
    >
  >;
}

interface Tips {
  /** The size that all are of. */
  readonly of: string;
  readonly layerDecay: number;
  readonly headLearningRate: number;
  readonly emaDecay: number;
  /** The steps, from 1, after which weights are averaged. */
  readonly meanOf: readonly number[];
  readonly poolings: Readonly<Record<"last4" | "attention", First>>;
  readonly rates: Run;
  readonly averages: Readonly<Record<"ema" | "mean", First["gradients"]>>;
}

const read = (name: string) => JSON.parse(readFileSync(join(projectRoot, "test/reference", name), "utf8"));
const reference = read("training.json") as Reference;
const adapters = (read("adapters.json") as { readonly sizes: Readonly<Record<string, Adapted>> }).sizes;

const tips = read("tips.json") as Tips;

function modelOf(size: Size, lora?: LoraOptions, pooling?: Pooling): Model {
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
  const plain = classifier(
    bertEncoder(config),
    { head: "linear", classes: size.classes, pooling },
    new Random(1),
  );
  return withHashedWeights(lora ? withAdapters(plain, lora, new Random(1)) : plain);
}

/** Texts and labels, batch after batch, as `batches` of make_training.py makes them. */
function textsOf({ tokens, batch, vocabulary, classes }: Size) {
  const texts: TokenIds[] = [];
  const labels: number[] = [];
  for (let i = 0; i < reference.batches; i++) {
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

for (const [name, { size, logits, gradients, runs }] of Object.entries(reference.sizes)) {
  describe(`a random BERT of ${name} equals PyTorch's`, async () => {
    await ready();
    const model = modelOf(size),
      texts = textsOf(size);
    const first = firstBatch(model, texts, size);

    test("logits within 1e-5 of the largest", () => checkLogits(first.logits, logits.flat()));

    test("every gradient within 1e-4 of its largest element", () => {
      assert.deepEqual(Object.keys(first.gradients).sort(), Object.keys(gradients).sort());
      checkGradients(first.gradients, gradients, reference.samples);
    });

    for (const mode of ["all", "last", "fixed"] as const)
      testSteps(model, texts, { ...reference, ...size, mode }, runs[mode]);
  });
}

for (const [name, { lora, logits, gradients, runs }] of Object.entries(adapters)) {
  const { size } = reference.sizes[name];
  describe(`a random BERT of ${name} with adapters equals PEFT's`, async () => {
    await ready();
    const model = modelOf(size, lora),
      texts = textsOf(size);
    const first = firstBatch(model, texts, size);

    test("logits within 1e-5 of the largest", () => checkLogits(first.logits, logits.flat()));

    test("every gradient of what is trained within 1e-4 of its largest element", () => {
      const trained = Object.keys(model.weights).filter(freezeMode("lora", model, { newPooler: false }));
      assert.deepEqual(trained.sort(), Object.keys(gradients).sort());
      checkGradients(first.gradients, gradients, reference.samples);
    });

    testSteps(modelOf(size), texts, { ...reference, ...size, mode: "bias" }, runs.bias);
    testSteps(model, texts, { ...reference, ...size, mode: "lora" }, runs.lora);
  });
}

describe("tips for text classification equal PyTorch's", async () => {
  await ready();
  const { size } = reference.sizes[tips.of],
    texts = textsOf(size),
    model = modelOf(size);
  const options = { ...reference, ...size, mode: "all" } as const;

  for (const [pooling, { logits, gradients }] of Object.entries(tips.poolings))
    test(`pooling ${pooling}: logits and every gradient`, () => {
      const first = firstBatch(modelOf(size, undefined, pooling as Pooling), texts, size);
      checkLogits(first.logits, logits.flat());
      assert.deepEqual(Object.keys(first.gradients).sort(), Object.keys(gradients).sort());
      checkGradients(first.gradients, gradients, reference.samples);
    });

  const { layerDecay, headLearningRate, emaDecay, meanOf } = tips;
  const rates = { name: "rates by layer", settings: { layerDecay, headLearningRate } };
  testSteps(model, texts, { ...options, ...rates }, tips.rates);

  for (const [kind, averageBy] of [
    ["ema", (step: number) => (step === 1 ? 1 : 1 - emaDecay)],
    ["mean", (step: number) => (meanOf.includes(step) ? 1 / (meanOf.indexOf(step) + 1) : undefined)],
  ] as const)
    test(`averages of weights: ${kind}`, onNative, async () => {
      const { averages } = await manySteps(model, texts, { ...options, averageBy });
      for (const [parameter, [largest, ...elements]] of Object.entries(tips.averages[kind])) {
        const { data } = averages[parameter];
        const found = [...hashed(`sample ${parameter}`, reference.samples)].map(
          (x) => data[Math.floor(x * data.length)],
        );
        elements.forEach((value, i) =>
          assert.ok(
            Math.abs(found[i] - value) <= 1e-4 * largest,
            `${parameter}: ${found[i]}, PyTorch ${value}`,
          ),
        );
      }
    });
});
