/**
 * From a text to its class, in tokens a second (those of the built-in model, whatever reads the text): the
 * built-in reviews, by the built-in model in TensorFlow or as ONNX through transformers.js, by TF-IDF, by
 * doc2vec.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readReviews } from "../lib/data/reviews";
import { doc2vecModel, openDoc2vec, wordsOf } from "../lib/experiment/doc2vec";
import { vectorClassifier } from "../lib/models/heads";
import { applyLayers, type Model } from "../lib/models/model";
import { describePretrained, loadPretrained } from "../lib/models/pretrained";
import { Random } from "../lib/support/random";
import { openOnnx, type Precision, writeOnnxFolder } from "../packages/onnx";
import { fitLogistic, fitTfidf, predict, transform } from "../packages/tfidf";
import { ready } from "../packages/tfjs-graph";
import { BUILTIN_MODEL, BUILTIN_REVIEWS } from "../test/builtin";
import { builtinModel, byTensorFlow, type Classify, type Encode } from "./classifiers";
import { serve } from "./side";

interface Options {
  readonly runtime: "tensorflow" | Precision | "tfidf" | "doc2vec";
  /** Texts at once. */
  readonly batch: number;
}

const TEXTS = 128;
const CLASSES = ["不評", "好評"];
const { reviews } = readReviews(BUILTIN_REVIEWS);
const texts = reviews.slice(0, TEXTS).map(({ text }) => text);

async function byOnnx(model: Model, encode: Encode, precision: Precision): Promise<Classify> {
  const folder = mkdtempSync(join(tmpdir(), "komalab-classify-"));
  try {
    const { encoder } = loadPretrained(BUILTIN_MODEL);
    describePretrained(folder, { encoder, tokenizerFrom: BUILTIN_MODEL, labels: CLASSES });
    const network = {
      weights: model.weights,
      outputs: (context: Parameters<Model["layers"][0]["apply"]>[1]) =>
        applyLayers(model.layers, null, context),
    };
    await writeOnnxFolder(folder, network, {
      classes: CLASSES,
      precisions: [precision],
      longest: encoder.config.maxPositions,
    });
    const classify = await openOnnx(folder, precision);
    return (batch) => classify(batch.map(encode));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function byTfidf(): Classify {
  const learnt = reviews.slice(TEXTS),
    grams = fitTfidf(learnt.map(({ text }) => text));
  const rows = transform(
    grams,
    learnt.map(({ text }) => text),
  );
  const model = fitLogistic(
    rows,
    learnt.map(({ label }) => label),
    CLASSES.length,
    { c: 10 },
  );
  return (batch) => predict(model, transform(grams, batch));
}

/** Inferred vectors and a linear head, whose cost beside them is nothing. */
async function byDoc2vec(): Promise<Classify> {
  const { folder } = await doc2vecModel(
    reviews.slice(TEXTS).map(({ text }) => text),
    { epochs: 10, minCount: 2 },
  );
  const doc2vec = openDoc2vec(folder),
    shape = [1, doc2vec.options.dimensions];
  const head = vectorClassifier(
    { shape, data: new Float32Array(doc2vec.options.dimensions) },
    { head: "linear", classes: CLASSES.length },
    new Random(1),
  ).weights["classifier.weight"].data;
  return async (batch) =>
    (await wordsOf(batch)).map((words) =>
      doc2vec.infer(words).reduce((sum, value, i) => sum + value * head[i], 0),
    );
}

async function open({ runtime, batch }: Options) {
  await ready();
  const { model, encode } = await builtinModel(CLASSES.length);
  const classify =
    runtime === "tensorflow"
      ? byTensorFlow(model, encode, { texts, batchSize: batch })
      : runtime === "tfidf"
        ? byTfidf()
        : runtime === "doc2vec"
          ? await byDoc2vec()
          : await byOnnx(model, encode, runtime);
  const tokens = texts.reduce((sum, text) => sum + encode(text).ids.length, 0);
  const batches = Array.from({ length: Math.ceil(TEXTS / batch) }, (_, i) =>
    texts.slice(i * batch, (i + 1) * batch),
  );
  const measure = async (): Promise<number> => {
    const start = performance.now();
    for (const one of batches) await classify(one);
    return tokens / ((performance.now() - start) / 1000);
  };
  await measure(); // graphs are optimised, words remembered
  return { measure, note: `${TEXTS} reviews of ${(tokens / TEXTS).toFixed(0)} tokens` };
}

void serve(open);
