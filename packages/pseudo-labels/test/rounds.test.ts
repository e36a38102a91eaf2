/** Both trainings on two sentences that the built-in model tells apart. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadDataset } from "../../../lib/experiment/dataset";
import { chooseModel } from "../../../lib/experiment/trials";
import type { Item, Task } from "../../../lib/study/task";
import { BUILTIN_MODEL } from "../../../test/builtin";
import { EXAMPLES, indices, runsFolder } from "../../../test/experiment/tiny-trials";
import { openTokenizer } from "../../tokenizer";
import { confident, type PseudoLabelled, pseudoLabelRuns, withHidden } from "..";

runsFolder("komalab-pseudo-");
const split = { name: "test", train: indices(0, 24), validation: indices(24, 32), test: indices(32, 40) };
const labels = EXAMPLES.map(({ label }) => label);
const settings = { freeze: "fixed", pooling: "mean", epochs: 8, learningRate: 1e-2, batchSize: 4 } as const;
let task: Task<Item>, made: PseudoLabelled;

before(async () => {
  const model = await chooseModel(BUILTIN_MODEL),
    tokenizer = await openTokenizer(model.folder);
  task = {
    ...{ items: EXAMPLES, labels, classes: ["悪い", "良い"], splits: [split] },
    ...{ model, tokenizer, maxLength: 40, tooLong: 0 },
  };
  made = await pseudoLabelRuns(withHidden(task, 0.5), { name: "toy", seeds: 2, settings, confidence: 0.6 });
});

test("a text is taken with its likeliest class where that is likely enough", () =>
  assert.deepEqual(
    confident(
      [7, 8, 9],
      [
        [0.1, 0.9],
        [0.95, 0.05],
        [0.4, 0.6],
      ],
      0.9,
    ),
    [
      { item: 7, label: 1 },
      { item: 8, label: 0 },
    ],
  ));

test("sentences that are told apart are all labelled rightly, by every seed for itself", () =>
  assert.deepEqual(
    made.labellings,
    [1, 2].map((seed) => ({
      ...{ testSet: "test", seed, unlabelled: 12, taken: 12, right: { ofTaken: 12, ofAll: 12 } },
    })),
  ));

test("the first training knows none of the hidden texts, the second one all that were taken", () => {
  const [{ split: fewer, unlabelled }] = made.unlabelled.hidden;
  const [first, , second] = made.runs;
  assert.deepEqual(first.trial.split.train, fewer.train);
  assert.deepEqual(new Set(second.trial.split.train), new Set([...fewer.train, ...unlabelled]));
});

test("neither training learns from a test text, and both rows are of the test texts alone", () => {
  for (const { trial } of made.runs) {
    const { train, validation } = trial.split;
    assert.ok([...train, ...validation].every((item) => !split.test.includes(item)));
  }
  for (const { items, gold, predicted, probabilities } of made.answers) {
    assert.deepEqual(
      items,
      split.test.map((item) => EXAMPLES[item].id),
    );
    assert.deepEqual([gold.length, predicted.length, probabilities!.length], [8, 8, 8]);
  }
});

test("what the second training learns of a hidden text is the pseudo-label, not the hidden one", async () => {
  const [{ unlabelled }] = withHidden(task, 0.5).hidden;
  // gold labels of hidden texts are turned round: whatever is learnt from them would change
  const wrong = { ...task, labels: labels.map((one, i) => (unlabelled.includes(i) ? 1 - one : one)) };
  const hidden = { ...withHidden(task, 0.5), task: wrong };
  const { runs, labellings, answers } = await pseudoLabelRuns(hidden, {
    ...{ name: "toy", seeds: 2, settings, confidence: 0.6 },
  });
  assert.deepEqual(
    labellings.map(({ taken, right }) => [taken, right?.ofTaken]),
    [
      [12, 0],
      [12, 0],
    ],
  );
  const learnt = loadDataset(runs[2].trial.dataset);
  assert.ok(unlabelled.every((item) => learnt[item].label === labels[item]));
  assert.deepEqual(
    answers.map(({ probabilities }) => probabilities),
    made.answers.map(({ probabilities }) => probabilities),
  );
});

test("a confidence that is no share is refused", () =>
  assert.rejects(
    pseudoLabelRuns(withHidden(task, 0.5), { name: "toy", seeds: 1, confidence: 1 }),
    /confidence = 1 is not a number between 0 and 1/,
  ));
