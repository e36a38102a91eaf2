/**
 * A BERT checkpoint: a folder as Hugging Face's from_pretrained reads and save_pretrained writes it, with
 * config.json, vocab.txt, tokenizer_config.json and model.safetensors or pytorch_model.bin.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeBeside } from "../files";
import type { Weights } from "../tensor/array";
import { type BertConfig, configJson, readConfig } from "./config";
import type { Model } from "./model";
import { readPyTorch } from "./pytorch";
import { readSafetensors, writeSafetensors } from "./safetensors";

export interface Checkpoint {
  readonly folder: string;
  /** The file that holds the weights. */
  readonly file: string;
  readonly config: BertConfig;
  /** Every tensor of the file under its name in BertForSequenceClassification. */
  readonly weights: Weights;
}

/** Numbers 0, 1, 2 … that old versions of transformers stored beside the weights. */
const BUFFER = /(^|\.)position_ids$/;

/**
 * Today's name of a tensor: with the prefix `bert.` (BertModel saves without), weight and bias for
 * TensorFlow's gamma and beta.
 */
export function currentName(name: string): string {
  const prefixed = /^(embeddings|encoder|pooler)\./.test(name) ? `bert.${name}` : name;
  return prefixed
    .replace(/\.LayerNorm\.gamma$/, ".LayerNorm.weight")
    .replace(/\.LayerNorm\.beta$/, ".LayerNorm.bias");
}

/**
 * Opens a Hugging Face folder, safetensors before pytorch_model.bin.
 * @throws if a file is missing or damaged, or the model is not a BERT encoder
 */
export function openCheckpoint(folder: string): Checkpoint {
  const config = readConfig(join(folder, "config.json"));
  const file = ["model.safetensors", "pytorch_model.bin"].map((name) => join(folder, name)).find(existsSync);
  if (file === undefined) {
    const shards = existsSync(join(folder, "model.safetensors.index.json"));
    throw new Error(
      `${folder} holds neither model.safetensors nor pytorch_model.bin` +
        (shards
          ? ", but a model in several parts: load it in Python and save it with max_shard_size larger than the model"
          : ""),
    );
  }
  const stored = file.endsWith(".bin") ? readPyTorch(file) : readSafetensors(file);
  const weights: Record<string, Weights[string]> = {};
  for (const [name, tensor] of Object.entries(stored)) {
    if (BUFFER.test(name)) continue;
    const current = currentName(name);
    if (current in weights) throw new Error(`${file}: tensor ${name} is stored twice, also as ${current}`);
    weights[current] = tensor;
  }
  return { folder, file, config, weights };
}

export interface Filled {
  readonly model: Model;
  /** Parameters that the checkpoint does not have: they keep their random values and are to be trained. */
  readonly missing: readonly string[];
  /** Tensors of the checkpoint that the model has no use for, for instance the masked-word head. */
  readonly leftOver: readonly string[];
}

/**
 * Puts a checkpoint's weights into a model.
 * @throws if a tensor has another shape than the model's parameter, or a part of the encoder below the pooler
 *   is missing
 */
export function fill(model: Model, { file, weights: stored }: Checkpoint): Filled {
  const missing = Object.keys(model.weights).filter((name) => !(name in stored));
  const hole = missing.find((name) => name.startsWith("bert.") && !name.startsWith("bert.pooler."));
  if (hole !== undefined) {
    const some = Object.keys(stored).slice(0, 3).join(", ");
    throw new Error(
      `${file} has no tensor ${hole}: it is not the BERT that config.json describes. Its first tensors are ${some}`,
    );
  }
  const weights = Object.entries(model.weights).map(([name, initial]) => {
    const tensor = stored[name] ?? initial;
    if (tensor.shape.join() !== initial.shape.join()) {
      const [has, needs] = [tensor.shape, initial.shape].map((shape) => `[${shape.join(", ")}]`);
      throw new Error(`${file}: tensor ${name} has shape ${has}, the model needs ${needs}`);
    }
    return [name, tensor] as const;
  });
  const leftOver = Object.keys(stored).filter((name) => !(name in model.weights));
  return { model: { ...model, weights: Object.fromEntries(weights) }, missing, leftOver };
}

export interface SaveOptions {
  readonly config: BertConfig;
  readonly weights: Weights;
  /** f32 keeps every bit, f16 halves the file. */
  readonly type?: "f32" | "f16";
  /** The folder whose vocab.txt and tokenizer_config.json go along. */
  readonly tokenizerFrom: string;
  /** For config.json: transformers' class, and names of the classes if there are any. */
  readonly architecture?: string;
  readonly labels?: readonly string[];
}

/**
 * Writes a folder that transformers' from_pretrained reads; the weights last, each file beside and renamed.
 */
export function saveCheckpoint(
  folder: string,
  { config, weights, type = "f32", tokenizerFrom, architecture, labels }: SaveOptions,
): void {
  const named = labels && {
    id2label: Object.fromEntries(labels.map((label, i) => [i, label])),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
  };
  for (const name of ["vocab.txt", "tokenizer_config.json"]) {
    writeBeside(join(folder, name), readFileSync(join(tokenizerFrom, name)));
  }
  const architectures = [architecture ?? (labels ? "BertForSequenceClassification" : "BertModel")];
  writeBeside(join(folder, "config.json"), configJson(config, { architectures, ...named }));
  writeSafetensors(join(folder, "model.safetensors"), weights, type);
}
