/**
 * A pre-trained model: a folder as Hugging Face's from_pretrained reads and save_pretrained writes it, with
 * config.json, the tokenizer's files and model.safetensors or pytorch_model.bin, whole or in parts.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  modelFolder,
  readPyTorch,
  readSafetensors,
  type Shards,
  shardsOf,
  WEIGHT_FILES,
  writeSafetensors,
} from "../../packages/hf-files";
import { mergeAdapter, readAdapter } from "../../packages/peft";
import { copyTokenizer, withUserDictionary } from "../../packages/tokenizer";
import { writeBeside } from "../support/files";
import type { Weights } from "../support/host-array";
import { brief } from "../support/printable";
import type { Encoder, EncoderNames } from "./encoder";
import { readEncoder } from "./encoders";
import type { Model } from "./model";
import type { Pooling } from "./poolings";
import { MODEL_FILES } from "./registry";

export interface PretrainedModel {
  readonly folder: string;
  /** The file that holds the weights, or the index of its parts. */
  readonly file: string;
  /** The files that hold the weights. */
  readonly files: readonly string[];
  readonly encoder: Encoder;
  /** The names of the classes, if config.json has any. */
  readonly labels?: readonly string[];
  /** Every tensor of the file under its name of today. */
  readonly weights: Weights;
}

/** What PyTorch's DataParallel and sentence-transformers write before every name. */
const WRAPPED = /^(module\.|0\.auto_model\.)+/;

/** The tensors of a file, or of the parts of an index. @throws if a part, or a tensor in it, is missing */
function readWeights(file: string, { files, places }: Shards): Weights {
  const stored = new Map(
    files.map((part) => {
      if (!existsSync(part)) throw new Error(`${part} is missing, which ${file} names: copy it there too`);
      return [part, part.endsWith(".bin") ? readPyTorch(part) : readSafetensors(part)] as const;
    }),
  );
  for (const [tensor, part] of places ?? [])
    if (!Object.hasOwn(stored.get(part)!, tensor))
      throw new Error(`${part} has no tensor ${brief(tensor)}, which ${file} puts there: copy both again`);
  return Object.assign({}, ...stored.values()) as Weights;
}

const shown = (shape: readonly number[]) => `[${brief(shape.join(", "))}]`;

/**
 * Whether the weights are those of the encoder that config.json describes; a pooler may be missing.
 * @throws with the file, the tensor, and what config.json says of it
 */
function checkEncoder({ folder, file, encoder: { names, shapes, config }, weights }: PretrainedModel): void {
  for (const [name, shape] of Object.entries(shapes)) {
    const tensor = weights[name];
    if (tensor === undefined && name.startsWith(names.pooler)) continue;
    if (tensor === undefined) {
      const some = Object.keys(weights).slice(0, 3).map(brief).join(", ");
      throw new Error(
        `${file} has no tensor ${name}: it is not the ${names.title} that config.json describes. Its first tensors are ${some}`,
      );
    }
    if (tensor.shape.join() !== shape.join())
      throw new Error(
        `${file}: tensor ${name} has shape ${shown(tensor.shape)}, but by config.json ${shown(shape)}: they are not of one model, copy both again`,
      );
  }
  const more = Object.keys(weights).find(
    (name) => name.startsWith(names.prefix) && !Object.hasOwn(shapes, name),
  );
  if (more !== undefined)
    throw new Error(
      `${file}: tensor ${brief(more)} is no part of the ${names.title} that ${join(folder, "config.json")} describes, of ${config.layers} layers: it would be left out`,
    );
}

/**
 * The folder of a model: `model` itself if it is a folder, else what the hub has under this name, fetched on
 * first use; with the user's own words where KOMALAB_USER_DICTIONARY names some.
 * @throws as modelFolder of packages/hf-files and withUserDictionary of packages/tokenizer
 */
export const pretrainedFolder = async (model: string): Promise<string> =>
  withUserDictionary(await modelFolder(model, MODEL_FILES));

/**
 * Opens a Hugging Face folder, safetensors before pytorch_model.bin.
 * @throws if a file is missing or damaged, the model is no encoder of the registry, or its weights are not
 *   those that config.json describes
 */
export function loadPretrained(folder: string): PretrainedModel {
  const { encoder, labels } = readEncoder(join(folder, "config.json"));
  const file = WEIGHT_FILES.map((name) => join(folder, name)).find(existsSync);
  if (file === undefined)
    throw new Error(`${folder} holds neither model.safetensors nor pytorch_model.bin, nor an index of parts`);
  const shards = shardsOf(file),
    weights: Record<string, Weights[string]> = {};
  for (const [name, tensor] of Object.entries(readWeights(file, shards))) {
    const current = encoder.names.parameter(name.replace(WRAPPED, ""));
    if (current === undefined) continue;
    if (Object.hasOwn(weights, current))
      throw new Error(`${file}: tensor ${brief(name)} is stored twice, also as ${brief(current)}`);
    weights[current] = tensor;
  }
  const pretrained = { folder, file, files: shards.files, encoder, labels, weights };
  checkEncoder(pretrained);
  return pretrained;
}

/** An embedding may have rows to spare: Megatron makes it a multiple of 128 for each of up to 8 GPUs. */
const SPARE = 1024;

/**
 * Whether every token has a row in the embedding, and the embedding hardly more rows than there are tokens.
 * @param pieces the names of the tokens, by id
 * @throws with the folder, both numbers, and what to do
 */
export function checkVocabulary({ folder, encoder }: PretrainedModel, pieces: readonly string[]): void {
  const { vocabularySize: rows } = encoder.config;
  if (pieces.length > rows)
    throw new Error(
      `${folder}: its tokens have ids up to ${pieces.length - 1} ("${pieces[pieces.length - 1]}"), but its embedding has ${rows} rows ` +
        "(vocab_size of config.json): vocab.txt and added tokens are not this model's, or model.resize_token_embeddings(len(tokenizer)) " +
        "was left out in Python; do it there, train, and save both",
    );
  if (pieces.length <= rows - SPARE)
    throw new Error(
      `${folder}: vocab.txt and added tokens have ${pieces.length} tokens, but the embedding ${rows} rows: the vocabulary is cut off, or another model's; copy it again`,
    );
}

/** The classes that the own head of a pre-trained model tells apart. */
export interface Brought {
  readonly classes: number;
  readonly labels?: readonly string[];
}

/** The linear head that a pre-trained model brings, if it does. */
export function headOf({ weights, labels, encoder }: PretrainedModel): Brought | undefined {
  const head = weights[`${encoder.names.classifier}.weight`];
  return head && { classes: head.shape[0], labels };
}

/**
 * Whether a head that a pre-trained model brings can begin a task.
 * @throws if it is for another number of classes, or for others by name, with the folder, both and the remedy
 */
export function checkHead(folder: string, { classes, labels }: Brought, wanted: readonly string[]): void {
  const named = labels?.length === classes ? ` (${labels.join(", ")})` : "";
  if (classes === wanted.length && (named === "" || labels!.every((label, i) => label === wanted[i]))) return;
  throw new Error(
    `${folder} brings a head for ${classes} classes${named}, but the task has ${wanted.length} (${wanted.join(", ")}): ` +
      "newHead: true in the settings takes its encoder with a new head; where the classes are the same, name them so in id2label of its config.json",
  );
}

/**
 * A pre-trained model with an adapter that PEFT saved merged into its weights, and the head that comes with
 * it.
 * @throws as readAdapter; if the adapter is of another model
 */
export function withAdapter(pretrained: PretrainedModel, folder: string): PretrainedModel {
  const { scaling, weights } = readAdapter(folder);
  const current = Object.entries(weights).map(
    ([name, tensor]) => [pretrained.encoder.names.parameter(name) ?? name, tensor] as const,
  );
  const merged = mergeAdapter(pretrained.weights, { scaling, weights: Object.fromEntries(current) });
  return { ...pretrained, weights: merged };
}

/** A pre-trained model without its head: a new one is filled into no model. */
export function withoutHead(pretrained: PretrainedModel): PretrainedModel {
  const head = `${pretrained.encoder.names.classifier}.`;
  const kept = Object.entries(pretrained.weights).filter(([name]) => !name.startsWith(head));
  return { ...pretrained, weights: Object.fromEntries(kept) };
}

interface Filled {
  readonly model: Model;
  /** Parameters that the pre-trained model lacks: they keep their random values and are to be trained. */
  readonly missing: readonly string[];
  /** Tensors of the pre-trained model that the model has no use for, for instance the masked-word head. */
  readonly leftOver: readonly string[];
}

/**
 * Puts a pre-trained model's weights into a model.
 * @throws if a tensor has another shape than the model's parameter
 */
export function fill(model: Model, { file, weights: stored }: PretrainedModel): Filled {
  const missing = Object.keys(model.weights).filter((name) => !Object.hasOwn(stored, name));
  const weights = Object.entries(model.weights).map(([name, initial]) => {
    const tensor = stored[name] ?? initial;
    if (tensor.shape.join() !== initial.shape.join())
      throw new Error(
        `${file}: tensor ${name} has shape ${shown(tensor.shape)}, the model needs ${shown(initial.shape)}`,
      );
    return [name, tensor] as const;
  });
  const leftOver = Object.keys(stored).filter((name) => !Object.hasOwn(model.weights, name));
  return { model: { ...model, weights: Object.fromEntries(weights) }, missing, leftOver };
}

/**
 * The model with segment 0's embedding in all segments: for an encoder whose pre-training saw no pairs of
 * texts, so that its other segments are still random. Training may tell them apart again. A model without
 * embeddings of segments stays as it is.
 */
export function segmentsAlike(model: Model, { segmentEmbeddings: name }: EncoderNames): Model {
  if (name === undefined) return model;
  const { shape, data } = model.weights[name],
    [segments, hidden] = shape;
  const first = Array.from(data.subarray(0, hidden));
  const alike = { shape, data: Float32Array.from(Array.from({ length: segments }, () => first).flat()) };
  return { ...model, weights: { ...model.weights, [name]: alike } };
}

interface DescribeOptions {
  readonly encoder: Encoder;
  /** The folder whose tokenizer goes along. */
  readonly tokenizerFrom: string;
  /** For config.json: transformers' class, and names of the classes if there are any. */
  readonly architecture?: string;
  readonly labels?: readonly string[];
  /** Of a classifier; the encoder's own if left out. */
  readonly pooling?: Pooling;
}

interface SaveOptions extends DescribeOptions {
  readonly weights: Weights;
  /** f32 keeps every bit, f16 halves the file. */
  readonly type?: "f32" | "f16";
}

/** Writes what a model's folder holds beside its weights: config.json and the tokenizer. */
export function describePretrained(
  folder: string,
  { encoder, tokenizerFrom, architecture, labels, pooling }: DescribeOptions,
): void {
  const named = labels && {
    id2label: Object.fromEntries(labels.map((label, i) => [i, label])),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
  };
  copyTokenizer(tokenizerFrom, folder);
  const usual = encoder.names.architectures[labels ? "classifier" : "encoder"];
  const architectures = [architecture ?? usual],
    said = pooling && encoder.names.poolings[pooling];
  writeBeside(join(folder, "config.json"), encoder.configJson({ architectures, ...named, ...said }));
}

/**
 * Writes a folder that transformers' from_pretrained reads; the weights last, each file beside and renamed.
 */
export function savePretrained(folder: string, { weights, type = "f32", ...described }: SaveOptions): void {
  describePretrained(folder, described);
  writeSafetensors(join(folder, "model.safetensors"), weights, type);
}
