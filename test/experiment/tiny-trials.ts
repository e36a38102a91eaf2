/** Short runs of a tiny model on 40 sentences, all with different seeds. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { storeDataset } from "../../lib/experiment/dataset";
import { CLASSIFICATION_DEFAULTS, type ClassificationSettings, type Trial } from "../../lib/experiment/spec";
import { chooseModel } from "../../lib/experiment/trials";
import { writeTinyModel } from "./tiny-model";

export const indices = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

export const EXAMPLES = Array.from({ length: 40 }, (_, i) => ({
  id: `t${i}`,
  text: i % 2 === 0 ? "とても良い" : "ひどく悪い",
  label: (i + 1) % 2,
}));

/** A folder for a file of tests: runs and caches are kept in it, and it is removed after them. */
export function runsFolder(name = "komalab-runs-"): string {
  const folder = mkdtempSync(join(tmpdir(), name));
  process.env.KOMALAB_RUNS = join(folder, "runs");
  process.env.KOMALAB_CACHE = join(folder, "cache");
  after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Makes the model in folder/model and the data set among the runs; `folder` is that of runsFolder(). */
export async function tinyTrials(
  folder: string,
  count: number,
  settings: Partial<ClassificationSettings> = {},
): Promise<Trial[]> {
  mkdirSync(join(folder, "model"), { recursive: true });
  writeTinyModel(
    join(folder, "model"),
    EXAMPLES.map(({ text }) => text),
  );
  const dataset = storeDataset(EXAMPLES),
    { folder: place, sha256 } = await chooseModel(join(folder, "model"));
  return Array.from({ length: count }, (_, i) => ({
    experiment: "test",
    system: "last + linear",
    testSet: "test",
    classes: ["悪い", "良い"],
    dataset,
    model: { folder: place, sha256 },
    split: { name: "fixed", train: indices(0, 24), validation: indices(24, 32), test: indices(32, 40) },
    settings: {
      ...CLASSIFICATION_DEFAULTS,
      freeze: "last",
      epochs: 3,
      learningRate: 1e-2,
      batchSize: 8,
      maxLength: 40, // as many positions as the tiny model has
      ...settings,
      initSeed: i + 1,
      orderSeed: i + 1,
    },
  }));
}
