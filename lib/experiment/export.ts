/** A fine-tuned run as a Hugging Face folder, for Python's transformers or for another run to begin with. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors } from "../../packages/hf-files";
import { isAdapter, mergeAdapter, writeAdapter } from "../../packages/peft";
import { loadPretrained, savePretrained } from "../models/pretrained";
import { readConfig } from "../models/registry";
import type { Weights } from "../support/host-array";
import { prepare } from "./prepare";
import type { TrialRun } from "./spec";

function refuse({ trial }: TrialRun, why: string, remedy: string): never {
  throw new Error(`${trial.system} cannot be saved for transformers: ${why}; ${remedy}`);
}

/**
 * The weights that a run has trained.
 * @throws if the run has no counterpart in transformers, diverged, or came without them
 */
function trainedWeights(run: TrialRun): Weights {
  const { trial, result, folder } = run,
    { head, pooling } = trial.settings;
  if (head !== "linear") refuse(run, `its head is ${head}`, 'train with the head "linear"');
  const { poolings } = readConfig(join(trial.model.folder, "config.json")).names;
  if (!poolings[pooling])
    refuse(
      run,
      `its pooling is ${pooling}`,
      `train with the pooling ${Object.keys(poolings)
        .map((name) => `"${name}"`)
        .join(" or ")}`,
    );
  if (result.diverged !== undefined) refuse(run, "its training diverged", "lower the learning rate");
  const trained = join(folder, "trained.safetensors");
  if (!existsSync(trained))
    refuse(
      run,
      `${trained} is missing`,
      "bring it along from where the run was made, or train it again with fresh: true",
    );
  return readSafetensors(trained);
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
  const trained = trainedWeights(run),
    { settings, classes, model: source } = run.trial;
  const { encoder } = loadPretrained(source.folder);
  const { model } = await prepare(run.trial);
  const plain = Object.entries(model.weights).filter(([name]) => !isAdapter(name));
  const scaling = settings.loraAlpha / settings.loraRank;
  const weights = mergeAdapter(Object.fromEntries(plain), { scaling, weights: trained });
  const { pooling } = settings;
  savePretrained(folder, { encoder, weights, tokenizerFrom: source.folder, labels: classes, pooling });
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
  writeAdapter(folder, { rank, alpha, targets, weights: trainedWeights(run), base: model.folder });
}
