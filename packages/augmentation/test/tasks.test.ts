/** Tasks with more to learn from: what is tested stays. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../lib/study/task";
import { AS_THEY_ARE, copyingMethods, sizesOf, tasksWithMore } from "../index";

const item = (id: string, story = "s") => ({ id, story, text: `text ${id}` });
const task = {
  items: ["a", "b", "c", "d"].map((id) => item(id)),
  labels: [1, 0, 1, 0],
  splits: [{ name: "x", train: [0, 1], validation: [2], test: [3] }],
} as unknown as Task<ReturnType<typeof item>>;
const tasks = tasksWithMore(task, {
  methods: "twice swap",
  made: [{ system: "words swapped", copies: [["text of a, changed"], [], [], []] }],
  extra: { ...task, items: [item("e", "other")], labels: [1] },
  shares: [0.5],
});

test("every kind of training texts tests the same texts", () => {
  for (const { items, splits } of Object.values(tasks))
    assert.deepEqual(
      splits[0].test.map((place) => items[place].id),
      ["d"],
    );
});

test("a copy has the class of its original, and a line of another file its own", () => {
  const trained = ({ labels, splits }: (typeof tasks)[string]) =>
    splits[0].train.map((place) => labels[place]);
  assert.deepEqual(trained(tasks["words swapped"]), [1, 0, 1]);
  assert.deepEqual(trained(tasks["extra lines"]), [1, 0, 1]);
});

test("sizes are those of training alone", () => {
  assert.equal(sizesOf(tasks, [0.5])[AS_THEY_ARE], 2);
});

test("a list of methods that names none is refused, with those that there are", () => {
  assert.throws(() => copyingMethods("swpa"), /swpa[\s\S]*swap/);
});
