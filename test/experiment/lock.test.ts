import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { withLock } from "../../lib/support/files";

const folder = mkdtempSync(join(tmpdir(), "lock-"));
after(() => rmSync(folder, { recursive: true }));

const deadPid = spawnSync(process.execPath, ["-e", ""]).pid;
const soon = (milliseconds: number) =>
  new Promise<"waits">((wake) => setTimeout(() => wake("waits"), milliseconds));

test("a lock whose process has died is taken over, by one of ten at a time", async () => {
  const lock = join(folder, "dead");
  writeFileSync(lock, `${deadPid} ${hostname()}`);
  let inside = 0,
    most = 0;
  await Promise.all(
    Array.from({ length: 10 }, () =>
      withLock(lock, async () => {
        most = Math.max(most, ++inside);
        await soon(5);
        inside--;
      }),
    ),
  );
  assert.deepEqual([most, readdirSync(folder)], [1, []]);
});

test("a lock of another machine holds while it is touched", async () => {
  const lock = join(folder, "elsewhere");
  writeFileSync(lock, `${deadPid} another-machine`);
  const work = withLock(lock, () => "done" as const);
  assert.equal(await Promise.race([work, soon(300)]), "waits");
  const longAgo = new Date(Date.now() - 400_000);
  utimesSync(lock, longAgo, longAgo);
  assert.equal(await work, "done");
  assert.equal(existsSync(lock), false);
});
