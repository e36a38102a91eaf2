/** A tiny teacher on 40 short reviews of one's own, each different, and its task. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TrialRun } from "../../../lib/experiment/spec";
import { planTrials, runTrials } from "../../../lib/experiment/trials";
import { reviewTask, type Task } from "../../../lib/index";
import { planOf } from "../../../lib/study/experiment";
import { writeTinyModel } from "../../../test/experiment/tiny-model";

const [THINGS, GOOD, BAD] = [[..."本宿茶店靴傘鍋机棚灯"], ["良い", "とても良い"], ["悪い", "ひどく悪い"]];
export const TEXTS = THINGS.flatMap((thing) => [...GOOD, ...BAD].map((word) => `${thing}は${word}`));
const LABELS = TEXTS.map((text) => Number(text.endsWith("良い")));
/** Of which one is a text of the task. */
export const UNLABELLED = ["皿は良い", "皿は悪い", "皿はとても良い", TEXTS[0]];

export const SETTINGS = { epochs: 2, batchSize: 8, learningRate: 1e-2, pooling: "mean" } as const;

/** @param folder that of runsFolder() */
export async function smallTask(folder: string): Promise<Task> {
  const model = join(folder, "model"),
    path = join(folder, "reviews.tsv");
  mkdirSync(model, { recursive: true });
  writeTinyModel(model, [...TEXTS, ...UNLABELLED]);
  writeFileSync(
    path,
    ["text\tlabel", ...TEXTS.map((text, i) => `${text}\t${LABELS[i]}`)].map((line) => `${line}\n`).join(""),
  );
  return reviewTask(path, { model, testFraction: 0.3, maxLength: 40 }); // as many positions as it has
}

/** Trained with so many seeds. */
export function teachersOf(
  task: Task,
  seeds: number,
  { force = false }: { readonly force?: boolean } = {},
): Promise<TrialRun[]> {
  const trials = planTrials({
    ...planOf(task, { name: "test", fresh: force }),
    systems: [{ system: "teacher", settings: { ...SETTINGS, freeze: "last" } }],
    seeds,
  });
  return runTrials(trials, { processes: 1 });
}
