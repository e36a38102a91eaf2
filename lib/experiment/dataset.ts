/**
 * What is classified: texts with class numbers, stored once under their hash, so that runs in other processes
 * can read them.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isObject, type Json } from "../../packages/hf-files";
import type { Split } from "../data/split";
import { canonicalJson, readJson, readJsonLines, sha256, writeBeside } from "../support/files";
import { shown } from "../support/printable";
import { runsFolder } from "./run";

export interface Example {
  readonly id: string;
  readonly text: string;
  /** Texts before it, the oldest first, that are read with it (data/context.ts). */
  readonly context?: readonly string[];
  /** The class, from 0. */
  readonly label: number;
  /** A teacher's, [C]. */
  readonly logits?: readonly number[];
}

export interface StoredDataset {
  readonly path: string;
  readonly sha256: string;
}

const place = (hash: string, ending: string) =>
  join(runsFolder(), "datasets", `${hash.slice(0, 12)}.${ending}`);

/** Where the data set with this hash is stored, if it is. */
export const datasetPath = (hash: string): string => place(hash, "jsonl");

/** Stores examples as runs/datasets/<hash>.jsonl. @throws if an id occurs twice */
export function storeDataset(examples: readonly Example[]): StoredDataset {
  const seen = new Set<string>();
  for (const { id } of examples) {
    if (seen.has(id))
      throw new Error(`two examples have the id ${id}: ids name a text in predictions and must differ`);
    seen.add(id);
  }
  const lines = examples
    .map(
      ({ id, text, context, label, logits }) =>
        `${JSON.stringify({ id, text, ...(context?.length && { context }), label, logits })}\n`,
    )
    .join("");
  const hash = sha256(lines),
    path = datasetPath(hash);
  if (!existsSync(path)) writeBeside(path, lines);
  return { path, sha256: hash };
}

const isExample = (value: unknown): value is Example => {
  const { id, text, context = [], label, logits = [] } = (isObject(value) ? value : {}) as Json;
  return (
    [id, text].every((one) => typeof one === "string") &&
    Array.isArray(logits) &&
    Array.isArray(context) &&
    context.every((one) => typeof one === "string") &&
    Number.isInteger(label)
  );
};

/** The examples of a stored data set, in their order. @throws if its file is not there, or a row is none */
export function loadDataset({ path }: StoredDataset): Example[] {
  const rows = readJsonLines<Example>(path),
    wrong = rows.findIndex((row) => !isExample(row));
  if (wrong < 0) return rows;
  throw new Error(
    `${path}: row ${wrong + 1} is ${shown(rows[wrong])}, no text with an id and a label: copy it again`,
  );
}

/** The hash of which items are trained on, validated and tested. */
export function hashOfSplit({ train, validation, test }: Split): string {
  return sha256(canonicalJson({ train, validation, test }));
}

/** Stores a split beside the data sets, so that a stored run can be made again. */
export function storeSplit(split: Split): void {
  const path = place(hashOfSplit(split), "split.json");
  if (!existsSync(path)) writeBeside(path, `${JSON.stringify(split)}\n`);
}

/** The split with this hash, or undefined if it is not stored here. */
export function loadSplit(hash: string): Split | undefined {
  return readJson<Split>(place(hash, "split.json"));
}
