/** What runs say of their test texts once they are written as ONNX and run by transformers.js. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NamedRun } from "../../lib/evaluate/comparison";
import { isEncoder } from "../../lib/experiment/doc2vec";
import { type PreparedTrial, prepare } from "../../lib/experiment/prepare";
import type { TrialRun } from "../../lib/experiment/spec";
import { readEncoder } from "../../lib/models/encoders";
import { applyLayers, type Context } from "../../lib/models/model";
import { describePretrained } from "../../lib/models/pretrained";
import { writeBeside } from "../../lib/support/files";
import { softmax } from "../../lib/support/softmax";
import { bestClass } from "../../lib/train/predict";
import { exportOnnx, trainedModel } from "../export";
import { FILE_NAMES, onnxModel, openOnnx, type Precision } from "../onnx";
import { readParts, type TokenIds, tokenizerOfParts } from "../tokenizer";
import { cutVocabulary, keptIds } from "../vocabulary-cut";
import { type Form, minutesOf, trainedForm } from "./costs";

interface OnnxForm extends Pick<Form, "system" | "way"> {
  readonly precision: Precision;
  /**
   * Cuts the vocabulary to so many pieces: those of the texts that the run has learnt from or validated on,
   * and the vocabulary's first others. Test texts are then tokenised by the cut vocabulary.
   */
  readonly pieces?: number;
}

/** A row of the table, with the answers of each run. */
export interface OnnxAnswers extends Required<Form> {
  readonly answers: readonly NamedRun[];
}

/** Without answers if they are those of its runs. */
export interface SmallForm extends Form {
  readonly answers?: readonly NamedRun[];
}

const AT_ONCE = 32;

/** Writes a run with a cut vocabulary. @returns the ids of its test texts in that vocabulary */
async function writeCut(
  run: TrialRun,
  data: PreparedTrial["data"],
  {
    out,
    precision,
    pieces,
  }: { readonly out: string; readonly precision: Precision; readonly pieces: number },
): Promise<readonly TokenIds[]> {
  const { model: source, settings, classes } = run.trial,
    { encoder } = readEncoder(join(source.folder, "config.json")),
    tokenizer = await readParts(source.folder);
  const { layers, weights } = await trainedModel(run),
    kept = keptIds(tokenizer, [...data.train.texts, ...data.validation.texts], pieces),
    cut = cutVocabulary({ weights, tables: [encoder.names.wordEmbeddings], tokenizer }, kept);
  describePretrained(out, { encoder, tokenizerFrom: source.folder, labels: classes });
  const network = {
    weights: cut.weights,
    outputs: (context: Context) => applyLayers(layers, null, context),
  };
  writeBeside(join(out, "onnx", FILE_NAMES[precision]), onnxModel(network, precision));
  const { encode, encodeInContext } = tokenizerOfParts(cut.tokenizer),
    maxLength = Math.min(settings.maxLength, encoder.config.maxPositions);
  return data.test.items.map(({ text, context = [] }) =>
    context.length > 0 ? encodeInContext(text, context, maxLength) : encode(text, { maxLength }),
  );
}

/** Every precision with the whole vocabulary, and float32 with so many pieces of it. */
export const onnxForms = (pieces: number): readonly OnnxForm[] => [
  { system: "ONNX f32", way: "f32", precision: "f32" },
  { system: "ONNX f16", way: "f16", precision: "f16" },
  { system: "ONNX int8", way: "int8", precision: "int8" },
  { system: "ONNX int8, one scale", way: "int8-table", precision: "int8-table" },
  { system: "ONNX f32, cut", way: "cut", precision: "f32", pieces },
];

/**
 * Writes each run as ONNX, has it answer its test texts, and forgets it.
 * @throws as exportOnnx and openOnnx
 */
export async function onnxAnswers(
  runs: readonly TrialRun[],
  { precision, system, way, pieces }: OnnxForm,
): Promise<OnnxAnswers> {
  const answers: NamedRun[] = [],
    folder = mkdtempSync(join(tmpdir(), "komalab-onnx-"));
  let bytes = 0;
  try {
    for (const [i, run] of runs.entries()) {
      const { data } = await prepare(run.trial),
        { test } = data,
        out = join(folder, `${i}`);
      const texts = pieces === undefined ? test.texts : await writeCut(run, data, { out, precision, pieces });
      if (pieces === undefined) await exportOnnx(run, out, { precisions: [precision] });
      bytes = statSync(join(out, "onnx", FILE_NAMES[precision])).size;
      const classify = await openOnnx(out, precision),
        logits: Float32Array[] = [];
      for (let at = 0; at < texts.length; at += AT_ONCE)
        logits.push(...(await classify(texts.slice(at, at + AT_ONCE))));
      rmSync(out, { recursive: true }); // a large model's files would fill the disk
      answers.push({
        system,
        testSet: run.trial.testSet,
        seed: run.trial.settings.initSeed,
        gold: test.labels,
        items: test.items.map(({ id }) => id),
        predicted: logits.map(bestClass),
        probabilities: logits.map((row) => softmax(row)),
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { system, way, bytes, minutes: minutesOf(runs), answers };
}

/**
 * Rows of small systems: encoders as ONNX in int8, with their answers; what has no encoder as it was trained.
 * @param ways each system, and what the bench calls it; one without a run is left out
 */
export async function smallForms(
  runs: readonly TrialRun[],
  ways: Readonly<Record<string, string>>,
): Promise<readonly SmallForm[]> {
  const forms: SmallForm[] = [];
  for (const [system, way] of Object.entries(ways)) {
    const own = runs.filter(({ trial }) => trial.system === system);
    if (own.length > 0 && isEncoder(own[0].trial.model.folder))
      forms.push(await onnxAnswers(own, { system: `${system}, int8`, way, precision: "int8" }));
    else forms.push(...trainedForm(own, system, way));
  }
  return forms;
}
