import assert from "node:assert/strict";
import { before, test } from "node:test";
import { chooseModel } from "../../../lib/experiment/trials";
import type { Item, Task } from "../../../lib/study/task";
import { BUILTIN_MODEL } from "../../../test/builtin";
import { indices } from "../../../test/experiment/tiny-trials";
import { openTokenizer } from "../../tokenizer";
import { withHidden, withTexts } from "..";

type Told = Item & { readonly story?: string };
/** 24 training texts in six stories, and four of each other part; every third is of class 1. */
const items: Told[] = Array.from({ length: 32 }, (_, i) => ({
  ...{ id: `t${i}`, text: `${i} 番目の文`, story: `story ${Math.floor(i / 4)}` },
}));
const labels = items.map((_, i) => Number(i % 3 === 0));
const split = { name: "test", train: indices(0, 24), validation: indices(24, 28), test: indices(28, 32) };
let task: Task<Told>;

before(async () => {
  const model = await chooseModel(BUILTIN_MODEL),
    tokenizer = await openTokenizer(model.folder);
  task = {
    ...{ items, labels, classes: ["a", "b"], splits: [split], model, tokenizer, maxLength: 20, tooLong: 0 },
  };
});

test("hidden are labels of training texts alone, and of every one it is known whether it is hidden", () => {
  const { hidden } = withHidden(task, 0.5),
    [{ split: fewer, unlabelled }] = hidden;
  assert.deepEqual(
    [...fewer.train, ...unlabelled].sort((a, b) => a - b),
    split.train,
  );
  assert.deepEqual([fewer.validation, fewer.test], [split.validation, split.test]);
});

test("where texts have stories, all labels of a story are hidden or none", () => {
  const [{ split: fewer, unlabelled }] = withHidden(task, 0.5).hidden;
  const told = new Set(fewer.train.map((item) => items[item].story));
  assert.ok(unlabelled.every((item) => !told.has(items[item].story)));
});

test("without stories each class is hidden in its share", () => {
  const plain = { ...task, items: items.map(({ story, ...item }) => item) };
  const [{ unlabelled }] = withHidden(plain, 0.25).hidden;
  assert.deepEqual(
    [0, 1].map((one) => unlabelled.filter((item) => labels[item] === one).length),
    [4, 2],
  );
});

test("a share that leaves nothing on one side is refused with what it leaves", () =>
  assert.throws(
    () => withHidden({ ...task, items: items.map(({ story, ...item }) => item) }, 0.01),
    /unlabelledFraction 0.01 of 24 training texts leaves 24 with a label and 0 without/,
  ));

test("of a file no text is taken that the task tests or learns from, none twice, and none that is too long", () => {
  const long = "とても".repeat(30);
  const made = withTexts(task, [items[29].text, ` ${items[3].text}`, "新しい文", "新しい文", long]);
  assert.deepEqual(made.leftOut, { known: 3, tooLong: 1 });
  assert.deepEqual(
    made.hidden[0].unlabelled.map((item) => made.task.items[item].text),
    ["新しい文"],
  );
  assert.deepEqual(made.hidden[0].split, split);
});

test("a file of which nothing is left is refused with the reason", () =>
  assert.throws(() => withTexts(task, [items[29].text]), /none is left: 1 are there twice or among those/));
