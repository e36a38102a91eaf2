/** What runs cost, before they are trained: in work, from which the time left is reckoned, and on disk. */
import { existsSync, readdirSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { runsFolder } from "./run";
import type { Trial } from "./spec";

/** An epoch in epochs of all layers: measured with the built-in model on 614 manga lines. */
const EPOCH: Readonly<Record<string, number>> = { all: 1, bias: 0.65, lora: 0.5, last: 0.3, fixed: 0.01 };
/** What is frozen below is computed once. */
const FEATURES = 0.3;

/** The work of a run, in texts that pass all layers forward and back. */
export function workOf({ settings: { freeze, epochs }, split: { train } }: Trial): number {
  const epoch = EPOCH[freeze.split(" ")[0]]; // "last 2"
  return train.length * (epochs * epoch + (epoch < 0.5 ? FEATURES : 0));
}

/** What a run with all layers stores, which is as much as the model; other modes store less. */
export function bytesOf({ settings, model: { folder }, keepWeights = true }: Trial): number {
  if (!keepWeights || settings.freeze !== "all") return 0;
  const files = readdirSync(folder),
    named = (end: string) => files.filter((name) => name.endsWith(end));
  const weights = named(".safetensors").length > 0 ? named(".safetensors") : named(".bin");
  return weights.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** Of the disk on which runs are stored. */
function freeBytes(folder = runsFolder()): number {
  if (!existsSync(folder)) return freeBytes(dirname(folder));
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

export const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/**
 * @param stored bytesOf() each run
 * @throws if the weights that runs would store are more than the disk has room for, with the remedies
 */
export function checkDisk(stored: readonly number[], free = freeBytes()): void {
  const bytes = stored.reduce((sum, one) => sum + one, 0);
  if (bytes > free)
    throw new Error(
      `${stored.length} runs would store ${gigabytes(bytes)} of trained weights in ${runsFolder()}, whose disk has ${gigabytes(free)} free: keepWeights: false stores none, KOMALAB_RUNS names another folder, \`npm run runs -- remove\` makes room`,
    );
}
