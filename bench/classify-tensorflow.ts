/** Texts to classes by TensorFlow: the built-in model, or a BiLSTM of classify-models.ts. */
import { join } from "node:path";
import { classifier } from "../lib/models/heads";
import { applyLayers, type Model } from "../lib/models/model";
import { fill, loadPretrained } from "../lib/models/pretrained";
import { Random } from "../lib/support/random";
import { BatchLoader } from "../lib/train/batches";
import { logitsOf } from "../lib/train/predict";
import { openRecurrent } from "../packages/recurrent";
import { openEngine, ready } from "../packages/tfjs-graph";
import { openTokenizer, type TokenIds } from "../packages/tokenizer";
import { BUILTIN_MODEL } from "../test/builtin";
import { CLASSES, type OpenClassify } from "./classify";

interface Opened {
  readonly model: Model;
  readonly encode: (text: string) => TokenIds;
}

async function builtin(): Promise<Opened> {
  const pretrained = loadPretrained(BUILTIN_MODEL),
    { encode } = await openTokenizer(BUILTIN_MODEL),
    head = { head: "linear", classes: CLASSES.length, pooling: "mean" } as const;
  const { model } = fill(classifier(pretrained.encoder, head, new Random(1)), pretrained);
  return { model, encode: (text) => encode(text, { maxLength: pretrained.encoder.config.maxPositions }) };
}

async function bilstm(folder: string): Promise<Opened> {
  const { encode, network } = await openRecurrent(folder);
  return { model: network(CLASSES.length, new Random(1)), encode };
}

export const open: OpenClassify = async ({ runtime, folder, batch: batchSize }) => {
  await ready();
  const { model, encode } = await (runtime === "lstm" ? bilstm(join(folder, "lstm")) : builtin()),
    options = { batchSize, longest: model.maxTokens };
  const shapes = new BatchLoader([encode("店")], options).shapes(false);
  const engine = openEngine({
    weights: model.weights,
    outputs: (context) => applyLayers(model.layers, null, context),
    outputShapes: [shapes],
  });
  return (texts) => logitsOf(new BatchLoader(texts.map(encode), options), engine);
};
