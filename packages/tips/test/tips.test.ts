import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { NamedRun } from "../../../lib/evaluate/comparison";
import type { Results } from "../../../lib/study/experiment";
import { projectRoot } from "../../../lib/support/files";
import { BUILTIN_MANGA, BUILTIN_MODEL, BUILTIN_REVIEWS } from "../../../test/builtin";
import { shared } from "../../../test/shared";
import { codeCells, readNotebook, textOf } from "../../notebook";
import {
  inPairs,
  JRTE_PUBLISHED,
  JRTE_TESTED,
  lossesOf,
  PAIRS,
  pairInWords,
  pairsInWords,
  rightOf,
  tipsInWords,
  tipTask,
} from "..";

test("manga lines are one test set, of stories that are in no other part, with all touches and emotions", async () => {
  const task = await tipTask("lines", { reviews: "", manga: BUILTIN_MANGA, model: BUILTIN_MODEL });
  const [{ train, validation, test: tested }, ...others] = task.splits,
    of = (field: "story" | "touch", part: readonly number[]) =>
      new Set(part.map((item) => (task.items[item] as unknown as Record<string, string>)[field]));
  assert.equal(others.length, 0);
  assert.equal(train.length + validation.length + tested.length, task.items.length);
  const stories = [train, validation, tested].map((part) => of("story", part));
  assert.equal(
    new Set(stories.flatMap((own) => [...own])).size,
    stories.reduce((sum, { size }) => sum + size, 0),
  );
  assert.equal(of("touch", tested).size, 5);
  assert.equal(task.classes.length, 7);
});

test("reviews are split as notebook 02 splits them", async () => {
  const task = await tipTask("reviews", { reviews: BUILTIN_REVIEWS, manga: "", model: BUILTIN_MODEL });
  assert.deepEqual([task.classes.length, task.splits.length, task.splits[0].test.length], [2, 1, 207]);
});

test("lines of two stories are refused, as three parts need three", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tips-")),
    manga = join(folder, "two.tsv");
  const rows = ["a", "b"].flatMap((story) =>
    ["喜楽", "悲哀"].map((emotion, i) => `${story}\tギャグ\t${emotion}の台詞その${i}\t${emotion}`),
  );
  writeFileSync(manga, `story\ttouch\ttext\temotion\n${rows.join("\n")}\n`);
  try {
    await assert.rejects(
      tipTask("lines", { reviews: "", manga, model: BUILTIN_MODEL }),
      /two.tsv has 2 stories: .* three are the fewest/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const archive = shared("data/livedoor/ldcc-20140209.tar.gz");
test("livedoor's titles are split by the post's recipe", { skip: archive.skip }, async () => {
  const files = { reviews: "", manga: "", livedoor: archive.path };
  const task = await tipTask("livedoor", { ...files, model: BUILTIN_MODEL });
  assert.deepEqual([task.classes.length, task.splits[0].test.length], [9, 1845]);
});

test("label smoothing never comes to 0, and focal loss all but forgets what is known", () => {
  const tips = { labelSmoothing: 0.1, focal: 2 };
  const known = lossesOf(0.99, tips),
    unknown = lossesOf(0.1, tips);
  assert.ok(known.smoothed > 20 * known["cross entropy"]);
  assert.ok(known.focal < 0.001 * known["cross entropy"] && unknown.focal > 0.8 * unknown["cross entropy"]);
});

test("each published accuracy is that of one whole number of right answers, to its four decimals", () => {
  for (const [system, accuracy] of JRTE_PUBLISHED)
    assert.equal((rightOf(accuracy).right / JRTE_TESTED).toFixed(4), accuracy.toFixed(4), system);
});

/** Forty texts; a system is right on all but some. */
const row = (system: string, seed: number | null, wrong: readonly number[]): NamedRun => {
  const gold = Array.from({ length: 40 }, (_, i) => i % 2);
  return {
    ...{ system, testSet: "test", seed, gold, items: gold.map((_, i) => String(i)) },
    predicted: gold.map((one, i) => (wrong.includes(i) ? 1 - one : one)),
  };
};
const wrong = Array.from({ length: 16 }, (_, i) => 2 * i + (i % 2));
const answers = [1, 2, 3, 4, 5].flatMap((seed) => [
  row("reference", seed, wrong),
  row("helps", seed, []),
  row("does nothing", seed, [...wrong.slice(1), 39]),
  row(
    "fewer labels",
    seed,
    Array.from({ length: 40 }, (_, i) => i),
  ),
]);
const results = {
  answers: [...answers, row("TF-IDF + logistic", null, []), row("majority class", null, wrong)],
  task: { classes: ["a", "b"] },
} as unknown as Results;

test("a tip counts as helping where it is clearly better than the reference; baselines and rows apart are no tips", () => {
  const called = { en: "macro F1", ja: "マクロ F1" };
  const { tips, words, list } = tipsInWords(results, {
    ...{ metric: "macroF1", called, reference: "reference", apart: ["fewer labels"] },
  });
  assert.deepEqual(
    tips.map(({ system }) => system),
    ["helps", "does nothing"],
  );
  assert.equal(words.en, "Of 2 tips, clearly better by macro F1: helps; clearly worse: none.");
  assert.equal(
    words.ja,
    "2 件の tips のうち、マクロ F1 が明らかに上がったもの: helps、明らかに下がったもの: なし。",
  );
  assert.match(list["Clearly better"], /^helps is clearly better than reference by macro F1/);
});

test("a pair is judged alone, without a correction for other rows", () => {
  const asked = { metric: "macroF1", called: { en: "macro F1", ja: "マクロ F1" } } as const;
  const p = (words: string) => Number(words.match(/p [=<] ([.\d]+)/)![1]);
  const alone = pairInWords(results, ["helps", "reference"], asked).en;
  assert.match(alone, /^helps is clearly better than reference by macro F1/);
  assert.ok(p(alone) < p(tipsInWords(results, { ...asked, reference: "reference" }).list["Clearly better"]));
});

test("pairs are judged by name, and one of which a row was not trained is left out", () => {
  const asked = { metric: "macroF1", called: { en: "macro F1", ja: "マクロ F1" } } as const;
  const pairs = { Helps: ["helps", "reference"], Absent: ["helps", "nowhere"] } as const;
  const found = pairsInWords(results, pairs, asked);
  assert.deepEqual(found, { Helps: pairInWords(results, ["helps", "reference"], asked).en });
});

test("the rows of the pairs are those of notebook 12", () => {
  const path = join(projectRoot, "notebooks", "12-classification-tips.ipynb");
  const code = codeCells(readNotebook(path))
    .map(({ source }) => textOf(source))
    .join("\n");
  for (const row of [...Object.values(PAIRS).flat(), ...inPairs]) assert.ok(code.includes(`"${row}":`), row);
});
