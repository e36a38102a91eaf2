/** Who learns from whom: no story on both sides, every text judged once, classes in their shares. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { foldSplits } from "..";

/** Six stories of ten texts, told in two touches; labels by turns. */
const items = Array.from({ length: 60 }, (_, i) => ({ story: `story ${Math.floor(i / 5) % 6}` }));
const labels = items.map((_, i) => i % 3);
const without = items.map(() => ({}));

const options = { folds: 3, seed: 1 };

test("every text is judged once, and by none that has learnt from it", () => {
  for (const data of [items, without]) {
    const splits = foldSplits({ items: data, labels }, options);
    assert.deepEqual(
      splits.flatMap(({ test }) => test).sort((a, b) => a - b),
      [...items.keys()],
    );
    for (const { train, validation, test } of splits)
      assert.equal(new Set([...train, ...validation, ...test]).size, items.length);
  }
});

test("folds never share a story, and neither do those that are trained on and those that choose the epoch", () => {
  const parts = foldSplits({ items, labels }, options).flatMap(({ train, validation, test }) => {
    const stories = [train, validation, test].map((part) => new Set(part.map((item) => items[item].story)));
    return stories.flatMap((own, i) =>
      stories.slice(i + 1).map((other) => [...own].filter((one) => other.has(one))),
    );
  });
  assert.deepEqual(parts.flat(), []);
});

test("stories are dealt so that folds are of one size", () =>
  assert.deepEqual(
    foldSplits({ items, labels }, options).map(({ test }) => test.length),
    [20, 20, 20],
  ));

test("without stories each class has its share in every fold", () => {
  const counts = foldSplits(
    { items: without, labels: labels.map((label) => Number(label === 0)) },
    { ...options, folds: 4 },
  ).map(({ test }) => test.filter((item) => labels[item] === 0).length);
  assert.deepEqual(counts, [5, 5, 5, 5]);
});

test("folds are those of their seed", () => {
  for (const data of [items, without]) {
    const of = (seed: number) =>
      JSON.stringify(foldSplits({ items: data, labels }, { folds: 3, seed }).map(({ test }) => test));
    assert.equal(of(1), of(1));
    assert.notEqual(of(1), of(2));
  }
});

test("refused with a remedy: more folds than stories or texts, fewer than three stories", () => {
  assert.throws(
    () => foldSplits({ items, labels }, { folds: 7, seed: 1 }),
    /folds = 7, but the data have 6 stories, which stay whole/,
  );
  assert.throws(
    () => foldSplits({ items: without.slice(0, 3), labels: [0, 1, 0] }, { folds: 4, seed: 1 }),
    /3 texts: take at most as many/,
  );
  assert.throws(
    () => foldSplits({ items: items.slice(0, 10), labels }, { folds: 2, seed: 1 }),
    /the data have 2 stories: three are needed/,
  );
  assert.throws(
    () => foldSplits({ items, labels }, { folds: 1, seed: 1 }),
    /folds = 1 is not a whole number of at least 2/,
  );
});
