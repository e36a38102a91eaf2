import assert from "node:assert/strict";
import { test } from "node:test";
import { alwaysWrong, movedItems, votes } from "../../lib/evaluate/votes";

const items = ["a", "b", "c"],
  gold = [1, 0, 2];
const runs = [
  { items, gold, predicted: [1, 1, 0] },
  { items, gold, predicted: [0, 1, 0] },
  { items: ["d"], gold: [0], predicted: [0] },
];

test("an item's vote counts what each run called it", () => {
  assert.deepEqual(votes(runs).get("a"), {
    id: "a",
    gold: 1,
    called: [1, 1, 0],
    of: 2,
    right: 1,
    predicted: 0,
  });
});

test("items of other test sets have votes of their own", () =>
  assert.deepEqual([...votes(runs).keys()], ["a", "b", "c", "d"]));

test("what no run got right is always wrong", () =>
  assert.deepEqual(
    alwaysWrong(runs).map(({ id, predicted }) => [id, predicted]),
    [
      ["b", 1],
      ["c", 0],
    ],
  ));

test("an item has moved if all runs of one system are wrong on it and all of the other right", () => {
  const before = [
      { items, gold, predicted: [0, 0, 2] },
      { items, gold, predicted: [2, 0, 0] },
    ],
    after = [
      { items, gold, predicted: [1, 1, 2] },
      { items, gold, predicted: [1, 2, 2] },
    ];
  assert.deepEqual(
    [...movedItems(before, after)],
    [
      ["a", "helped"],
      ["b", "harmed"],
    ],
  );
});

test("an item that only some runs of the other system get right, or wrong, has not moved", () => {
  const before = [
      { items, gold, predicted: [0, 0, 0] },
      { items, gold, predicted: [2, 0, 0] },
    ],
    after = [
      { items, gold, predicted: [1, 0, 2] },
      { items, gold, predicted: [0, 1, 0] },
    ];
  assert.deepEqual([...movedItems(before, after)], []);
});
