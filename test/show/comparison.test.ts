import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, compareAll, pooled } from "../../lib/evaluate/comparison";
import type { Ending } from "../../lib/evaluate/ending";
import { classTable } from "../../lib/show/class-table";
import { comparisonTable } from "../../lib/show/comparison";
import { differenceInWords, inWords } from "../../lib/show/numbers";
import { meanScores, scoresOf, trendPoint } from "../../lib/show/scores";

const gold = [1, 1, 0, 0];
const run = (system: string, seed: number | null, predicted: readonly number[], ending?: Ending) => ({
  system,
  testSet: "t",
  seed,
  gold,
  predicted,
  endings: seed === null ? [] : [ending ?? "successful"],
});
const runs = [
  run("counting", null, [1, 0, 0, 0]),
  run("net", 1, gold),
  run("net", 2, [0, 0, 0, 0], "failed"),
];
const accuracy = compare(runs, { metric: "accuracy", baseline: "counting", bootstrapSamples: 50 });
const text = comparisonTable({ accuracy }, { caption: "Results", mark: (system) => `${system} ★` })[
  "text/plain"
] as string;

test("a system with seeds shows mean ± sd, its seeds and its failed runs", () => {
  assert.match(text, /net ★ +\| +2 \| +1 of 2 \| +0\.75 ± 0\.35/);
});

test("a system without chance has neither seeds nor failed runs", () => {
  assert.match(text, /counting ★ +\| +– \| +– \| +0\.75 /);
});

test("the difference to the baseline stands with its interval and p", () => {
  assert.match(text, /\| +\+0\.00 −0\.\d{2} to \+0\.\d{2} \| +– \|/); // of two seeds
});

test("one bar a system and test set, with every seed, of which a system without chance has none", () => {
  const scores = scoresOf(
    runs,
    ({ gold, predicted }) => gold.filter((label, i) => label === predicted[i]).length / gold.length,
    20,
  );
  assert.deepEqual(
    scores.map(({ testSet, system, value, seeds }) => ({ testSet, system, value, seeds })),
    [
      { testSet: "t", system: "counting", value: 0.75, seeds: [] },
      { testSet: "t", system: "net", value: 0.75, seeds: [1, 0.5] },
    ],
  );
});

test("a point of a trend has the seeds of its system alone, and none where there is no chance", () => {
  const [counting, net] = ["counting", "net"].map((system) => trendPoint(accuracy, system));
  assert.deepEqual([counting.value, counting.seeds, net.value, net.seeds], [0.75, [], 0.75, [1, 0.5]]);
});

test("a difference in words has its interval with signs", () => {
  const versus = accuracy.rows.find(({ system }) => system === "net")?.baseline;
  assert.equal(
    differenceInWords({ ...versus!, difference: 0.034, low: -0.1, high: 0.2 }),
    "+0.03 (−0.10 to +0.20)",
  );
});

test("what must be known and all numbers stand below the table, the latter folded", () => {
  const markup = comparisonTable({ accuracy })["text/html"] as string,
    [main, folded] = markup.split("<details>");
  assert.match(main, /failed, all in the means: net 1 of 2/);
  assert.match(main, /Fewer than 3 seeds show nothing of the luck of training/);
  assert.match(folded, /<th[^>]*>median<\/th>/);
  assert.match(folded, /Against the baseline/);
});

test("without a baseline the main table compares with the best", () => {
  assert.match(
    comparisonTable({ accuracy: compare(runs, { metric: "accuracy", bootstrapSamples: 5 }) })[
      "text/plain"
    ] as string,
    /Δ accuracy to the best/,
  );
});

test("a system in words has its interval", () => {
  assert.match(inWords(accuracy.rows[1]), /^net 0\.75 \(0\.\d\d to 1\.00\)$/);
});

test("the mean over test sets is a bar with one point a seed", () => {
  const [, net] = meanScores(accuracy, "mean");
  assert.deepEqual([net.testSet, net.value, net.seeds], ["mean", 0.75, [1, 0.5]]);
});

test("several comparisons stand below each other, each row with its group", () => {
  const groups = compareAll(
    { 喜楽: runs, 驚愕: runs },
    { metric: "accuracy", baseline: "counting", bootstrapSamples: 5 },
  );
  const text = comparisonTable(groups, { below: { group: "label", metric: "accuracy" } })[
    "text/plain"
  ] as string;
  assert.match(text, /\| 喜楽 +\| net +\| +2 \| +1 of 2 \| /);
  assert.match(text, /喜楽\. Runs that failed, all in the means: net 1 of 2/);
  assert.match(text, /\| 驚愕 +\| counting +\| +– \| +– \| /);
});

test("folded numbers of pooled test sets count the same failed runs as the table in the open", () => {
  const sets = ["a", "b"].flatMap((testSet) => runs.map((one) => ({ ...one, testSet })));
  const all = compareAll(
    { x: pooled(sets) },
    { metric: "accuracy", baseline: "counting", bootstrapSamples: 5 },
  );
  const [main, folded] = (
    comparisonTable(all, { below: { group: "label", metric: "accuracy" } })["text/html"] as string
  ).split("<details>");
  assert.deepEqual(
    [main, folded].map((part) => part.match(/\d+ of \d+<\/td>/g)),
    [["2 of 4</td>"], ["2 of 4</td>"]],
  );
});

test("diverged runs have a column where there are some, in the open and folded", () => {
  const broken = [...runs, run("net", 3, [0, 0, 0, 0], "diverged")];
  const text = comparisonTable({ accuracy: compare(broken, { metric: "accuracy", bootstrapSamples: 5 }) })[
    "text/plain"
  ] as string;
  assert.equal(text.match(/\| +3 \| +1 of 3 \| +1 of 3 \|/g)?.length, 2);
});

test("a table of classes has F1 of each, its means, and the items behind them", () => {
  const three = [1, 2].flatMap((seed) =>
    ["a", "b"].map((testSet) => ({
      ...run("net", seed, [0, 1, 2, seed]),
      gold: [0, 1, 2, 2],
      testSet,
    })),
  );
  const text = classTable(three, { classes: ["悪い", "並", "良い"], caption: "Classes" })[
    "text/plain"
  ] as string;
  // scikit-learn 1.9.1, classification_report with zero_division=0, the mean of both seeds
  assert.match(text, /悪い \(2\) \| 並 \(2\) \| 良い \(4\) \| macro F1 \| weighted F1/);
  assert.match(text, /\| net +\| +1\.00 \| +0\.83 \| +0\.83 \| +0\.89 \| +0\.88 \|/);
  assert.match(text, /\| net +\| 並 +\| +0\.750 \| +1 \| +0\.833 \| +2 \|/);
  assert.match(text, /\| net +\| macro mean +\| +0\.917 \| +0\.917 \| +0\.889 \| +8 \|/);
});
