import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { minutesLeft, ReportClock } from "../time-left";

const folder = mkdtempSync(join(tmpdir(), "minutes-"));
after(() => rmSync(folder, { recursive: true }));

test("the time left is what the rest took before, at the pace of now", () => {
  assert.equal(minutesLeft([1, 2, 3], [], 0), 6);
  assert.equal(minutesLeft([1, 2, 3], [2], 0), 10, "everything takes twice as long as before");
  assert.equal(minutesLeft([1, 2, 3], [1], 1.5), 3.5);
  assert.equal(minutesLeft([1, 2, 3], [1], 5), 3, "what takes longer than before ends at any time");
  assert.equal(minutesLeft([1, 2, 3], [undefined], 0), 5, "what is re-used has no pace");
});

test("what was never made takes as long as the others, and nothing is said while none is known", () => {
  assert.equal(minutesLeft([undefined, undefined, undefined], [], 1), undefined);
  assert.equal(minutesLeft([undefined, undefined, undefined], [4], 1), 7);
  assert.equal(minutesLeft([undefined, 2], [], 0), 4);
});

test("minutes are kept for the next report, and a damaged file counts as missing", () => {
  const ways = [{ way: "01, as committed" }, { way: "02, as committed" }];
  const first = new ReportClock(folder, ways);
  first.end(2);
  first.end(undefined);
  assert.equal(Math.round(new ReportClock(folder, ways).left()!), 4);
  for (const broken of ["{", "null", '{"01, as committed": "2"}']) {
    writeFileSync(join(folder, "minutes.json"), broken);
    assert.equal(new ReportClock(folder, ways).left(), undefined);
  }
});
