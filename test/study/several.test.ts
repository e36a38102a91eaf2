/** Results of several tasks as rows of one table; no training. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TFIDF } from "../../lib/evaluate/baselines";
import type { Results } from "../../lib/study/experiment";
import { compareBy } from "../../lib/study/results";
import { joined } from "../../lib/study/several";

const gold = [0, 0, 1, 1];
const answer = (system: string, predicted: number[]) => ({
  ...{ system, testSet: "test", seed: null, gold, predicted },
  items: ["a", "b", "c", "d"],
});
const resultsOf = (...answers: ReturnType<typeof answer>[]) =>
  ({ answers, runs: [], task: { classes: ["no", "yes"] } }) as unknown as Results;
const each = {
  few: resultsOf(answer(TFIDF, [1, 0, 1, 0])),
  many: resultsOf(answer(TFIDF, gold), answer("other", [0, 0, 0, 0])),
};

test("a row that is named by its task has that task's answers, and what has no name is left out", () => {
  const rows = joined(each, (task, system) => (system === TFIDF ? task : undefined));
  const { rows: compared } = compareBy(rows, "accuracy", "few");
  assert.deepEqual(
    compared.map(({ system, mean }) => [system, mean]),
    [
      ["few", 0.5],
      ["many", 1],
    ],
  );
});
