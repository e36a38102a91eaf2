/** Labels that are made wrong: as many as asked for, each another one, the same ones for the same seed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { percent, plant } from "..";

const labels = Array.from({ length: 200 }, (_, i) => i % 4);
const planted = (share: number, seed = 1) => plant(labels, { share, classes: 4, seed });

test("as many labels are wrong as asked for, and no others have changed", () => {
  for (const [share, count] of [
    [0.05, 10],
    [0.1, 20],
    [0.003, 1],
  ] as const) {
    const { labels: now, wrong } = planted(share);
    assert.equal(wrong.size, count);
    assert.deepEqual(
      [...labels.keys()].filter((item) => now[item] !== labels[item]),
      [...wrong].sort((a, b) => a - b),
    );
  }
});

test("wrong labels are of all other classes, about evenly", () => {
  const { labels: now, wrong } = plant(new Array<number>(3000).fill(2), { share: 0.5, classes: 4, seed: 3 });
  const counts = [0, 1, 2, 3].map((c) => [...wrong].filter((item) => now[item] === c).length);
  assert.equal(counts[2], 0);
  for (const c of [0, 1, 3]) assert.ok(Math.abs(counts[c] - 500) < 70, `${counts}`);
});

test("a seed plants the same labels again, another seed others", () => {
  assert.deepEqual(planted(0.1), planted(0.1));
  assert.notDeepEqual([...planted(0.1).wrong], [...planted(0.1, 2).wrong]);
});

test("refused: no share, one class", () => {
  assert.throws(() => planted(1), /share = 1 is not a number between 0 and 1/);
  assert.throws(() => plant([0, 0], { share: 0.5, classes: 1, seed: 1 }), /needs a second class/);
});

test("a share is printed without needless digits", () =>
  assert.deepEqual([0.05, 0.1, 0.025].map(percent), ["5 %", "10 %", "2.5 %"]));
