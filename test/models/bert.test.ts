import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { bertEncoder } from "../../lib/models/bert";
import { parseConfig } from "../../lib/models/bert/config";
import { BERT_NAMES } from "../../lib/models/bert/names";
import { classifier, vectorClassifier } from "../../lib/models/heads";
import { applyLayers, type Inputs, type Model } from "../../lib/models/model";
import { targetTokens, tokenPooling } from "../../lib/models/pooling";
import { fill, loadPretrained, type PretrainedModel, segmentsAlike } from "../../lib/models/pretrained";
import { projectRoot } from "../../lib/support/files";
import type { HostArray, Weights } from "../../lib/support/host-array";
import { Random } from "../../lib/support/random";
import { readSafetensors } from "../../packages/hf-files/safetensors";
import { maskedWordLoss } from "../../packages/pre-training/masked-loss";
import { type Tensor, tf } from "../../packages/tfjs-graph/backend";
import { openEngine } from "../../packages/tfjs-graph/engine";
import { type HostInputs, shapesOf } from "../../packages/tfjs-graph/engine-types";
import { crossEntropy } from "../../packages/tfjs-graph/ops";
import { addDecayedWeights, type Optimizer, scaleByAdam } from "../../packages/tfjs-graph/optimizer";
import { onNative } from "../../packages/tfjs-graph/test/native";
import { shared } from "../shared";

// numbers of PyTorch and transformers: test/reference/make_bert.py
const reference = join(projectRoot, "test/reference/bert");
const { path: golden, skip } = shared("reference/tiny-bert-golden");

const int = ({ shape, data }: HostArray) => tf.tensor(Int32Array.from(data), [...shape], "int32");
const float = ({ shape, data }: HostArray) => tf.tensor(Float32Array.from(data), [...shape], "float32");
const inputsOf = (given: Weights): Inputs => ({
  ids: int(given.ids),
  segmentIds: int(given.types),
  mask: float(given.mask),
});
const hostInputsOf = ({ ids, types: segmentIds, mask }: Weights): HostInputs => ({
  ids,
  segmentIds,
  mask: { ...mask, data: Float32Array.from(mask.data) },
});
const ones3: HostArray = { shape: [3], data: Float32Array.of(1, 1, 1) };
const classLoss = (logits: Tensor, { labels, weights }: Inputs) => crossEntropy(logits, labels, weights);

/** max|a - b| / max|b|; for key.bias, whose true gradient is 0, the difference itself, to be at most 1e-7. */
function assertEqual(name: string, actual: Tensor, expected: HostArray): void {
  assert.deepEqual(actual.shape, [...expected.shape], name);
  const values = actual.dataSync();
  let difference = 0;
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    difference = Math.max(difference, Math.abs(values[i] - expected.data[i]));
    size = Math.max(size, Math.abs(expected.data[i]));
  }
  if (name.endsWith("key.bias")) assert.ok(difference <= 1e-7, `${name}: ${difference}`);
  else assert.ok(difference <= 1e-5 * size, `${name}: ${difference} of ${size}`);
}

const ADAM = scaleByAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, biasCorrection: true });
const ADAMW: Optimizer = [
  ADAM,
  addDecayedWeights(0.01, (name) => !name.endsWith("bias") && !name.includes("LayerNorm")),
];

/** The weights after one step of AdamW at the rate 1e-3. */
function afterOneStep(
  model: Model,
  inputs: HostInputs,
  loss: (output: Tensor, inputs: Inputs) => Tensor,
  optimizer = ADAMW,
): Weights {
  const engine = openEngine({
    weights: model.weights,
    trainable: Object.keys(model.weights),
    loss: (context) => loss(applyLayers(model.layers, null, context), context.inputs),
    trainShapes: [shapesOf(inputs)],
    optimizer,
  });
  engine.step(inputs, { learningRate: 1e-3, seed: 1 });
  const weights = engine.weights();
  engine.dispose();
  return weights;
}

/**
 * Hidden states after every layer, the last layer's output, the loss, and the gradient of every parameter.
 */
function forwardAndGradients(model: Model, inputs: Inputs, loss: (output: Tensor) => Tensor) {
  const variables = Object.entries(model.weights).map(([name, w]) =>
    tf.variable(float(w), true, `${name}#${Math.random()}`),
  );
  const parameters = Object.fromEntries(
    Object.keys(model.weights).map((name, i) => [name, variables[i] as Tensor]),
  );
  const context = { parameters, inputs, dropout: (x: Tensor) => x };
  const states: Tensor[] = [];
  const forward = () => {
    states.length = 0;
    for (const layer of model.layers) states.push(layer.apply(states.at(-1) ?? null, context));
    return states.at(-1)!;
  };
  const { value, grads } = tf.variableGrads(() => loss(forward()) as tf.Scalar, variables);
  forward();
  return {
    states,
    loss: value,
    gradients: Object.fromEntries(Object.keys(parameters).map((name, i) => [name, grads[variables[i].name]])),
  };
}

/** Of every token after the embeddings and each layer: a classifier that pools the mean computes them all. */
function hiddenStates(pretrained: PretrainedModel, inputs: Inputs): Tensor[] {
  const { model } = fill(
    classifier(pretrained.encoder, { head: "linear", classes: 3, pooling: "mean" }, new Random(1)),
    pretrained,
  );
  return forwardAndGradients(model, inputs, (logits) => tf.sum(logits)).states;
}

/** [B, T, H] → [B, H]. */
function firstTokens({ shape: [batch, tokens, hidden], data }: HostArray): HostArray {
  const rows = Array.from({ length: batch }, (_, i) => [
    ...data.subarray(i * tokens * hidden, i * tokens * hidden + hidden),
  ]);
  return { shape: [batch, hidden], data: Float32Array.from(rows.flat()) };
}

describe("BERT equals transformers", () => {
  const pretrained = loadPretrained(join(reference, "classifier"));
  const expected = readSafetensors(join(reference, "classifier/expected.safetensors"));
  const filled = fill(
    classifier(pretrained.encoder, { head: "linear", classes: 3 }, new Random(1)),
    pretrained,
  );
  const ones = tf.ones([3]);
  const run = forwardAndGradients(filled.model, inputsOf(expected), (logits) =>
    crossEntropy(logits, int(expected.labels), ones),
  );

  test("nothing is missing and nothing left over", () =>
    assert.deepEqual([filled.missing, filled.leftOver], [[], []]));
  test("hidden states", () => {
    const states = hiddenStates(pretrained, inputsOf(expected));
    [0, 1, 2].forEach((i) => assertEqual(`hidden ${i}`, states[i], expected[`hidden.${i}`]));
  });
  test("the last layer gives [CLS] alone where nothing else is read", () => {
    assertEqual("hidden 2", run.states[2], firstTokens(expected["hidden.2"]));
  });
  test("logits", () => assertEqual("logits", run.states[4], expected.logits));
  test("loss", () => assertEqual("loss", run.loss, expected.loss));
  test("every gradient", () => {
    for (const [name, gradient] of Object.entries(run.gradients))
      assertEqual(name, gradient, expected[`gradient.${name}`]);
  });
});

test("one step of AdamW equals PyTorch's", () => {
  const pretrained = loadPretrained(join(reference, "classifier"));
  const expected = readSafetensors(join(reference, "classifier/expected.safetensors"));
  const { model } = fill(
    classifier(pretrained.encoder, { head: "linear", classes: 3 }, new Random(1)),
    pretrained,
  );
  const weights = afterOneStep(
    model,
    { ...hostInputsOf(expected), labels: expected.labels, weights: ones3 },
    classLoss,
  );
  for (const [name, value] of Object.entries(weights)) {
    // Adam divides a gradient by its size: that of key.bias is rounding error, so its step is, too
    if (!name.endsWith("key.bias")) assertEqual(name, float(value), expected[`after.${name}`]);
  }
});

describe("the masked-word head equals transformers", () => {
  const pretrained = loadPretrained(join(reference, "masked"));
  const expected = readSafetensors(join(reference, "masked/expected.safetensors"));
  const filled = fill(pretrained.encoder.maskedWords(new Random(1)), pretrained);
  const labels = expected.labels.data;
  const places = Array.from(labels.keys()).filter((i) => labels[i] >= 0);
  const padded = [...places, 0, 0]; // two unused places, which must not count
  const inputs = {
    ...inputsOf(expected),
    places: tf.tensor1d(padded, "int32"),
    words: tf.tensor1d(
      padded.map((i) => Math.max(0, labels[i])),
      "int32",
    ),
    counts: tf.tensor1d(padded.map((_, i) => (i < places.length ? 1 : 0))),
  };
  const run = forwardAndGradients(filled.model, inputs, (logits) => maskedWordLoss(logits, inputs));

  test("logits of the masked places", () => {
    const width = pretrained.encoder.config.vocabularySize;
    const rows = places.flatMap((place) => [
      ...expected.logits.data.slice(place * width, (place + 1) * width),
    ]);
    assertEqual("logits", tf.slice(run.states.at(-1)!, [0, 0], [places.length, width]), {
      shape: [places.length, width],
      data: Float32Array.from(rows),
    });
  });
  test("loss", () => assertEqual("loss", run.loss, expected.loss));
  test("every gradient", () => {
    for (const [name, gradient] of Object.entries(run.gradients))
      assertEqual(name, gradient, expected[`gradient.${name}`]);
  });
});

test("one step of AdamW on masked words equals PyTorch's", () => {
  const pretrained = loadPretrained(join(reference, "masked"));
  const expected = readSafetensors(join(reference, "masked/expected.safetensors"));
  const { model } = fill(pretrained.encoder.maskedWords(new Random(1)), pretrained);
  const places = Int32Array.from(expected.labels.data.keys()).filter((i) => expected.labels.data[i] >= 0);
  const words = places.map((i) => expected.labels.data[i]);
  const masked = { places: { shape: [3], data: places }, words: { shape: [3], data: words }, counts: ones3 };
  const weights = afterOneStep(model, { ...hostInputsOf(expected), ...masked }, maskedWordLoss);
  for (const [name, value] of Object.entries(weights)) {
    if (!name.endsWith("key.bias")) assertEqual(name, float(value), expected[`after.${name}`]);
  }
});

test("the shared golden BERT is met in every hidden state, the logits, the loss, each gradient and a step of AdamW", {
  skip,
}, () => {
  const json = JSON.parse(readFileSync(join(golden, "golden.json"), "utf8"));
  const array = (values: unknown): HostArray => {
    const tensor = tf.tensor(values as number[]);
    return { shape: tensor.shape, data: tensor.dataSync() as Float32Array };
  };
  const pretrained = loadPretrained(golden);
  const { model } = fill(
    classifier(pretrained.encoder, { head: "linear", classes: 3 }, new Random(1)),
    pretrained,
  );
  const given = inputsOf({
    ids: array(json.input_ids),
    types: array(json.token_type_ids),
    mask: array(json.attention_mask),
  });
  const run = forwardAndGradients(model, given, (logits) =>
    crossEntropy(logits, int(array(json.labels)), tf.ones([3])),
  );
  const states = hiddenStates(pretrained, given);
  json.hidden_states.forEach((state: unknown, i: number) =>
    assertEqual(`hidden ${i}`, states[i], array(state)),
  );
  assertEqual("[CLS]", run.states[2], firstTokens(array(json.hidden_states[2])));
  assertEqual("pooler", run.states[3], array(json.pooler_output));
  assertEqual("logits", run.states[4], array(json.logits));
  assert.ok(Math.abs(run.loss.dataSync()[0] - json.loss) < 1e-5);
  assert.equal(Object.keys(json.grads).length, 41);
  for (const [name, gradient] of Object.entries(json.grads))
    assertEqual(name, run.gradients[name], array(gradient));
  const whole = (values: unknown): HostArray => ({
    ...array(values),
    data: Int32Array.from(array(values).data),
  });
  const host = {
    ids: whole(json.input_ids),
    segmentIds: whole(json.token_type_ids),
    mask: array(json.attention_mask),
  };
  const everythingDecays = [ADAM, addDecayedWeights(0.01, () => true)];
  const after = afterOneStep(
    model,
    { ...host, labels: whole(json.labels), weights: ones3 },
    classLoss,
    everythingDecays,
  );
  for (const [name, weight] of Object.entries(json.after_one_adamw_step))
    assertEqual(name, float(after[name]), array(weight));
});

const small = parseConfig(
  {
    vocab_size: 8,
    hidden_size: 4,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 6,
    max_position_embeddings: 5,
  },
  "config.json",
);

/** Runs a model without dropout on ids whose zeros are padding. */
function output(model: Model, ids: number[][]): number[][] {
  const inputs = {
    ids: tf.tensor2d(ids, undefined, "int32"),
    segmentIds: tf.zerosLike(tf.tensor2d(ids, undefined, "int32")),
    mask: tf.tensor2d(ids.map((row) => row.map((id) => (id ? 1 : 0)))),
  };
  const parameters = Object.fromEntries(Object.entries(model.weights).map(([name, w]) => [name, float(w)]));
  return applyLayers(model.layers, null, { parameters, inputs, dropout: (x) => x }).arraySync() as number[][];
}

const close = (a: number[], b: number[]) => a.every((x, i) => Math.abs(x - b[i]) < 1e-5);

test("the text's own tokens are those of segment 1, and all where there is none", () => {
  const mask = tf.tensor2d([
      [1, 1, 1, 0],
      [1, 1, 0, 0],
    ]),
    segmentIds = tf.tensor2d(
      [
        [0, 1, 1, 0],
        [0, 0, 0, 0],
      ],
      undefined,
      "int32",
    );
  assert.deepEqual(targetTokens(mask, segmentIds).arraySync(), [
    [0, 1, 1, 0],
    [1, 1, 0, 0],
  ]);
});

test("with segments alike a text has the same vectors in either segment, and the model given keeps its own", () => {
  const model = bertEncoder({ ...small, initializerRange: 0.5 }).network(new Random(3), "mean"),
    name = "bert.embeddings.token_type_embeddings.weight";
  const rows = ({ weights }: Model) => [weights[name].data.slice(0, 4), weights[name].data.slice(4)];
  const [first, second] = rows(segmentsAlike(model, BERT_NAMES));
  assert.deepEqual(first, second);
  assert.deepEqual(first, rows(model)[0]);
  assert.notDeepEqual(...(rows(model) as [Float32Array, Float32Array]));
});

test("max pooling takes of each dimension the largest among tokens, not among padding", () => {
  const x = tf.tensor3d([
    [
      [-1, 2],
      [-3, 5],
      [7, 7],
    ],
  ]);
  const inputs = { mask: tf.tensor2d([[1, 1, 0]]) };
  const context = { inputs, parameters: {}, dropout: (y: Tensor) => y };
  assert.deepEqual(tokenPooling("max").apply(x, context).arraySync(), [[-1, 5]]);
});

test("max pooling has the same gradients in a traced step as op by op", onNative, () => {
  const model = classifier(bertEncoder(small), { head: "linear", classes: 2, pooling: "max" }, new Random(3));
  const rows = { shape: [2, 3], data: Int32Array.of(2, 5, 3, 2, 3, 0) };
  const inputs: HostInputs = {
    ids: rows,
    segmentIds: { shape: [2, 3], data: new Int32Array(6) },
    mask: { shape: [2, 3], data: Float32Array.of(1, 1, 1, 1, 1, 0) },
    labels: { shape: [2], data: Int32Array.of(1, 0) },
    weights: { shape: [2], data: Float32Array.of(1, 1) },
  };
  const [traced, eager] = (["traced", "eager"] as const).map((mode) => {
    const engine = openEngine({
      ...{ weights: model.weights, trainable: Object.keys(model.weights), mode },
      trainShapes: [shapesOf(inputs)],
      optimizer: [scaleByAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, biasCorrection: true })],
      loss: (context) =>
        crossEntropy(applyLayers(model.layers, null, context), context.inputs.labels, context.inputs.weights),
    });
    const { loss, gradientNorm } = engine.step(inputs, { learningRate: 0, seed: 1 });
    const found = [engine.mode === mode ? 0 : Number.NaN, loss, gradientNorm];
    engine.dispose();
    return found;
  });
  assert.ok(close(traced, eager), `${traced} and ${eager}`);
});

test("multi-sample dropout gives the mean of the logits under each mask", () => {
  const random = () => new Random(3);
  const vectors = { shape: [1, 4], data: Float32Array.of(1, -2, 3, 0.5) };
  const headOf = (dropoutSamples: number) =>
    vectorClassifier(vectors, { head: "linear", classes: 2, dropoutSamples }, random());
  const logits = (samples: number, factors: readonly number[]) => {
    const { layers, weights } = headOf(samples);
    const tensors = Object.entries(weights).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, [...shape]),
    ]);
    let call = 0;
    const dropout = (y: Tensor) => tf.mul(y, factors[call++]);
    const context = { inputs: {}, parameters: Object.fromEntries(tensors), dropout };
    return layers[1].apply(tf.tensor2d(vectors.data, [1, 4]), context).arraySync() as number[][];
  };
  const [one, other] = [logits(1, [0])[0], logits(1, [2])[0]];
  assert.ok(
    close(
      logits(2, [0, 2])[0],
      one.map((value, c) => (value + other[c]) / 2),
    ),
  );
});

test("padding changes neither the [CLS] vector nor the mean nor the largest", () => {
  for (const pooling of ["cls", "mean", "max"] as const) {
    const model = bertEncoder({ ...small, initializerRange: 0.5 }).network(new Random(3), pooling);
    assert.ok(close(output(model, [[2, 5, 3]])[0], output(model, [[2, 5, 3, 0, 0]])[0]), pooling);
  }
});

test("below a trained pooler a text is one vector, whatever the pooling: frozen, it is computed once", () => {
  for (const pooling of ["cls", "mean", "target-mean"] as const) {
    const { layers } = bertEncoder(small).network(new Random(3), pooling),
      at = layers.findIndex(({ name }) => name === "pooler");
    assert.equal(layers[at - 1].output, "pooled", pooling);
  }
});

test("[CLS] and the mean of the tokens are different vectors", () => {
  const [cls, mean] = (["cls", "mean"] as const).map(
    (pooling) =>
      output(bertEncoder({ ...small, initializerRange: 0.5 }).network(new Random(3), pooling), [
        [2, 5, 3],
      ])[0],
  );
  assert.ok(!close(cls, mean));
});

test("equal seeds give equal random weights, of the deviation that the configuration states", () => {
  const config = { ...small, vocabularySize: 2000 };
  const [a, b, c] = [1, 1, 2].map(
    (seed) =>
      bertEncoder(config).network(new Random(seed)).weights["bert.embeddings.word_embeddings.weight"].data,
  );
  assert.deepEqual(a, b);
  assert.notDeepEqual(a, c);
  const deviation = Math.sqrt([...a].reduce((sum, x) => sum + x * x, 0) / a.length);
  assert.ok(Math.abs(deviation - 0.02) < 0.0005, String(deviation));
});

test("the 3-layer MLP has three layers under names of its own", () => {
  const model = classifier(bertEncoder(small), { head: "3MLP", classes: 2 }, new Random(1));
  const shapes = Object.entries(model.weights)
    .filter(([name]) => name.startsWith("mlp."))
    .map(([name, { shape }]) => [name, shape]);
  assert.deepEqual(shapes, [
    ["mlp.0.weight", [4, 4]],
    ["mlp.0.bias", [4]],
    ["mlp.1.weight", [4, 4]],
    ["mlp.1.bias", [4]],
    ["mlp.2.weight", [2, 4]],
    ["mlp.2.bias", [2]],
  ]);
  assert.deepEqual(
    model.layers.map(({ name }) => name),
    ["embeddings", "layer.0", "pooler", "head"],
  );
  assert.equal(
    output(model, [
      [2, 5, 3],
      [2, 3, 0],
    ])[1].length,
    2,
  );
});

test("dropout is asked for at Hugging Face's places and rates", () => {
  const config = { ...small, hiddenDropout: 0.1, attentionDropout: 0.2, classifierDropout: 0.3 };
  const model = classifier(bertEncoder(config), { head: "linear", classes: 2 }, new Random(1));
  const rates: number[] = [];
  const inputs = {
    ids: tf.ones([1, 3], "int32"),
    segmentIds: tf.zeros([1, 3], "int32"),
    mask: tf.ones([1, 3]),
  };
  const parameters = Object.fromEntries(Object.entries(model.weights).map(([name, w]) => [name, float(w)]));
  applyLayers(model.layers, null, { parameters, inputs, dropout: (x, rate) => (rates.push(rate), x) });
  assert.deepEqual(rates, [0.1, 0.2, 0.1, 0.1, 0.3]); // embeddings; attention, its output, the layer's output; classifier
});

test("a text longer than the positions is refused with both lengths", () => {
  assert.throws(
    () => output(bertEncoder(small).network(new Random(1)), [[2, 1, 1, 1, 1, 3]]),
    /a text of 6 tokens, but the model has 5 positions/,
  );
});
