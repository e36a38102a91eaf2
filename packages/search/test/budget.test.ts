import assert from "node:assert/strict";
import { test } from "node:test";
import type { Trial, TrialRun } from "../../../lib/experiment/spec";
import { budgetInWords, minutesInWords, rungsOf } from "..";
import { budgetOf } from "../budget";

const trialOf = (epochs: number) =>
  ({ settings: { freeze: "all", epochs }, split: { train: [1, 2, 3] } }) as unknown as Trial;
/** Of 4 candidates the trials on two test sets. */
const trials = [10, 30, 20, 40].map((epochs) => [trialOf(epochs), trialOf(epochs)]);
const budget = budgetOf(rungsOf(4, { seeds: [2, 5], keep: 0.5 }), trials);

test("runs are counted; epochs as if the longest candidates were kept", () => {
  assert.equal(budget.runs, 2 * (4 * 2 + 2 * 3));
  assert.equal(budget.epochs, 2 * (2 * (10 + 30 + 20 + 40) + 3 * (30 + 40)));
  assert.equal(budget.work, 3 * budget.epochs);
});

test("the budget is one sentence", () =>
  assert.equal(
    budgetInWords({ ...budget, epochs: 12345 }),
    "Budget: 4 and 2 candidates with 2 and 5 seeds on 2 test sets: 28 runs, at most 12,345 epochs.",
  ));

test("minutes are those of the first run, by work and processes", () => {
  const first = { trial: trialOf(10), result: { seconds: 6 } } as unknown as TrialRun;
  assert.equal(
    minutesInWords(budget, first, 2), // 820 epochs of .6 s
    "By the first run, which took 6.0 s: at most about 4 min 6 s with 2 at a time.",
  );
});
