/** The probabilities that a run gave its test items, wherever its folder has them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJsonLines } from "../support/files";
import type { ClassificationResult } from "./spec";

/**
 * A result with its probabilities: runs of before have them in predictions.jsonl, beside what result.json
 * holds anyway. None are known where training diverged, and of runs that came without them.
 * @param folder the run's
 * @throws if predictions.jsonl is damaged, or is of other items
 */
export function withProbabilities<R extends Partial<ClassificationResult>>(folder: string, result: R): R {
  const path = join(folder, "predictions.jsonl");
  if (result.probabilities || !existsSync(path)) return result;
  try {
    const lines = readJsonLines<{ readonly id: string; readonly probabilities: readonly number[] }>(path);
    const { items = [] } = result;
    if (lines.length !== items.length || lines.some(({ id }, i) => id !== items[i]))
      throw new Error("its items are not those of result.json");
    return { ...result, probabilities: lines.map(({ probabilities }) => probabilities) };
  } catch (error) {
    throw new Error(
      `${path} is damaged (${(error as Error).message}): delete it, which loses the run's probabilities alone`,
    );
  }
}
