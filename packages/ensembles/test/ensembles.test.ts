import assert from "node:assert/strict";
import { test } from "node:test";
import { baselineRuns, TFIDF } from "../../../lib/evaluate/baselines";
import type { NamedRun } from "../../../lib/evaluate/comparison";
import { blended, seedsAveraged, tfidfRuns } from "..";

const run = (seed: number | null, probabilities: number[][]): NamedRun => ({
  ...{ system: "one", testSet: "test", seed, gold: [0, 1], items: ["a", "b"], probabilities },
  predicted: probabilities.map(([first, second]) => (second > first ? 1 : 0)),
});
const seeds = [
  run(1, [
    [0.9, 0.1],
    [0.6, 0.4],
  ]),
  run(2, [
    [0.4, 0.6],
    [0.1, 0.9],
  ]),
];

test("averaged seeds answer with the likeliest class of the mean, as one system without seeds", () => {
  const [{ system, seed, predicted, probabilities }, ...others] = seedsAveraged(seeds, "both");
  assert.deepEqual([system, seed, predicted, others], ["both", null, [0, 1], []]);
  assert.deepEqual(
    probabilities!.flat().map((p) => Number(p.toFixed(6))),
    [0.65, 0.35, 0.35, 0.65],
  );
});

test("each seed is blended with the other system", () => {
  const other = run(null, [
    [0.2, 0.8],
    [0.8, 0.2],
  ]);
  const made = blended(seeds, [other], "blend");
  assert.deepEqual(
    made.map(({ seed, predicted }) => [seed, predicted]),
    [
      [1, [0, 0]],
      [2, [1, 1]],
    ],
  );
});

test("runs without probabilities, and runs of other items, are refused", () => {
  const { probabilities, ...bare } = seeds[0];
  assert.throws(() => seedsAveraged([bare, seeds[1]], "both"), /must give probabilities of the same 2 items/);
  assert.throws(
    () => seedsAveraged([seeds[0], { ...seeds[1], items: ["a", "c"] }], "both"),
    /tested on different items of test/,
  );
  assert.throws(() => blended(seeds, [], "blend"), /nothing to blend with on test/);
});

test("TF-IDF with probabilities answers as the baseline does", () => {
  const texts = ["とても良い", "良いです", "悪いです", "とても悪い", "良いと思う", "悪いと思う"];
  const items = texts.map((text, i) => ({ id: String(i), text }));
  const labels = [1, 1, 0, 0, 1, 0];
  const task = { items, labels, splits: [{ name: "test", train: [0, 2], validation: [1, 3], test: [4, 5] }] };
  const [made] = tfidfRuns(task);
  assert.deepEqual(made.predicted, baselineRuns(task).find(({ system }) => system === TFIDF)!.predicted);
  assert.ok(made.probabilities!.every(([a, b]) => Math.abs(a + b - 1) < 1e-9));
});
