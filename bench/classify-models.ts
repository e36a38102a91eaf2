/**
 * The models of classify.ts, made by a process of its own: `tsx bench/classify-models.ts FOLDER`. The
 * built-in model with a random head, whole and with its vocabulary cut, and the students of
 * packages/distillation: what their weights are changes no speed.
 */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { doc2vecModel } from "../lib/experiment/doc2vec";
import { classifier } from "../lib/models/heads";
import { applyLayers, type Context, type Model } from "../lib/models/model";
import { describePretrained, fill, loadPretrained } from "../lib/models/pretrained";
import { Random } from "../lib/support/random";
import { fewerLayers, narrower, SIZES } from "../packages/distillation";
import { type Precision, writeOnnxFolder } from "../packages/onnx";
import { recurrentFolder } from "../packages/recurrent";
import { ready } from "../packages/tfjs-graph";
import { readParts, tokenizerOfParts, type WordParts } from "../packages/tokenizer";
import { cutVocabulary, keptIds } from "../packages/vocabulary-cut";
import { BUILTIN_MODEL } from "../test/builtin";
import { benchReviews, CLASSES } from "./classify";

/** As in notebook 09. */
const PIECES = 4000;
const texts = () => benchReviews().learnt.map(({ text }) => text);

const networkOf = ({ layers }: Model, weights: Model["weights"]) => ({
  weights,
  outputs: (context: Context) => applyLayers(layers, null, context),
});

function modelOf(folder: string) {
  const pretrained = loadPretrained(folder),
    head = { head: "linear", classes: CLASSES.length, pooling: "mean" } as const;
  const { model } = fill(classifier(pretrained.encoder, head, new Random(1)), pretrained);
  return { model, encoder: pretrained.encoder };
}

async function write(place: string, from: string, precisions: readonly Precision[]): Promise<void> {
  const { model, encoder } = modelOf(from);
  describePretrained(place, { encoder, tokenizerFrom: from, labels: CLASSES });
  const options = { classes: CLASSES, precisions, longest: encoder.config.maxPositions };
  await writeOnnxFolder(place, networkOf(model, model.weights), options);
}

async function writeCut(place: string): Promise<void> {
  const { model, encoder } = modelOf(BUILTIN_MODEL),
    tokenizer = (await readParts(BUILTIN_MODEL)) as WordParts;
  const { encode } = tokenizerOfParts(tokenizer),
    kept = keptIds(
      tokenizer,
      texts().map((text) => encode(text)),
      PIECES,
    );
  const cut = cutVocabulary(
    { weights: model.weights, tables: [encoder.names.wordEmbeddings], tokenizer },
    kept,
  );
  describePretrained(place, { encoder, tokenizerFrom: BUILTIN_MODEL, labels: CLASSES });
  writeFileSync(join(place, "vocab.txt"), `${cut.tokenizer.pieces.join("\n")}\n`);
  const options = { classes: CLASSES, precisions: ["f32"] as const, longest: encoder.config.maxPositions };
  await writeOnnxFolder(place, networkOf(model, cut.weights), options);
}

async function main(folder: string): Promise<void> {
  await ready();
  await write(join(folder, "whole"), BUILTIN_MODEL, ["f32", "f16", "int8", "int8-table"]);
  await writeCut(join(folder, "cut"));
  const students = {
    layers: await fewerLayers(BUILTIN_MODEL, SIZES.layers),
    narrow: await narrower(BUILTIN_MODEL, SIZES.narrow),
  };
  for (const [name, student] of Object.entries(students))
    await write(join(folder, name), student.folder, ["int8"]);
  const others = {
    lstm: await recurrentFolder(texts(), SIZES.lstm),
    doc2vec: await doc2vecModel(texts(), SIZES.doc2vec),
  };
  for (const [name, { folder: from }] of Object.entries(others))
    cpSync(from, join(folder, name), { recursive: true });
}

void main(process.argv[2]).catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
