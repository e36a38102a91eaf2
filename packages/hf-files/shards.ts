/** The files of a model's weights: one, or parts and an index that says which tensor stands in which. */

import { basename, dirname, join } from "node:path";
import { brief, shown } from "../../lib/support/printable";
import { isObject, readObject } from "./json";

/** What a folder may hold, in the order in which transformers looks. */
export const WEIGHT_FILES = [
  "model.safetensors",
  "model.safetensors.index.json",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
] as const;

const MOST_LETTERS = 255; // of a file's name

export interface Shards {
  /** The paths of the parts. */
  readonly files: readonly string[];
  /** The part of each tensor; undefined for a file that is whole. */
  readonly places?: ReadonlyMap<string, string>;
}

/**
 * The parts of an index, or a file of weights as it is.
 * @throws if an index is damaged, or names a part that is no file beside it
 */
export function shardsOf(path: string): Shards {
  if (!path.endsWith(".index.json")) return { files: [path] };
  const damaged = (what: string) => new Error(`${path}: ${what}; copy or download it again`);
  const { weight_map: map } = readObject(path);
  if (!isObject(map)) throw damaged("has no weight_map");
  const places = new Map<string, string>();
  for (const [tensor, part] of Object.entries(map)) {
    if (typeof part !== "string" || part === "" || part.length > MOST_LETTERS || basename(part) !== part)
      throw damaged(`weight_map puts ${brief(tensor)} into ${shown(part)}, which is no file beside it`);
    places.set(tensor, join(dirname(path), part));
  }
  if (places.size === 0) throw damaged("has no weight_map");
  return { files: [...new Set(places.values())], places };
}
