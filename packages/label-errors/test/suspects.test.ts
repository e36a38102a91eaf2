/** The list, from probabilities that can be followed by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../lib";
import { confidentJoint, confusedPairs, estimatedErrors, outOfFoldLoss, suspects } from "..";

const CLASSES = ["喜", "怒", "哀"];
const task = (labels: readonly number[]) =>
  ({
    labels,
    classes: CLASSES,
    items: labels.map((_, i) => ({ id: `${i}`, text: `${i}` })),
  }) as unknown as Task;

/** Two seeds, three texts labelled 喜. */
const probabilities = [
  [
    [0.8, 0.1, 0.1],
    [0.1, 0.6, 0.3],
    [0.4, 0.5, 0.1],
  ],
  [
    [0.9, 0.05, 0.05],
    [0.05, 0.45, 0.5],
    [0.6, 0.3, 0.1],
  ],
];
const answers = { task: task([0, 0, 0]), probabilities };

test("the loss of a label is the mean over seeds of −ln of its probability", () =>
  assert.deepEqual(
    outOfFoldLoss(answers).map((loss) => loss.toFixed(4)),
    [
      [0.8, 0.9],
      [0.1, 0.05],
      [0.4, 0.6],
    ].map((each) => (-each.reduce((sum, p) => sum + Math.log(p), 0) / 2).toFixed(4)),
  ));

test("a probability that is printed as 0 has a finite loss", () =>
  assert.ok(Number.isFinite(outOfFoldLoss({ task: task([0]), probabilities: [[[0, 1, 0]]] })[0])));

test("the least expected label is first, with the class that is taken instead, its probability and how many seeds agree", () => {
  const [first, second] = suspects(answers);
  assert.deepEqual([first.item, second.item], [1, 2]);
  assert.deepEqual(
    [first.label, first.suggested, first.probability.toFixed(3), first.agree],
    ["喜", "怒", "0.525", 0.5],
  );
  assert.deepEqual([second.suggested, second.agree], ["怒", 0.5]);
});

test("pairs of classes are counted, the most frequent first", () =>
  assert.deepEqual(confusedPairs(suspects({ task: task([0, 1, 0]), probabilities })), [
    { label: "喜", suggested: "怒", texts: 2 },
    { label: "怒", suggested: "哀", texts: 1 },
  ]));

test("a text counts for the likeliest of the classes that it is as likely of as their own texts are in the mean", () => {
  const labels = [0, 0, 1, 1, 1];
  const rows = [
    [0.9, 0.1],
    [0.2, 0.8], // above 怒's mean .7 alone
    [0.1, 0.9],
    [0.4, 0.6], // below both means
    [0.4, 0.6],
  ];
  assert.deepEqual(confidentJoint(labels, rows), [
    [1, 1],
    [0, 1],
  ]);
  assert.equal(estimatedErrors(confidentJoint(labels, rows)), 1);
});

test("of several such classes the likeliest of them counts, though another one is likelier", () => {
  const rows = [
    [0.95, 0.03, 0.02],
    [0.6, 0.3, 0.1], // means are .775, .2, .08
    [0.8, 0.2, 0],
    [0.92, 0, 0.08],
  ];
  assert.deepEqual(confidentJoint([0, 0, 1, 2], rows)[0], [1, 1, 0]);
});
