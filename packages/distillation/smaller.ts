/** Smaller encoders than a given one, as folders that a trial names as its model; each is made once. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chooseModel, type ModelChoice } from "../../lib/experiment/trials";
import type { Encoder } from "../../lib/models/encoder";
import { readEncoder } from "../../lib/models/encoders";
import { loadPretrained, savePretrained } from "../../lib/models/pretrained";
import { cacheFolder, canonicalJson, sha256, withLock, writeBeside } from "../../lib/support/files";
import type { Weights } from "../../lib/support/host-array";
import { Random } from "../../lib/support/random";
import { type Json, readObject } from "../hf-files";

/** What config.json calls them, of BERT and its kin and of DistilBERT. */
const FIELDS = {
  layers: ["num_hidden_layers", "n_layers"],
  hidden: ["hidden_size", "dim"],
  heads: ["num_attention_heads", "n_heads"],
  inner: ["intermediate_size", "hidden_dim"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
type Size = keyof typeof FIELDS;
type Sizes = Readonly<Partial<Record<Size, number>>>;

/** The name in this config.json. */
function fieldOf(json: Json, size: Size): string {
  const names: readonly string[] = FIELDS[size];
  return names.find((name) => name in json) ?? names[0];
}

const FILE = "model.safetensors";

async function smaller(
  model: string,
  sizesOf: (json: Json) => Sizes,
  weightsOf: (encoder: Encoder, pretrained: Weights) => Weights,
): Promise<ModelChoice> {
  const { folder: source, sha256: of } = await chooseModel(model),
    json = readObject(join(source, "config.json")),
    sizes = sizesOf(json);
  const name = sha256(canonicalJson({ of, sizes })).slice(0, 16),
    folder = join(cacheFolder(), "students", name);
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(join(folder, FILE))) return;
    const named = Object.entries(sizes).map(([size, value]) => [fieldOf(json, size as Size), value]);
    const path = join(folder, "config.json");
    writeBeside(path, JSON.stringify({ ...json, ...Object.fromEntries(named) }));
    const { encoder } = readEncoder(path),
      weights = weightsOf(encoder, loadPretrained(source).weights);
    savePretrained(folder, { encoder, weights, tokenizerFrom: source }); // the weights last: while they are missing, the folder is none
  });
  return chooseModel(folder);
}

/**
 * The first layers of a pre-trained encoder with its embeddings, as DistilBERT begins with a part of its
 * teacher's layers (Sanh et al. 2019).
 * @param model a folder, or a hub name
 * @throws if it has fewer, or as chooseModel
 */
export const fewerLayers = (model: string, layers: number): Promise<ModelChoice> =>
  smaller(
    model,
    (json) => {
      const all = Number(json[fieldOf(json, "layers")]);
      if (!Number.isInteger(layers) || layers < 1 || layers > all)
        throw new Error(`${model} has ${all} layers: a student can have 1 to ${all} of them, not ${layers}`);
      return { layers };
    },
    (encoder, pretrained) =>
      Object.fromEntries(
        Object.keys(encoder.shapes).flatMap((name) => (pretrained[name] ? [[name, pretrained[name]]] : [])),
      ),
  );

interface Narrow {
  readonly layers: number;
  /** H, a multiple of the heads. */
  readonly hidden: number;
  readonly heads: number;
}

/**
 * An encoder with the tokenizer of another one and random weights, its feed-forward maps as many times as
 * wide as the other's; a run with pretrained: false draws the weights by its own seed.
 * @param model a folder, or a hub name
 * @throws as chooseModel, or if it cannot be built so
 */
export const narrower = (model: string, { layers, hidden, heads }: Narrow): Promise<ModelChoice> =>
  smaller(
    model,
    (json) => {
      const [inner, width] = (["inner", "hidden"] as const).map((size) => Number(json[fieldOf(json, size)]));
      return { layers, hidden, heads, inner: Math.round((hidden * inner) / width) };
    },
    (encoder) => encoder.network(new Random(1)).weights,
  );
