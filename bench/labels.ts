/**
 * Wrong labels, planted and found: `tsx bench/labels.ts [--plantings 5] [--only lines,reviews,jrte]
 * [--sentences 1500] [--without-tfidf]`. In the built-in lines and reviews, and in jrte-corpus where it is in
 * KOMALAB_SHARED (so many of its sentences, evenly spaced), 5 % and 10 % of the labels are exchanged; lists
 * by out-of-fold loss, confidence and TF-IDF's loss stand beside those that cleanlab makes of the same
 * probabilities. Exit code 1 if out-of-fold loss is not clearly ahead of confidence alone.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { reviewTask, type Task } from "../lib";
import { namesOf } from "../lib/data/names";
import { projectRoot } from "../lib/support/files";
import { COUNT, numberOf } from "../lib/support/settings";
import {
  confidentJoint,
  errorsIn,
  foundBy,
  inWords,
  linesWithoutSplit,
  meanOf,
  meanProbabilities,
  outOfFold,
  percent,
  scoresBy,
  withPlanted,
} from "../packages/label-errors";
import { cleanlabPython } from "./peers";

interface Cleanlab {
  readonly scores: Readonly<Record<string, readonly number[]>>;
  /** What find_label_issues takes for wrong. */
  readonly issues: readonly number[];
  readonly joint: readonly (readonly number[])[];
}

/** As in notebook 15, whose stored runs are read where they are there. */
const SETTINGS = { head: "linear", pooling: "mean", epochs: 10, learningRate: 3e-3, batchSize: 32 } as const;
const [FOLDS, SEEDS, SHARES] = [5, 2, [0.05, 0.1]];

const NAMES = ["lines", "reviews", "jrte"] as const;

/** So many items of a task, evenly spaced; its split is not used. */
function part(task: Task, most: number): Task {
  const count = Math.min(most, task.items.length),
    kept = Array.from({ length: count }, (_, i) => Math.floor((i * task.items.length) / count));
  return {
    ...task,
    items: kept.map((item) => task.items[item]),
    labels: kept.map((item) => task.labels[item]),
    splits: [],
  };
}

/** The data by name; jrte-corpus where it is there. */
async function tasks(chosen: readonly string[], sentences: number): Promise<Record<string, Task>> {
  const model = join(projectRoot, "data", "model"),
    builtIn = (name: string) => join(projectRoot, "data", name),
    shared = process.env.KOMALAB_SHARED ?? join(projectRoot, "..", "shared"),
    jrte = join(shared, "data", "jrte-corpus", "pn.tsv");
  const open: Readonly<Record<string, () => Promise<Task>>> = {
    lines: () => linesWithoutSplit(builtIn("manga.tsv"), { corrections: "", model, maxLength: 128 }),
    reviews: () => reviewTask(builtIn("reviews.tsv"), { model }),
    jrte: async () => part(await reviewTask(jrte, { model, corpus: "jrte", maxLength: 64 }), sentences),
  };
  const data: Record<string, Task> = {};
  for (const name of chosen)
    if (name !== "jrte" || existsSync(jrte)) data[name] = await open[name]();
    else console.log(`jrte is left out: ${jrte} is not there (KOMALAB_SHARED names the folder)`);
  return data;
}

async function main(): Promise<void> {
  const { values: given } = parseArgs({
    options: {
      plantings: { type: "string" },
      only: { type: "string" },
      sentences: { type: "string" },
      "without-tfidf": { type: "boolean" }, // half of the minutes
    },
  });
  const count = numberOf("plantings", given.plantings, COUNT) ?? 5,
    sentences = numberOf("sentences", given.sentences, COUNT) ?? 1500;
  const data = await tasks(namesOf(given.only ?? NAMES.join(), NAMES, "--only"), sentences);
  if (Object.keys(data).length === 0) return;
  const python = await cleanlabPython();
  const variants = Object.entries(data).flatMap(([name, task]) =>
    withPlanted(name, task, { shares: SHARES, plantings: count }),
  );
  const answered = await outOfFold(variants, {
    ...{ experiment: "15-labels", folds: FOLDS, seeds: SEEDS, settings: SETTINGS },
  });
  const folder = mkdtempSync(join(tmpdir(), "labels-")),
    file = join(folder, "probabilities.jsonl");
  try {
    writeFileSync(
      file,
      answered
        .map(
          (one) => `${JSON.stringify({ labels: one.task.labels, probabilities: meanProbabilities(one) })}\n`,
        )
        .join(""),
    );
    const { status, stdout, stderr } = spawnSync(python, [join(__dirname, "labels-cleanlab.py"), file], {
      encoding: "utf8",
      maxBuffer: 2 ** 30,
    });
    if (status !== 0) throw new Error(stderr.trim().slice(-2000));
    const theirs = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Cleanlab);
    for (const name of Object.keys(data)) {
      const own = answered.filter((one) => one.data === name);
      const found = foundBy(own, (one) => ({
        ...scoresBy(one, given["without-tfidf"] ? undefined : FOLDS),
        ...Object.fromEntries(
          Object.entries(theirs[answered.indexOf(one)].scores).map(([by, scores]) => [
            `cleanlab ${by}`,
            scores,
          ]),
        ),
      }));
      console.table(
        found.map(({ share, by, planted, precision, behind, recallAtTwice, averagePrecision }) => ({
          data: name,
          wrong: `${planted} (${percent(share)})`,
          "list by": by,
          "precision = recall": inWords(precision, 3),
          "loss ahead by": behind === undefined ? "" : inWords(behind, 3),
          "recall in twice as many": inWords(recallAtTwice, 3),
          "average precision": inWords(averagePrecision, 3),
        })),
      );
      console.table(
        [0, ...SHARES].map((share) => {
          const some = own.filter((one) => one.share === share),
            each = some.map((one) => theirs[answered.indexOf(one)]);
          const cells = each.map(({ joint }, i) => {
            const ours = confidentJoint(some[i].task.labels, meanProbabilities(some[i])).flat();
            return joint.flat().reduce((sum, n, at) => sum + Math.abs(n - ours[at]), 0);
          });
          return {
            data: name,
            planted: some[0].wrong.size,
            "estimated here": inWords(meanOf(some.map(errorsIn)), 1),
            "issues by cleanlab": inWords(meanOf(each.map(({ issues }) => issues.length)), 1),
            "planted ones among them": inWords(
              meanOf(each.map(({ issues }, i) => issues.filter((item) => some[i].wrong.has(item)).length)),
              1,
            ),
            "texts counted elsewhere in cleanlab's joint": inWords(meanOf(cells.map((sum) => sum / 2)), 1),
          };
        }),
      );
      const unclear = found.some(({ by, behind }) => by === "confidence alone" && !(behind!.low > 0));
      if (unclear && count > 1) {
        console.error(`${name}: out-of-fold loss is not clearly ahead of confidence alone`);
        process.exitCode = 1;
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
