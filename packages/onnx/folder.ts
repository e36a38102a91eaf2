/** A classifier in ONNX as a folder that transformers.js opens. */
import { join } from "node:path";
import { writeBeside } from "../../lib/support/files";
import { cardOf, FILE_NAMES } from "./card";
import { onnxModel, type TextNetwork } from "./model";
import { type Readable, writeTokenizerJson } from "./tokenizer-json";
import type { Precision } from "./weights";

interface FolderOptions {
  readonly classes: readonly string[];
  readonly precisions: readonly Precision[];
  /** The longest text in tokens. */
  readonly longest: number;
}

/**
 * Completes a folder that holds config.json and the tokenizer's files by onnx/model.onnx (f32),
 * model_fp16.onnx (f16) and model_quantized.onnx (int8), tokenizer.json where one can be written, and
 * README.md.
 * @returns what transformers.js makes komalab's ids of
 * @throws as onnxModel and openTokenizer
 */
export async function writeOnnxFolder(
  folder: string,
  network: TextNetwork,
  { classes, precisions, longest }: FolderOptions,
): Promise<Readable> {
  const readable = await writeTokenizerJson(folder, longest);
  for (const precision of precisions)
    writeBeside(join(folder, "onnx", FILE_NAMES[precision]), onnxModel(network, precision));
  writeBeside(join(folder, "README.md"), cardOf(classes, precisions, readable));
  return readable;
}
