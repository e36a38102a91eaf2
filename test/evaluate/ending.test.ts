import assert from "node:assert/strict";
import { test } from "node:test";
import { endingOf, hasFailed, labelCounts, majorityAccuracy } from "../../lib/evaluate/ending";

const counts = labelCounts({
  train: { labels: [0, 0, 0, 1, 2] },
  validation: { labels: [0, 1, 1, 1, 2] },
});
const after = (...accuracies: readonly number[]) =>
  accuracies.map((validationAccuracy) => ({ validationAccuracy }));

test("the majority class is training's, not that of the validation items", () =>
  assert.deepEqual([counts.validation, majorityAccuracy(counts)], [[1, 3, 1], 0.2]));

test("a run has failed by its last epoch alone, at or below the majority class", () =>
  assert.deepEqual(
    [after(0.8, 0.2), after(0.1, 0.4), []].map((history) => hasFailed(history, counts)),
    [true, false, false],
  ));

test("a run that diverged has not failed, also where an older result says both", () =>
  assert.deepEqual(
    [{ failed: true, diverged: "at step 3" }, { failed: true }, { failed: false }].map(endingOf),
    ["diverged", "failed", "successful"],
  ));
