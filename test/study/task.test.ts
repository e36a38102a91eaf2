/** What is classified: all emotions, one class against the others, lines in context. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { eachClass, mangaTask, reviewTask } from "../../lib/study/task";
import { BUILTIN_MANGA, BUILTIN_REVIEWS, TEST_STORIES } from "../builtin";

const folder = mkdtempSync(join(tmpdir(), "task-"));
after(() => rmSync(folder, { recursive: true }));

const options = { testStories: TEST_STORIES.join(" ") };

test("without a positive label every emotion is a class, the most frequent first", async () => {
  const { classes, labels, items } = await mangaTask(BUILTIN_MANGA, options);
  const counts = classes.map((_, c) => labels.filter((label) => label === c).length);
  assert.deepEqual(
    counts,
    [...counts].sort((a, b) => b - a),
  );
  assert.equal(classes[labels[5]], items[5].emotion);
});

test("a task for each class has that class alone as positive", async () => {
  const whole = await mangaTask(BUILTIN_MANGA, options);
  const joy = eachClass(whole, ["喜楽"]).喜楽;
  assert.deepEqual(joy.labels, (await mangaTask(BUILTIN_MANGA, { ...options, positive: "喜楽" })).labels);
});

test("lines in context are those of the lines alone, with the lines before them and speakers if asked for", async () => {
  const context = { lines: 2, within: "story", speakers: true } as const;
  const [alone, read] = [
    await mangaTask(BUILTIN_MANGA, options),
    await mangaTask(BUILTIN_MANGA, { ...options, context }),
  ];
  assert.deepEqual(
    read.items.map(({ id }) => id),
    alone.items.map(({ id }) => id),
  );
  const second = read.items[1];
  assert.deepEqual(second.context, [read.items[0].text]);
  assert.equal(second.text, `${second.speaker}：${alone.items[1].text}`);
});

/** A file with one correction. */
function correction(id: string, from: string, to: string): string {
  const path = join(folder, `${from}.csv`);
  writeFileSync(path, `id,label now,new label,who,when\n${id},${from},${to},佐藤,2026-11-20\n`);
  return path;
}

test("a corrected line has its new emotion, also where one emotion is to be found", async () => {
  const corrections = correction("lab-night/ギャグ/1", "悲哀", "喜楽");
  for (const positive of [undefined, "喜楽"]) {
    const { items, labels, classes } = await mangaTask(BUILTIN_MANGA, { ...options, positive, corrections });
    assert.deepEqual(
      [items[0].id, items[0].emotion, classes[labels[0]]],
      ["lab-night/ギャグ/1", "喜楽", "喜楽"],
    );
  }
});

test("a corrected review has its new class, and all reviews stay in their part", async () => {
  const before = await reviewTask(BUILTIN_REVIEWS),
    now = await reviewTask(BUILTIN_REVIEWS, { corrections: correction("r0001", "好評", "不評") });
  assert.deepEqual(
    now.labels.flatMap((label, i) =>
      label === before.labels[i] ? [] : [[now.items[i].id, label, now.items[i].label]],
    ),
    [["r0001", 0, 0]],
  );
  assert.deepEqual(now.splits, before.splits);
});

test("corrections that lie beside the data hold for every task on them", async () => {
  const [lines, reviews] = [join(folder, "lines.tsv"), join(folder, "reviews.tsv")];
  copyFileSync(BUILTIN_MANGA, lines);
  copyFileSync(BUILTIN_REVIEWS, reviews);
  renameSync(correction("lab-night/ギャグ/1", "悲哀", "喜楽"), join(folder, "lines.corrections.csv"));
  renameSync(correction("r0001", "好評", "不評"), join(folder, "reviews.corrections.csv"));
  assert.equal((await mangaTask(lines, options)).items[0].emotion, "喜楽");
  const { items } = await reviewTask(reviews);
  assert.equal(items.find(({ id }) => id === "r0001")?.label, 0);
});
