import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../lib/study/task";
import { linesInWords, searchTask } from "..";

/** Lines of five stories in two touches; of each touch story d is tested, story c validates. */
const lines = ["ギャグ", "萌え系"].flatMap((touch) =>
  ["a", "a", "b", "b", "c", "d", "d"].map((story, i) => ({ id: `${touch}${i}`, text: "t", story, touch })),
);
const at = (is: (line: (typeof lines)[number]) => boolean) => [...lines.keys()].filter((i) => is(lines[i]));
const splits = ["ギャグ", "萌え系"].map((touch) => ({
  name: touch,
  train: at((line) => line.touch !== touch && (line.story === "a" || line.story === "b")),
  validation: at((line) => line.touch !== touch && line.story === "c"),
  test: at((line) => line.touch === touch && line.story === "d"),
}));
const labels = lines.map((_, i) => i % 2);
const task = { items: lines, labels, classes: ["0", "1"], splits } as unknown as Task<(typeof lines)[number]>;
const searched = searchTask(task);

test("no test line is among the items of a search, and no other label than those of learning", () => {
  const tested = new Set(splits.flatMap(({ test }) => test.map((item) => lines[item].id)));
  assert.deepEqual(
    searched.items.filter(({ id }) => tested.has(id)),
    [],
  );
  assert.equal(searched.items.length, 10);
  assert.deepEqual(
    searched.labels,
    searched.items.map(({ id }) => labels[lines.findIndex((line) => line.id === id)]),
  );
});

test("other test labels change nothing of what is searched on", () => {
  const turned = labels.map((label, i) => (lines[i].story === "d" ? 1 - label : label));
  assert.deepEqual(searchTask({ ...task, labels: turned }), searched);
});

test("the validation lines judge; whole training stories choose the epoch in their place", () => {
  for (const [i, { train, validation, test: judged }] of searched.splits.entries()) {
    const idsOf = (indices: readonly number[]) => indices.map((item) => searched.items[item].id);
    assert.deepEqual(
      idsOf(judged),
      splits[i].validation.map((item) => lines[item].id),
    );
    assert.deepEqual(
      [...idsOf(train), ...idsOf(validation)].sort(),
      splits[i].train.map((item) => lines[item].id).sort(),
    );
    const [own, held] = [train, validation].map(
      (indices) => new Set(indices.map((item) => searched.items[item].story)),
    );
    assert.deepEqual([own.size, held.size, [...own].some((story) => held.has(story))], [1, 1, false]);
  }
});

test("texts without stories are held out with each class in its share", () => {
  const plain = lines.map(({ id, text }) => ({ id, text }));
  const [split] = searchTask({
    ...task,
    items: plain,
    labels: plain.map((_, i) => Number(i >= 10)),
    splits: [{ name: "test", train: [0, 1, 2, 3, 4, 10, 11, 12, 13, 5], validation: [6, 7], test: [8, 9] }],
  } as unknown as Task).splits;
  assert.deepEqual([split.name, split.train.length, split.validation.length], ["validation", 8, 2]);
});

test("the lines are named with their touches and stories", () =>
  assert.equal(linesInWords(searched), "2 validation lines (2 touches: ギャグ, 萌え系; 1 story: c)"));

test("a split that learns from what another one tests is refused with the remedy", () =>
  assert.throws(
    () =>
      searchTask({
        ...task,
        splits: [splits[0], { ...splits[1], train: [...splits[1].train, splits[0].test[0]] }],
      }),
    /split "萌え系": 1 lines that it learns from are tested in another split.*name testStories.*search one split/,
  ));

test("training lines of one story are refused with its name", () =>
  assert.throws(
    () => searchTask({ ...task, splits: [{ ...splits[0], train: [7, 8] }] }),
    /split "ギャグ": its training lines are of one story, a, .*validationFraction/,
  ));
