import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { TrainingSnapshots } from "..";

const root = mkdtempSync(join(tmpdir(), "komalab-snapshots-"));
after(() => rmSync(root, { recursive: true }));

const snapshot = { state: { step: 3 }, tensors: { a: { shape: [1], data: Float32Array.of(1) } } };

test("a snapshot is due at the end of an epoch and at times, but not where writing takes more than its share", () => {
  const folder = join(root, "due");
  const often = new TrainingSnapshots({ folder, of: "a", everySeconds: 0, share: 1e9 }),
    seldom = new TrainingSnapshots({ folder, of: "a" });
  assert.deepEqual([often.due(), seldom.due(), seldom.due(true)], [true, false, true]);
  const slow = new TrainingSnapshots({ folder, of: "a", everySeconds: 0, share: 1e-9 });
  slow.save(snapshot);
  assert.deepEqual([slow.due(), slow.due(true)], [false, false]);
});

test("the state and the tensors come back as they were saved", async () => {
  const settings = { folder: join(root, "back"), of: "a" };
  new TrainingSnapshots(settings).save(snapshot);
  const { snapshot: found, problems } = await new TrainingSnapshots(settings).load();
  assert.deepEqual([found, problems], [snapshot, []]);
});
