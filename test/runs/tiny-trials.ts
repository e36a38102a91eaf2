/** Short runs of a tiny model on 40 sentences, all with different seeds. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CLASSIFICATION_DEFAULTS, type ClassificationSettings, type Trial } from "../../lib/runs/classification";
import { storeDataset } from "../../lib/runs/dataset";
import { chooseModel } from "../../lib/runs/trials";
import { writeTinyModel } from "./tiny-model";

const indices = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** Makes the model in folder/model and the data set among the runs; KOMALAB_RUNS must be set. */
export async function tinyTrials(folder: string, count: number, settings: Partial<ClassificationSettings> = {}): Promise<Trial[]> {
  const examples = Array.from({ length: 40 }, (_, i) => ({ id: `t${i}`, text: i % 2 === 0 ? "とても良い" : "ひどく悪い", label: (i + 1) % 2 }));
  mkdirSync(join(folder, "model"), { recursive: true });
  writeTinyModel(join(folder, "model"), examples.map(({ text }) => text));
  const dataset = storeDataset(examples), model = await chooseModel(join(folder, "model"));
  return Array.from({ length: count }, (_, i) => ({
    experiment: "test", system: "last + linear", testSet: "test", classes: ["悪い", "良い"], dataset, model,
    split: { name: "fixed", train: indices(0, 24), validation: indices(24, 32), test: indices(32, 40) },
    settings: { ...CLASSIFICATION_DEFAULTS, freeze: "last", epochs: 3, rate: 1e-2, batchSize: 8, ...settings, initSeed: i + 1, orderSeed: i + 1 },
  }));
}
