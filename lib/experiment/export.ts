/** A fine-tuned run as a Hugging Face folder, for Python's transformers or for another run to begin with. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors } from "../../packages/hf-files";
import { loadPretrained, savePretrained } from "../models/pretrained";
import { prepare } from "./prepare";
import type { TrialRun } from "./spec";

/**
 * Writes the model of a run, its best epoch, as BertForSequenceClassification.from_pretrained reads it, with
 * the names of the classes. What was trained has the precision of half floats, as runs store it.
 * @param folder is made; holds config.json, the tokenizer's files and model.safetensors (float32) afterwards;
 *   transformers 4 and 5 read the same from them, pairs too
 * @throws if the run has no counterpart in transformers (a head of three layers, mean pooling, doc2vec),
 *   diverged, or came without its weights
 */
export async function exportRun({ trial, result, folder: stored }: TrialRun, folder: string): Promise<void> {
  const {
    settings: { head, pooling },
    classes,
    model: { folder: base },
    system,
  } = trial;
  const refuse = (why: string, remedy: string) => {
    throw new Error(`${system} cannot be saved for transformers: ${why}; ${remedy}`);
  };
  if (head !== "linear") refuse(`its head is ${head}`, 'train with the head "linear"');
  if (pooling !== "cls") refuse(`its pooling is ${pooling}`, 'train with the pooling "cls"');
  if (result.diverged !== undefined) refuse("its training diverged", "lower the learning rate");
  const trained = join(stored, "trained.safetensors");
  if (!existsSync(trained))
    refuse(
      `${trained} is missing`,
      "bring it along from where the run was made, or train it again with fresh: true",
    );
  const { encoder } = loadPretrained(base);
  const { model } = await prepare(trial);
  const weights = { ...model.weights, ...readSafetensors(trained) };
  savePretrained(folder, { encoder, weights, tokenizerFrom: base, labels: classes });
}
