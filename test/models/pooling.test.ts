/** Poolings of several layers and of learnt weights: against their formulae, frozen in part, and in traced steps. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { bertEncoder } from "../../lib/models/bert";
import { parseConfig } from "../../lib/models/bert/config";
import type { Encoder } from "../../lib/models/encoder";
import { classifier } from "../../lib/models/heads";
import { applyLayers, type Model } from "../../lib/models/model";
import { modernBertEncoder } from "../../lib/models/modernbert";
import { parseModernBertConfig } from "../../lib/models/modernbert/config";
import type { Pooling } from "../../lib/models/poolings";
import { Random } from "../../lib/support/random";
import { BatchLoader, tokenInputs } from "../../lib/train/batches";
import { trainableLayers } from "../../lib/train/features";
import { type FreezeMode, freezeMode } from "../../lib/train/freeze";
import {
  crossEntropy,
  openEngine,
  openForBatches,
  ready,
  type StepContext,
  scaleByAdam,
  shapesOf,
  type Tensor,
  tf,
} from "../../packages/tfjs-graph";
import { onNative } from "../../packages/tfjs-graph/test/native";
import { textsOf } from "../golden/networks";

before(ready);

const H = 6;
const SIZES = {
  vocab_size: 130,
  hidden_size: H,
  num_attention_heads: 3,
  intermediate_size: 10,
  max_position_embeddings: 16,
  initializer_range: 0.4,
};
const encoders: Readonly<Record<"BERT" | "ModernBERT", (layers: number) => Encoder>> = {
  BERT: (layers: number) => bertEncoder(parseConfig({ ...SIZES, num_hidden_layers: layers }, "config.json")),
  ModernBERT: (layers: number) =>
    modernBertEncoder(parseModernBertConfig({ ...SIZES, num_hidden_layers: layers }, "config.json")),
};
const modelOf = (pooling: Pooling, layers = 5, encoder = encoders.BERT): Model =>
  classifier(encoder(layers), { head: "linear", classes: 2, pooling }, new Random(3));

const { texts, labels } = textsOf({ count: 4, longest: 11, classes: 2 }, 1);
const tensors = (
  arrays: Readonly<Record<string, { shape: readonly number[]; data: Float32Array | Int32Array }>>,
) =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32"),
    ]),
  );

/** What every layer gives for the texts, padded to `tokens`. */
function states({ layers, weights }: Model, tokens = 11): Tensor[] {
  const inputs = tensors(tokenInputs(texts, texts.length, tokens));
  const context = { parameters: tensors(weights), inputs, dropout: (x: Tensor) => x };
  const found: Tensor[] = [];
  for (const layer of layers) found.push(layer.apply(found.at(-1) ?? null, context));
  return found;
}
/** The vector of each text below the pooler. */
const pooled = (model: Model, tokens?: number): number[][] =>
  states(model, tokens)[
    model.layers.findIndex(({ name }) => name === "pooler") - 1
  ].arraySync() as number[][];

const near = (actual: readonly number[][], expected: readonly number[][], most = 1e-5) =>
  actual.forEach((row, i) =>
    row.forEach((value, j) =>
      assert.ok(Math.abs(value - expected[i][j]) < most, `${i}, ${j}: ${value}, expected ${expected[i][j]}`),
    ),
  );

for (const [name, encoder] of Object.entries(encoders))
  for (const layers of [4, 5, 7])
    test(`${name}, last4: the mean over tokens of the last four of ${layers} layers`, () => {
      const all = states(modelOf("mean", layers, encoder))
        .slice(1 + layers - 4, 1 + layers) // the embeddings come first
        .map((state) => state.arraySync() as number[][][]);
      const expected = texts.map(({ ids }, text) =>
        Array.from(
          { length: H },
          (_, h) =>
            all.reduce((sum, state) => sum + ids.reduce((own, _, t) => own + state[text][t][h], 0), 0) /
            (4 * ids.length),
        ),
      );
      near(pooled(modelOf("last4", layers, encoder)), expected);
    });

test("last4 has the weights of the mean, and is refused where there are three layers", () => {
  assert.deepEqual(modelOf("last4").weights, modelOf("mean").weights);
  assert.throws(
    () => modelOf("last4", 3),
    /pooling = "last4" needs 4 layers, but the model has 3: take "mean"/,
  );
});

test("attention: the mean with the weights softmax(u · tanh(W x + b)) of the tokens", () => {
  const model = modelOf("attention", 2);
  model.weights["token_attention.map.bias"].data.set([0.3, -0.2, 0.5, 0.1, -0.4, 0.2]);
  const [map, bias, context] = ["map.weight", "map.bias", "context.weight"].map((name) =>
    Array.from(model.weights[`token_attention.${name}`].data),
  );
  const last = states(model)[2].arraySync() as number[][][];
  const expected = texts.map(({ ids }, text) => {
    const rows = ids.map((_, t) => last[text][t]);
    const scores = rows.map((row) =>
      context.reduce(
        (sum, u, i) => sum + u * Math.tanh(bias[i] + row.reduce((own, x, h) => own + map[i * H + h] * x, 0)),
        0,
      ),
    );
    const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
    return Array.from({ length: H }, (_, h) =>
      rows.reduce((total, row, t) => total + (Math.exp(scores[t]) / sum) * row[h], 0),
    );
  });
  near(pooled(model), expected);
});

test("attention begins as the mean where its weights are 0, and the other weights are those of the mean", () => {
  const model = modelOf("attention"),
    mean = modelOf("mean");
  model.weights["token_attention.context.weight"].data.fill(0);
  const encoder = Object.keys(mean.weights).filter((name) => !name.startsWith("classifier"));
  const alike = {
    ...model,
    weights: { ...model.weights, ...Object.fromEntries(encoder.map((name) => [name, mean.weights[name]])) },
  };
  near(pooled(alike), pooled(mean));
});

test("padding changes neither the mean of four layers nor that with learnt weights", () => {
  for (const pooling of ["last4", "attention"] as const) {
    const model = modelOf(pooling);
    near(pooled(model), pooled(model, 16));
  }
});

for (const pooling of ["last4", "attention"] as const) {
  test(`${pooling} has the same gradients in a traced step as op by op`, onNative, () => {
    const model = modelOf(pooling);
    const inputs = {
      ...tokenInputs(texts, 4, 11),
      labels: { shape: [4], data: Int32Array.from(labels) },
      weights: { shape: [4], data: Float32Array.of(1, 1, 1, 1) },
    };
    const [traced, eager] = (["traced", "eager"] as const).map((mode) => {
      const engine = openEngine({
        ...{ weights: model.weights, trainable: Object.keys(model.weights), mode },
        trainShapes: [shapesOf(inputs)],
        stageOf: (name) => name,
        optimizer: [scaleByAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, biasCorrection: true })],
        loss: (context) =>
          crossEntropy(
            applyLayers(model.layers, null, context),
            context.inputs.labels,
            context.inputs.weights,
          ),
      });
      const { loss, stageNorms = {} } = engine.step(inputs, { learningRate: 0, seed: 1 });
      assert.equal(engine.mode, mode);
      engine.dispose();
      return [loss, ...Object.values(stageNorms)];
    });
    assert.ok(traced.length > 80 && traced.every((value) => value >= 0));
    near([traced], [eager]);
  });

  for (const mode of ["fixed", "last", "last 2", "last 3", "last 4"] as const satisfies readonly FreezeMode[])
    test(
      `${pooling}: from features of what ${mode} leaves frozen come the logits of the whole network`,
      onNative,
      async () => {
        const model = modelOf(pooling);
        const { weights, apply, features } = await trainableLayers({
          ...{ model, texts, freeze: freezeMode(mode, model, { newPooler: false }) },
          cache: "memory",
        });
        const loader = new BatchLoader(texts, { batchSize: 4, features });
        const engine = openEngine({ weights, outputs: apply, outputShapes: [loader.shapes(false)] });
        const { data } = engine.outputs(loader.inputs([0, 1, 2, 3], 12));
        assert.equal(engine.mode, "traced");
        engine.dispose();
        near([Array.from(data)], [Array.from(states(model).at(-1)!.dataSync())]);
      },
    );
}

test(
  "what is kept of frozen layers is one vector a text, or a token's own with the sum of those below",
  onNative,
  async () => {
    const width = async (pooling: Pooling, mode: FreezeMode) => {
      const model = modelOf(pooling);
      const freeze = freezeMode(mode, model, { newPooler: false });
      const { features } = await trainableLayers({ model, freeze, texts, cache: "memory" });
      return [features?.output, features?.width];
    };
    assert.deepEqual(await width("last4", "fixed"), ["pooled", H]);
    assert.deepEqual(await width("last4", "last"), ["sequence", 2 * H]);
    assert.deepEqual(await width("last4", "last 3"), ["sequence", H]);
    assert.deepEqual(await width("attention", "fixed"), ["sequence", H]); // its own weights are trained
  },
);

test("the weights of attention are trained in every mode, as the head is", () => {
  const model = modelOf("attention");
  for (const mode of ["fixed", "bias", "last", "all"] as const)
    assert.equal(
      Object.keys(model.weights)
        .filter(freezeMode(mode, model, { newPooler: false }))
        .filter((name) => name.startsWith("token_attention")).length,
      3,
      mode,
    );
});

const poolings: readonly Pooling[] = ["cls", "mean", "max", "target-mean", "last4", "attention"];
for (const [name, encoder] of Object.entries(encoders))
  for (const pooling of poolings)
    test(
      `${name}'s ${pooling} is one graph for any rows and tokens, and as if each had its own`,
      onNative,
      () => {
        const { layers, weights } = modelOf(pooling, 5, encoder);
        const outputs = (context: StepContext) => applyLayers(layers, null, context);
        const inputs = tokenInputs(texts.slice(0, 3), 3, 11);
        const own = openEngine({ weights, outputs, outputShapes: [shapesOf(inputs)] }),
          any = openForBatches({ weights, outputs }, tokenInputs(texts, 4, 12), [4]); // a graph a row count has no 3
        near([[...any.outputs(inputs).data]], [[...own.outputs(inputs).data]]);
        for (const engine of [own, any]) engine.dispose();
      },
    );
