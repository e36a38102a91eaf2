import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALWAYS_NEGATIVE,
  baselineOf,
  baselineRuns,
  MAJORITY,
  ORACLE_MAJORITY,
  TFIDF,
} from "../../lib/evaluate/baselines";

const words = ["うれしい", "たのしい", "つらい", "くるしい日"];
const items = Array.from({ length: 40 }, (_, i) => ({ id: `${i}`, text: `${words[i % 4]}${i}` }));
const labels = items.map((_, i) => (i % 4 < 2 ? 1 : 0));
const train = Array.from({ length: 20 }, (_, i) => i),
  validation = Array.from({ length: 8 }, (_, i) => 20 + i);
const split = { name: "ギャグ", train, validation, test: [28, 29, 30, 32, 33] };
const runs = baselineRuns({ items, labels, splits: [split] });
const predicted = (system: string) => runs.find((run) => run.system === system)?.predicted;

test("the majority class is that of training, the test items' own is an oracle", () => {
  const skewed = { ...split, train: train.filter((item) => labels[item] === 0 || item < 4) };
  const of = (system: string) =>
    baselineRuns({ items, labels, splits: [skewed] }).find((run) => run.system === system)?.predicted;
  assert.deepEqual(
    [of(ALWAYS_NEGATIVE), of(MAJORITY), of(ORACLE_MAJORITY)],
    [
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1],
    ],
  );
});

test("counting characters learns words", () => assert.deepEqual(predicted(TFIDF), [1, 1, 0, 1, 1]));

test("a run names its test set and its items, and has no seed", () => {
  assert.deepEqual(
    [runs[0].testSet, runs[0].seed, runs[0].items],
    ["ギャグ", null, ["28", "29", "30", "32", "33"]],
  );
});

test("nothing is counted where all that is learnt from is of one class", () => {
  const one = { ...split, train: [0, 1, 4, 5], validation: [8, 9] };
  assert.throws(
    () => baselineRuns({ items, labels, splits: [one] }),
    /the split "ギャグ": all 6 items to learn from are of class \d, so that nothing can be learnt/,
  );
});

test("of three classes counting answers those that are in training, as if there were no other", () => {
  const three = labels.map((label, i) => (i === 32 ? 0 : 2 * label + 1)); // class 0 is tested alone
  const runs = baselineRuns({ items, labels: three, splits: [split] });
  assert.deepEqual(
    runs.map(({ system }) => system),
    [MAJORITY, ORACLE_MAJORITY, TFIDF],
  );
  assert.deepEqual(runs[2].gold, [3, 3, 1, 0, 3]);
  assert.deepEqual(runs[2].predicted, [3, 3, 1, 3, 3]);
});

test("counting reads the context, in columns of its own", () => {
  const told = items.map(({ id }, i) => ({
    id,
    text: words[i % 2],
    context: [words[i % 4], "うれしいつらい"],
  })); // the class is in the context alone
  const read = (of: typeof told) =>
    baselineRuns({ items: of, labels, splits: [split] }).find(({ system }) => system === TFIDF)?.predicted;
  assert.deepEqual(read(told), [1, 1, 0, 1, 1]);
  assert.notDeepEqual(read(told.map((item) => ({ ...item, context: [] }))), [1, 1, 0, 1, 1]);
});

test("TF-IDF of a split is learnt once for all who ask, and anew for other labels", () => {
  const task = { items, labels, splits: [split] };
  const { model } = baselineOf(task, split);
  assert.equal(baselineOf({ ...task, splits: [] }, split).model, model);
  assert.notEqual(baselineOf({ ...task, labels: labels.map((label) => 1 - label) }, split).model, model);
});
