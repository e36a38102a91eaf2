/** What is classified: all emotions, one class against the others, lines in context. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eachClass, mangaTask } from "../../lib/study/task";
import { BUILTIN_MANGA, TEST_STORIES } from "../builtin";

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
