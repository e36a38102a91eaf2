import assert from "node:assert/strict";
import { test } from "node:test";
import type { Versus } from "../../../lib/evaluate/comparison";
import { valuesOf, warningsOf } from "../../../test/show/chart";
import { candidatesTable, choiceInWords, droppedOf, type Found, rungsChart, rungsTable } from "..";
import type { JudgedRung, Standing } from "../search";

const standing = (name: string, score: number, more: Partial<Standing> = {}): Standing => ({
  candidate: { name, settings: { epochs: Number(name.slice(-1)) } },
  ...{ score, low: score - 0.1, high: score + 0.1, seeds: [score - 0.05, score + 0.05] },
  ...{ failed: 0, diverged: 0, crashed: 0, broken: 0, kept: false },
  ...more,
});
const toBest = (clear: Versus["clear"]) => ({ clear }) as Versus;
const first: JudgedRung = {
  ...{ candidates: 4, seeds: 2, added: [1, 2] },
  standings: [
    standing("epochs 1", 0.8, { kept: true }),
    standing("epochs 2", 0.7, { kept: true, failed: 1 }),
    standing("epochs 3", 0.7),
    standing("epochs 4", Number.NaN, { broken: 2, crashed: 2, seeds: [] }),
  ],
};
const last = (clear: Versus["clear"]): JudgedRung => ({
  ...{ candidates: 2, seeds: 4, added: [3, 4] },
  standings: [
    standing("epochs 2", 0.75, { kept: true }),
    standing("epochs 1", 0.74, { toBest: toBest(clear), diverged: 1 }),
  ],
});
const found = (rungs: readonly JudgedRung[]) =>
  ({
    ...{ rungs, metric: "macroF1", crashes: ["epochs 4: no memory"] },
    winner: { name: "epochs 2", settings: { epochs: 2 } },
    budget: { runs: 12, sets: 1 },
    runs: Array.from({ length: 10 }),
    search: { seeds: [2, 4] },
    searched: { splits: [{ test: [3, 4, 5] }] },
  }) as unknown as Found;
const text = (bundle: ReturnType<typeof rungsTable>) => String(bundle["text/plain"]);

test("what is dropped is counted by what may be said of it", () => {
  assert.deepEqual(droppedOf(first), { dropped: 2, judged: false, broken: 1, worse: 0, alike: 1 });
  assert.deepEqual(droppedOf(last("worse")), { dropped: 1, judged: true, broken: 0, worse: 1, alike: 0 });
  assert.deepEqual(droppedOf(last("no")), { dropped: 1, judged: true, broken: 0, worse: 0, alike: 1 });
});

test("a tie at the cut, a rung without a test, and crashed runs are said", () => {
  const words = text(rungsTable(found([first, last("no")])));
  assert.match(
    words,
    /Rung 1: the last that goes on and the first dropped have the same score, .*listed first goes on/,
  );
  assert.doesNotMatch(words, /Rung 2: the last/);
  assert.match(words, /–: with fewer than 3 seeds, .*dropped by rank alone/);
  assert.match(words, /Of 12 runs 10 gave a result: 0 failed, 1 diverged, 2 crashed/);
  assert.match(words, /epochs 4: no memory/);
});

test("the choice is said with its lines, its optimism, and what it is not told apart from", () => {
  const { en, ja } = choiceInWords(found([first, last("no")]));
  assert.match(
    en,
    /^epochs 2: macro F1 0\.75 over 4 seeds on 3 validation lines, .*highest of 4 .*too high a score/,
  );
  assert.match(en, /1 of the 1 others of the last rung cannot be told from it$/);
  assert.match(ja, /候補 1 個のうち 1 個とは明らかな差がない$/);
  assert.match(choiceInWords(found([first, last("worse")])).en, /clearly better than the others/);
  assert.match(choiceInWords(found([first])).en, /of the last rung nothing is judged$/);
});

test("every candidate has one row, by its last rung", () => {
  const rows = text(candidatesTable(found([first, last("no")])))
    .split("\n")
    .filter((line) => /^\| +\d/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  assert.deepEqual(
    rows.map(([, rank, epochs, fate, seeds]) => [rank, epochs, fate, seeds]),
    [
      ["1", "2", "–", "2"],
      ["2", "1", "2", "2"],
      ["3", "3", "1", "2"],
      ["4", "4", "1", "0"],
    ],
  );
});

const drawn = rungsChart([first, last("no")], { title: "段", metric: "macro F1" });

test("a candidate has a point in each of its rungs, a line between them, and none without a score", () => {
  const values = valuesOf(drawn);
  assert.deepEqual(
    values.filter((row) => "value" in row).map(({ system, fate, value }) => [system, fate, value]),
    [
      ["epochs 1", "goes on", 0.8],
      ["epochs 2", "goes on", 0.7],
      ["epochs 3", "dropped", 0.7],
      ["epochs 2", "chosen", 0.75],
      ["epochs 1", "dropped", 0.74],
    ],
  );
  assert.deepEqual(
    values.filter((row) => "start" in row).map(({ start, end, fate }) => [start, end, fate]),
    [
      [0.8, 0.74, "goes on"],
      [0.7, 0.75, "chosen"],
    ],
  );
  assert.equal(values.filter((row) => "seedValue" in row).length, 10);
});

test("the chart's sentence has every cut", () =>
  assert.match(
    drawn.description,
    /2 seeds: 4 candidates, on go those with 0\.700 or more, the first dropped has 0\.700; 4 seeds: 2 candidates, chosen is that with 0\.750, the first dropped has 0\.740/,
  ));

test("vega-lite compiles it without a warning", () => assert.deepEqual(warningsOf(drawn), []));
