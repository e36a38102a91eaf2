/**
 * A fine-tuned run as a Hugging Face folder, for Python's transformers or for another run to begin with, and
 * as ONNX, for what runs that.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isEncoder } from "../../lib/experiment/doc2vec";
import { prepare } from "../../lib/experiment/prepare";
import type { TrialRun } from "../../lib/experiment/spec";
import { readEncoder } from "../../lib/models/encoders";
import { applyLayers, type Model } from "../../lib/models/model";
import { describePretrained, savePretrained } from "../../lib/models/pretrained";
import { readConfig } from "../../lib/models/registry";
import type { Weights } from "../../lib/support/host-array";
import { readSafetensors } from "../hf-files";
import { type Precision, type Readable, writeOnnxFolder } from "../onnx";
import { mergeAdapter, writeAdapter } from "../peft";
import { ready } from "../tfjs-graph";

function refuse({ trial }: TrialRun, why: string, remedy: string): never {
  throw new Error(`${trial.system} cannot be exported: ${why}; ${remedy}`);
}

/** The weights that a run has trained. @throws if it diverged, or came without them */
function trainedWeights(run: TrialRun): Weights {
  const { result, folder, trial } = run,
    without = (why: string) => new Error(`${trial.system} has no trained weights: ${why}`);
  if (result.diverged !== undefined) throw without("its training diverged; lower the learning rate");
  const trained = join(folder, "trained.safetensors");
  if (!existsSync(trained))
    throw without(
      `${trained} is missing; bring it along from where the run was made, or train it again with fresh: true`,
    );
  return readSafetensors(trained);
}

/** @throws if a run has no counterpart in transformers */
function checkCounterpart(run: TrialRun): void {
  const { settings, model } = run.trial,
    { head, pooling } = settings;
  if (head !== "linear")
    refuse(run, `its head is ${head}, which transformers has not`, 'train with the head "linear"');
  const { poolings } = readConfig(join(model.folder, "config.json")).names;
  if (!poolings[pooling])
    refuse(
      run,
      `its pooling is ${pooling}, which transformers has not`,
      `train with the pooling ${Object.keys(poolings)
        .map((name) => `"${name}"`)
        .join(" or ")}`,
    );
}

/**
 * The network of a run with the weights of its best epoch; adapters are merged into the weights. What was
 * trained has the precision of half floats, as runs store it.
 * @throws if it diverged, or came without its weights
 */
export async function trainedModel(run: TrialRun): Promise<Model> {
  const { trial } = run,
    { settings } = trial;
  const { model } = await prepare({ ...trial, settings: { ...settings, freeze: "all" } }); // without adapters
  const scaling = settings.loraAlpha / settings.loraRank;
  return { ...model, weights: mergeAdapter(model.weights, { scaling, weights: trainedWeights(run) }) };
}

/**
 * Writes the model of a run, its best epoch, as AutoModelForSequenceClassification.from_pretrained reads it,
 * with the names of the classes; adapters are merged into the weights. What was trained has the precision of
 * half floats, as runs store it.
 * @param folder is made; holds config.json, the tokenizer's files and model.safetensors (float32) afterwards;
 *   transformers 4 and 5 read the same from them, pairs too
 * @throws if the run has no counterpart in transformers (a head of three layers, a pooling that its
 *   classifier has not, doc2vec), diverged, or came without its weights
 */
export async function exportRun(run: TrialRun, folder: string): Promise<void> {
  checkCounterpart(run);
  const { weights } = await trainedModel(run);
  const { settings, classes, model: source } = run.trial,
    { pooling } = settings;
  const { encoder } = readEncoder(join(source.folder, "config.json"));
  savePretrained(folder, { encoder, weights, tokenizerFrom: source.folder, labels: classes, pooling });
}

interface OnnxOptions {
  /** f32, and int8 for what is fast or small, unless others are asked for. */
  readonly precisions?: readonly Precision[];
}

/**
 * Writes the model of a run, its best epoch, as ONNX, with any head and pooling, for onnxruntime and
 * transformers.js: docs/own-data.md says how it is run. In f16 the weights are half floats, while all is
 * computed in float32; in int8 the table of words has a scale for each word, a map one for each output, and
 * what a map reads is rounded as it comes.
 * @param folder is made; holds config.json, the tokenizer's files and onnx/model.onnx (f32),
 *   onnx/model_fp16.onnx (f16) and onnx/model_quantized.onnx (int8) afterwards
 * @returns what transformers.js makes the run's ids of: "texts", "words" between spaces (of MeCab's it knows
 *   nothing), or "ids" alone
 * @throws if the run has no encoder (doc2vec, an LSTM), diverged, or came without its weights; on wasm
 */
export async function exportOnnx(
  run: TrialRun,
  folder: string,
  { precisions = ["f32", "int8"] }: OnnxOptions = {},
): Promise<Readable> {
  const { classes, model: source } = run.trial;
  if (!isEncoder(source.folder))
    refuse(run, "it has no encoder", "ONNX is written of BERT and its kin alone");
  await ready();
  const { weights, layers } = await trainedModel(run);
  const { encoder } = readEncoder(join(source.folder, "config.json"));
  describePretrained(folder, { encoder, tokenizerFrom: source.folder, labels: classes });
  return writeOnnxFolder(
    folder,
    { weights, outputs: (context) => applyLayers(layers, null, context) },
    { classes, precisions, longest: encoder.config.maxPositions },
  );
}

/**
 * Writes the adapter of a run of the freeze mode lora, and its head, as Python's PEFT reads them.
 * @param folder is made; holds adapter_config.json and adapter_model.safetensors afterwards
 * @throws as exportRun; if the run has no adapter, or does not begin with its model's own weights
 */
export function exportAdapter(run: TrialRun, folder: string): void {
  const { settings, model } = run.trial,
    { loraRank: rank, loraAlpha: alpha, loraTargets: targets } = settings;
  if (settings.freeze !== "lora")
    refuse(run, `it has no adapter, being trained with the freeze mode ${settings.freeze}`, "use exportRun");
  if (!settings.pretrained || settings.segments === "alike")
    refuse(run, `its adapter does not stand on the weights of ${model.folder}`, "use exportRun");
  checkCounterpart(run);
  writeAdapter(folder, { rank, alpha, targets, weights: trainedWeights(run), base: model.folder });
}
