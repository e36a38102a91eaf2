/** k folds and stacking by TF-IDF: what learns from what, and what changes if labels do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { NamedRun } from "../../../lib/evaluate/comparison";
import { Random } from "../../../lib/support/random";
import { foldsAveraged, foldsOf, gathered, stacked, tfidfRuns } from "..";
import { FOLDED } from "../folds";

const WORDS = [
  ["悪い", "ひどい", "残念", "壊れた"],
  ["良い", "最高", "満足", "嬉しい"],
];
const random = new Random(5);
/** Ten stories of six texts, of which eight are learnt from and two tested. */
const items = Array.from({ length: 60 }, (_, i) => ({
  id: String(i),
  story: `story ${Math.floor(i / 6)}`,
  text: Array.from({ length: 3 }, () => WORDS[i % 2][random.integer(4)]).join("、"),
}));
const labels = items.map((_, i) => i % 2);
const places = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const of = { name: "test", train: places(0, 36), validation: places(36, 48), test: places(48, 60) };
const task = { items, labels, splits: [of] };
type Task = typeof task;

const FOLDS = 4;
const folds = foldsOf(task, FOLDS);
const outOfFold = (one: Task) =>
  gathered(folds, tfidfRuns({ ...one, splits: folds.map(({ split }) => split) }));
const stackedOf = (one: Task) =>
  stacked({ task: one, outOfFold: outOfFold(one) }, "stacked")[0].probabilities;
/** The same task with the labels of some items turned round. */
const turned = (wrong: readonly number[]): Task => ({
  ...task,
  labels: labels.map((label, item) => (wrong.includes(item) ? 1 - label : label)),
});

test("every text that is learnt from lies in one fold, and no test text in any", () =>
  assert.deepEqual(
    folds.flatMap(({ split }) => split.test.slice(0, -of.test.length)).sort((a, b) => a - b),
    places(0, 48),
  ));

test("a fold's model learns from no story of the fold and from no test text", () => {
  for (const { split } of folds) {
    const learnt = [...split.train, ...split.validation];
    const stories = new Set(learnt.map((item) => items[item].story));
    assert.ok(split.test.every((item) => !stories.has(items[item].story)));
    assert.ok(learnt.every((item) => item < 48));
  }
});

test("the labels of test texts change nothing that stacking says", () =>
  assert.deepEqual(stackedOf(turned(of.test)), stackedOf(task)));

test("the labels of a fold change what is said of other folds, and nothing that is said of it", () => {
  const [{ split }] = folds,
    fold = split.test.slice(0, -of.test.length);
  const [before, after] = [task, turned(fold)].map((one) => outOfFold(one)[0]);
  const inFold = before.learnt.map((item) => fold.includes(item));
  const said = ({ held }: typeof before, own: boolean) => held.filter((_, i) => inFold[i] === own);
  assert.deepEqual(said(after, true), said(before, true));
  assert.notDeepEqual(said(after, false), said(before, false));
});

/** A system of folds that says for every text the probability of class 1 that `sure` gives. */
const system = (
  name: string,
  seed: number | null,
  sure: (item: number, fold: number) => number,
): NamedRun[] =>
  folds.map(({ split }, fold) => ({
    ...{ system: name, seed, testSet: split.name },
    gold: split.test.map((item) => labels[item]),
    items: split.test.map((item) => items[item].id),
    predicted: split.test.map((item) => Number(sure(item, fold) > 0.5)),
    probabilities: split.test.map((item) => [1 - sure(item, fold), sure(item, fold)]),
  }));
const knows = (item: number) => (labels[item] === 1 ? 0.6 : 0.4);
const guesses = (item: number) => ((item * 7) % 5 < 2 ? 0.99 : 0.01);

test("stacking trusts the system that knew texts it had not learnt from, not the one that is sure", () => {
  const all = gathered(folds, [...system("knows", 1, knows), ...system("guesses", 1, guesses)]);
  const [{ predicted, gold }] = stacked({ task, outOfFold: all }, "stacked");
  assert.deepEqual(predicted, gold);
});

test("a system without seeds is stacked with every seed of another", () => {
  const runs = [
    ...system("knows", 1, knows),
    ...system("knows", 2, knows),
    ...system("guesses", null, guesses),
  ];
  const made = stacked({ task, outOfFold: gathered(folds, runs) }, "stacked");
  assert.deepEqual(
    made.map(({ seed, testSet, items: tested }) => [seed, testSet, tested.length]),
    [
      [1, "test", 12],
      [2, "test", 12],
    ],
  );
});

test("the models of all folds are averaged, for each seed", () => {
  const runs = [1, 2].flatMap((seed) =>
    system(FOLDED.bert, seed, (_, fold) => (fold === 0 ? 0.9 : 0.2 * seed)),
  );
  const made = foldsAveraged({ task, outOfFold: gathered(folds, runs), runs: [] }, "averaged");
  const first = made.map(({ probabilities }) => Number(probabilities![0][1].toFixed(6)));
  assert.deepEqual(
    first,
    [(0.9 + 3 * 0.2) / 4, (0.9 + 3 * 0.4) / 4].map((p) => Number(p.toFixed(6))),
  );
  assert.deepEqual(
    made.map(({ predicted }) => predicted[0]),
    [0, 1],
  );
});

test("a model of a fold without probabilities is refused, by its name", () => {
  const [first, ...others] = system("diverged", 1, knows);
  const { probabilities, ...bare } = first;
  assert.throws(
    () => gathered(folds, [bare, ...others]),
    /diverged, test, fold 1: its model gave no probabilities/,
  );
});

test("TF-IDF gives a class that it has not learnt the probability 0", () => {
  const third = { ...task, labels: labels.map((label, item) => (item === 59 ? 2 : label)) };
  const [{ probabilities }] = tfidfRuns(third);
  assert.ok(probabilities!.every((row) => row.length === 3 && row[2] === 0));
});
