import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { runsFolder, withOwnRuns } from "../../lib/experiment/run";

test("a folder of runs of one's own is there for the work, and gone after it, also where it fails", async () => {
  const before = runsFolder();
  let own = "";
  const work = withOwnRuns(async () => {
    own = runsFolder();
    assert.ok(own !== before && existsSync(own));
    throw new Error("broken");
  });
  await assert.rejects(work, /broken/);
  assert.deepEqual([runsFolder(), existsSync(own)], [before, false]);
});
