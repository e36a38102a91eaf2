/** A task of 40 sentences for a tiny model, and a search on it that takes seconds. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chooseModel } from "../../../lib/experiment/trials";
import type { Task } from "../../../lib/study/task";
import { writeTinyModel } from "../../../test/experiment/tiny-model";
import { EXAMPLES, indices } from "../../../test/experiment/tiny-trials";
import { openTokenizer } from "../../tokenizer";
import type { Search } from "..";

/** @param folder the model is made in it where it is not there yet */
export async function tinyTask(folder: string): Promise<Task> {
  const place = join(folder, "model");
  mkdirSync(place, { recursive: true });
  writeTinyModel(
    place,
    EXAMPLES.map(({ text }) => text),
  );
  return {
    items: EXAMPLES.map(({ id, text }) => ({ id, text })),
    labels: EXAMPLES.map(({ label }) => label),
    classes: ["悪い", "良い"],
    splits: [{ name: "test", train: indices(0, 24), validation: indices(24, 32), test: indices(32, 40) }],
    model: await chooseModel(place),
    tokenizer: await openTokenizer(place),
    ...{ maxLength: 40, tooLong: 0 },
  };
}

/** 4 candidates with 1 seed, 2 of them with 2 more: 8 runs. */
export const SEARCH: Search = {
  name: "search",
  candidates: { learningRate: [1e-5, 1e-2], epochs: [4, 12] },
  settings: { freeze: "last", batchSize: 8 },
  seeds: [1, 3],
  keep: 0.5,
  metric: "accuracy",
  processes: 1, // a second one starts longer than it trains
};
