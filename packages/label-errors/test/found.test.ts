/** How a list is judged by what was planted, from lists that can be followed by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../lib";
import { type Answered, foundBy, foundInWords, foundOf, meanOf, OWN } from "..";

const N = 100;
const task = { items: Array.from({ length: N }, (_, i) => ({ id: `${i}`, text: "" })) } as unknown as Task;
/** Ten labels planted twice: texts 0 to 9, and 10 to 19. */
const answered = [0, 10].map(
  (from): Answered => ({
    ...{ data: "toy", name: "toy, 10 % wrong", part: `planting ${from / 10 + 1}`, task, share: 0.1 },
    wrong: new Set(Array.from({ length: 10 }, (_, i) => from + i)),
    ...{ probabilities: [], runs: [] },
  }),
);
/** A list whose head is these texts. */
const first = (...head: readonly number[]): number[] => {
  const scores = Array.from({ length: N }, (_, i) => -i / N);
  head.forEach((item, i) => (scores[item] = N - i));
  return scores;
};
const of = (items: readonly number[], from: number) => items.map((item) => item + from);

const found = foundBy(answered, ({ wrong }) => {
  const [from] = wrong;
  return {
    [OWN]: first(...wrong),
    "half of them": first(...of([0, 1, 2, 3, 4], from), 50, 51, 52, 53, 54, ...of([5, 6, 7, 8, 9], from)),
    "none at first": first(...Array.from({ length: 20 }, (_, i) => 30 + i), ...wrong),
  };
});
const row = (by: string) => foundOf(found, { data: "toy", share: 0.1, by });

test("precision and recall are those of as many texts as are wrong", () =>
  assert.deepEqual(
    [OWN, "half of them", "none at first", "random order"].map((by) => row(by).precision.value),
    [1, 0.5, 0, 0.1],
  ));

test("recall in twice as many, and by the share that is looked at", () => {
  assert.deepEqual(
    [OWN, "half of them", "none at first", "random order"].map((by) => row(by).recallAtTwice.value),
    [1, 1, 0, 0.2],
  );
  assert.deepEqual(
    [0.05, 0.1, 0.2].map((part) => row("half of them").recallAt.get(part)!.value),
    [0.5, 0.5, 1],
  );
});

test("average precision is 1 of a list with all of them first, and a tenth by chance", () => {
  assert.equal(row(OWN).averagePrecision.value, 1);
  assert.equal(row("random order").averagePrecision.value, 0.1);
});

test("other lists are behind by planting, and chance and the list itself have no such number", () => {
  assert.deepEqual(row("none at first").behind?.seeds, [1, 1]);
  assert.equal(row(OWN).behind, undefined);
  assert.equal(row("random order").behind, undefined);
});

test("a mean's interval is Student's", () => {
  // scipy.stats.t.interval(.95, n - 1, mean, sem), scipy 1.17.1
  const { value, low, high } = meanOf([1, 2, 3, 4, 6]);
  assert.deepEqual(
    [value, low, high].map((one) => one.toFixed(3)),
    ["3.200", "0.812", "5.588"],
  );
  const many = meanOf(Array.from({ length: 12 }, (_, i) => i));
  assert.deepEqual(
    [many.low, many.high].map((one) => one.toFixed(2)),
    ["3.21", "7.79"],
  );
});

test("one planting has no interval", () => assert.ok(Number.isNaN(meanOf([0.5]).low)));

test("the sentence says the numbers in both languages, and refuses what was not planted", () => {
  const named = foundBy(answered, ({ wrong }) => ({
    [OWN]: first(...wrong),
    "confidence alone": first(30),
    "TF-IDF loss": first(40),
  }));
  const { en, ja } = foundInWords(named, { data: "toy", share: 0.1 });
  assert.match(
    en,
    /of 10 labels made wrong \(10 %\), the first 10 texts by out-of-fold loss hold 1\.00 \(1\.00 to 1\.00\), .* by chance 0\.10/,
  );
  assert.match(ja, /誤りにした 10 件（10 %）のうち.*1\.00（1\.00〜1\.00）、.*偶然なら 0\.10/);
  assert.throws(
    () => foundInWords(named, { data: "toy", share: 0.2 }),
    /nothing was found by .* of 20 % planted in toy/,
  );
});
