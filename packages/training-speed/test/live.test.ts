import assert from "node:assert/strict";
import { test } from "node:test";
import { onNative } from "../../tfjs-graph/test/native";
import { liveSteps } from "..";

test("steps op by op and compiled have the same losses, each its time", onNative, async () => {
  const texts = [7, 5].map((tokens) => ({
    ids: Array.from({ length: tokens }, (_, i) => 10 + i),
    segmentIds: new Array<number>(tokens).fill(0),
  }));
  const [eager, traced] = await liveSteps({ folder: "data/model", texts, labels: [0, 1], steps: 3 });
  assert.deepEqual([eager.mode, traced.mode], ["eager", "traced"]);
  assert.equal(new Set(eager.losses).size, 3);
  for (const [i, loss] of eager.losses.entries())
    assert.ok(Math.abs(traced.losses[i] / loss - 1) < 1e-5, `${traced.losses[i]}, op by op ${loss}`);
  assert.deepEqual([eager.seconds.length, traced.seconds.length], [3, 3]);
});
