/**
 * LoRA adapters as Hugging Face's PEFT saves them: adapter_config.json, and adapter_model.safetensors with
 * the adapters and the modules that were trained whole, as a classifier. Shapes: a map's weight [O, I], its
 * adapter A [r, I] and B [O, r].
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeBeside } from "../../lib/support/files";
import { type HostArray, sizeOf, type Weights } from "../../lib/support/host-array";
import { brief, shown } from "../../lib/support/printable";
import { type Json, readObject, readPyTorch, readSafetensors, writeSafetensors } from "../hf-files";

/** Before every name in a file: PEFT's wrapper and its base model. */
const PREFIX = "base_model.model.";
const CONFIG = "adapter_config.json";
const ADAPTER = /^(.+)\.lora_([AB])\.weight$/;

/** The names of A and B of a map. */
export const adapterOf = (map: string): readonly [string, string] => [
  `${map}.lora_A.weight`,
  `${map}.lora_B.weight`,
];

export const isAdapter = (parameter: string): boolean => ADAPTER.test(parameter);

export interface Adapter {
  /** What B A is multiplied by. */
  readonly scaling: number;
  /** A and B of every adapted map, and what was trained whole, by the names of the model's parameters. */
  readonly weights: Weights;
}

/** What else an adapter may say of itself changes what it computes; all of it may be left out. */
const READABLE: Readonly<Record<string, readonly string[]>> = {
  peft_type: ['"LORA"'],
  use_dora: ["false"],
  fan_in_fan_out: ["false"],
  rank_pattern: ["{}", "null"],
  alpha_pattern: ["{}", "null"],
  // others, as "pissa", change the weights beneath as well
  init_lora_weights: ["true", "false", '"gaussian"', '"eva"', '"orthogonal"'],
};

function scalingOf(config: Json, path: string): number {
  for (const [field, known] of Object.entries(READABLE)) {
    const value = shown(config[field]);
    if (config[field] !== undefined && !known.includes(value))
      throw new Error(
        `${path}: ${field} is ${value}, but readable is ${known[0]}: merge it in Python (merge_and_unload), and save the model`,
      );
  }
  const { r: rank, lora_alpha: alpha } = config;
  if (typeof rank !== "number" || typeof alpha !== "number")
    throw new Error(
      `${path}: r or lora_alpha is no number: it is no LoRA adapter, or damaged; copy it again`,
    );
  return alpha / (config.use_rslora === true ? Math.sqrt(rank) : rank);
}

/**
 * Reads an adapter's folder.
 * @throws if a file is missing or damaged, or the adapter is another thing than products of low rank and
 *   whole modules
 */
export function readAdapter(folder: string): Adapter {
  const path = join(folder, CONFIG),
    config = readObject(path),
    scaling = scalingOf(config, path);
  const [tensors, pickle] = ["adapter_model.safetensors", "adapter_model.bin"].map((name) =>
    join(folder, name),
  );
  const file = existsSync(tensors) || !existsSync(pickle) ? tensors : pickle;
  if (!existsSync(file)) throw new Error(`${file} is missing, which belongs to ${CONFIG}: copy it there too`);
  const whole = Array.isArray(config.modules_to_save) ? config.modules_to_save.map(String) : [];
  const stored = file === pickle ? readPyTorch(file) : readSafetensors(file);
  const weights = Object.entries(stored).map(([name, tensor]) => {
    const own = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
    if (!isAdapter(own) && !whole.some((module) => `.${own}`.includes(`.${module}.`)))
      throw new Error(
        `${file}: tensor ${brief(name)} is neither an adapter of a map nor of modules_to_save: merge it in Python (merge_and_unload), and save the model`,
      );
    return [own, tensor] as const;
  });
  return { scaling, weights: Object.fromEntries(weights) };
}

interface WriteOptions {
  readonly rank: number;
  readonly alpha: number;
  /** The ends of the adapted maps' names. */
  readonly targets: readonly string[];
  /** As Adapter has them. */
  readonly weights: Weights;
  /** The folder or the name of the model beneath, for PEFT to find it. */
  readonly base: string;
}

/** Writes the folder of a classifier's adapter, as PeftModel.from_pretrained(model, folder) reads it. */
export function writeAdapter(folder: string, { rank, alpha, targets, weights, base }: WriteOptions): void {
  const names = Object.keys(weights);
  // of a classifier of several maps PEFT saves all
  const whole = names
    .filter((name) => !isAdapter(name))
    .map((name) => /^classifier\b|^.*(?=\.)/.exec(name)![0]);
  const config = {
    peft_type: "LORA",
    task_type: "SEQ_CLS",
    base_model_name_or_path: base,
    inference_mode: true,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    target_modules: targets,
    modules_to_save: [...new Set(whole)],
    bias: "none",
  };
  writeBeside(join(folder, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
  writeSafetensors(
    join(folder, "adapter_model.safetensors"),
    Object.fromEntries(names.map((name) => [`${PREFIX}${name}`, weights[name]])),
  );
}

/** W + scaling · B A. */
function sum({ shape, data }: HostArray, a: HostArray, b: HostArray, scaling: number): HostArray {
  const [outputs, inputs] = shape,
    [rank] = a.shape;
  const merged = new Float32Array(sizeOf(shape));
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) {
      let product = 0;
      for (let r = 0; r < rank; r++) product += b.data[o * rank + r] * a.data[r * inputs + i];
      merged[o * inputs + i] = data[o * inputs + i] + scaling * product;
    }
  return { shape, data: merged };
}

/**
 * Weights with an adapter merged into them; what it holds whole takes the place of theirs.
 * @throws if a map that it adapts is not there, or of another size
 */
export function mergeAdapter(weights: Weights, { scaling, weights: own }: Adapter): Weights {
  const merged: Record<string, HostArray> = { ...weights };
  for (const [name, tensor] of Object.entries(own)) {
    const [, map, part] = ADAPTER.exec(name) ?? [];
    if (map === undefined) merged[name] = tensor;
    if (part !== "A") continue;
    const weight = weights[`${map}.weight`],
      b = own[adapterOf(map)[1]];
    const { shape: [rank, inputs] = [] } = tensor;
    if (!weight || !b || `${weight.shape}` !== `${[b.shape[0], inputs]}` || b.shape[1] !== rank)
      throw new Error(
        `the adapter of ${brief(map)} is of another model: its A is [${tensor.shape}], its B [${b?.shape ?? "missing"}], the weight [${weight?.shape ?? "missing"}]`,
      );
    merged[`${map}.weight`] = sum(weight, tensor, b, scaling);
  }
  return merged;
}
