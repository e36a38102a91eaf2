/**
 * One training step of a bidirectional LSTM classifier with random weights: 24 words a text, trained
 * embeddings of 50 beside fixed vectors of 200, four poolings; clipping and AdamW as everywhere.
 */
import { Random } from "../lib/support/random";
import { labelInputs, tokenInputs, tokenShapes } from "../lib/train/batches";
import { optimizerOf } from "../lib/train/optimizer";
import { TRAIN_DEFAULTS } from "../lib/train/settings";
import { recurrentModel } from "../packages/recurrent/network";
import { RECURRENT_DEFAULTS } from "../packages/recurrent/options";
import {
  crossEntropy,
  openEngine,
  ready,
  type StepContext,
  shapesOf,
  type Tensor,
} from "../packages/tfjs-graph";
import { secondsOf, serve } from "./side";

export const LSTM = {
  words: 30_000,
  tokens: 24,
  hidden: 400,
  embedding: 50,
  vectors: 200,
  batch: 16,
  classes: 9,
};

void serve(async (given: Partial<typeof LSTM>) => {
  await ready();
  const { words, tokens, hidden, embedding, vectors, batch, classes } = { ...LSTM, ...given };
  const random = new Random(1),
    fixed = Float32Array.from({ length: words * vectors }, () => random.normal());
  const options = { ...RECURRENT_DEFAULTS, hidden, embedding, weightDrop: 0 };
  const { layers, weights } = recurrentModel(
    options,
    { words, classes, vectors: { shape: [words, vectors], data: fixed } },
    random,
  );
  const apply = (context: StepContext) =>
    layers.reduce<Tensor | null>((x, layer) => layer.apply(x, context), null) as Tensor;
  const batches = Array.from({ length: 4 }, () => {
    const texts = Array.from({ length: batch }, () => {
      const ids = Array.from({ length: tokens }, () =>
        Math.min(words - 1, Math.floor(words ** random.uniform())),
      );
      return { ids, segmentIds: ids.map(() => 0) };
    });
    const labels = texts.map(() => random.integer(classes));
    const ones = texts.map(() => 1);
    return { ...tokenInputs(texts, batch, tokens), ...labelInputs(labels, ones, batch) };
  });
  const engine = openEngine({
    weights,
    trainable: Object.keys(weights).filter((name) => !name.includes("fixed")),
    optimizer: optimizerOf(TRAIN_DEFAULTS),
    precision: "float32",
    loss: (context) => {
      const logits = apply(context);
      return { loss: crossEntropy(logits, context.inputs.labels, context.inputs.weights), aux: logits };
    },
    outputs: apply,
    trainShapes: [{ ...tokenShapes(batch), ...shapesOf(labelInputs([], [], batch)) }],
    outputShapes: [tokenShapes(batch)],
  });
  let count = 0;
  const step = () => engine.step(batches[count % 4], { learningRate: 1e-3, seed: ++count }).loss;
  step();
  step();
  return { measure: () => secondsOf(step, 1) };
});
