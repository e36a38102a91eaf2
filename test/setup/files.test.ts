import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { projectRoot, withLock, writeBeside, writing } from "../../setup/files.cjs";

const folder = mkdtempSync(join(tmpdir(), "lock-"));
after(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  assert.deepEqual(readdirSync(folder), [], "every lock is gone");
});

const deadPid = spawnSync(process.execPath, ["-e", ""]).pid;
const soon = (milliseconds: number) =>
  new Promise<"waits">((wake) => setTimeout(() => wake("waits"), milliseconds));
const LONG_MS = 400_000;

/** A lock file that says what it holds; `old` is untouched for long. */
function lockOf(holder: string, { old = false } = {}): string {
  const lock = join(folder, "lock");
  writeFileSync(lock, holder);
  if (old) makeOld(lock);
  return lock;
}
function makeOld(lock: string): void {
  const then = new Date(Date.now() - LONG_MS);
  utimesSync(lock, then, then);
}

/** Ten at once: how many were inside together at most. */
async function mostInside(lock: string): Promise<number> {
  let inside = 0,
    most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await soon(5);
    inside--;
  };
  await Promise.all(Array.from({ length: 10 }, () => withLock(lock, work)));
  return most;
}

test("a lock whose process has died is taken over, by one of ten at a time", async () =>
  assert.equal(await mostInside(lockOf(`${deadPid} ${hostname()}`)), 1));

test("one that died while it took over a dead lock holds nobody up", async () => {
  const lock = lockOf(`${deadPid} ${hostname()}`);
  writeFileSync(`${lock}.breaker`, `${deadPid} ${hostname()}`);
  assert.equal(await withLock(lock, () => "done"), "done");
});

test("a lock of another machine holds while it is touched", async () => {
  const lock = lockOf(`${deadPid} another-machine`);
  const work = withLock(lock, () => "done" as const);
  assert.equal(await Promise.race([work, soon(300)]), "waits");
  makeOld(lock);
  assert.equal(await work, "done");
});

test("a lock of another machine holds though this one's clock is far ahead", async (t) => {
  const lock = lockOf(`${deadPid} another-machine`);
  const now = Date.now.bind(Date);
  t.mock.method(Date, "now", () => now() + LONG_MS);
  const work = withLock(lock, () => "done" as const);
  assert.equal(await Promise.race([work, soon(300)]), "waits");
  rmSync(lock);
  assert.equal(await work, "done");
});

test("a holder's touch gives its lock the time of where it lies", async (t) => {
  const lock = join(folder, "lock");
  t.mock.timers.enable({ apis: ["setInterval"] });
  await withLock(lock, async () => {
    makeOld(lock);
    const { mtimeMs } = statSync(lock);
    t.mock.timers.tick(20_000);
    await soon(100);
    assert.ok(statSync(lock).mtimeMs > mtimeMs + LONG_MS / 2);
  });
});

test("who has lost a lock leaves it to its new holder", async () => {
  const lock = join(folder, "lock");
  await withLock(lock, () => {
    rmSync(lock);
    writeFileSync(lock, `${process.pid} another-machine`);
  });
  assert.equal(readFileSync(lock, "utf8"), `${process.pid} another-machine`);
  rmSync(lock);
});

test("a lock whose holder died before it wrote its name is free after seconds", async () => {
  const lock = lockOf("");
  const then = new Date(Date.now() - 11_000);
  utimesSync(lock, then, then);
  assert.equal(await withLock(lock, () => "done" as const), "done");
});

test("a lock of a living process holds however old it is: the machine may have slept", async () => {
  const lock = lockOf(`${process.pid} ${hostname()}`, { old: true });
  const work = withLock(lock, () => "done" as const);
  assert.equal(await Promise.race([work, soon(500)]), "waits");
  rmSync(lock);
  assert.equal(await work, "done");
});

test("a lock that nobody touched while it was watched is taken over: its number is another process's", async (t) => {
  const lock = lockOf(`${process.pid} ${hostname()}`);
  const work = withLock(lock, () => "done" as const);
  assert.equal(await Promise.race([work, soon(300)]), "waits");
  const now = performance.now.bind(performance);
  t.mock.method(performance, "now", () => now() + LONG_MS);
  assert.equal(await work, "done");
});

test("who waits is told at every try, and may give up", async () => {
  const lock = lockOf(`${process.pid} ${hostname()}`),
    tries: number[] = [];
  const work = withLock(
    lock,
    () => {},
    (count) => {
      tries.push(count);
      if (count === 1) throw new Error("no longer");
    },
  );
  await assert.rejects(work, /no longer/);
  assert.deepEqual([tries, existsSync(lock)], [[0, 1], true]);
  rmSync(lock);
});

test("a file is written whole, in pieces too, and what fails leaves the old one", () => {
  const file = join(folder, "a", "file");
  writeBeside(file, "old");
  writeBeside(file, [Buffer.from("ne"), Buffer.from("w")], { flush: true });
  assert.throws(() => writeBeside(file, [Buffer.from("half"), 1 as never]));
  assert.deepEqual([readFileSync(file, "utf8"), readdirSync(join(folder, "a"))], ["new", ["file"]]);
  rmSync(join(folder, "a"), { recursive: true });
});

for (const [code, remedy] of [
  ["ENOSPC", /no space is left on the disk: free some, or name a folder elsewhere \(KOMALAB_RUNS/],
  ["EDQUOT", /your share of the disk is used up: free some/],
  ["EROFS", /the disk can only be read: mount it for writing/],
  ["EACCES", /you may not write there: change its rights \(chmod u\+w\)/],
] as const)
  test(`${code}: a refusal names the file and what to do`, () => {
    const refuse = () => {
      throw Object.assign(new Error(`${code}: as the system says it, write`), { code, syscall: "write" });
    };
    assert.throws(
      () => writing("/runs/x/result.json", refuse),
      (error: NodeJS.ErrnoException) =>
        error.message.startsWith("/runs/x/result.json cannot be written: ") &&
        remedy.test(error.message) &&
        error.code === code,
    );
  });

test("a file larger than may be written leaves the old one, and says so", () => {
  const file = join(folder, "limited");
  writeBeside(file, "old");
  const script = `require("./setup/files.cjs").writeBeside(${JSON.stringify(file)}, Buffer.alloc(1 << 22))`;
  const run = spawnSync("bash", ["-c", `ulimit -f 1024; exec "$0" -e '${script}'`, process.execPath], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  assert.match(
    run.stderr,
    /limited cannot be written: no file may be so large here: raise the limit \(ulimit -f\)/,
  );
  assert.equal(readFileSync(file, "utf8"), "old");
  rmSync(file);
});

test("a file where a folder is to be is named", async () => {
  const file = join(folder, "plain");
  writeBeside(file, "text");
  assert.throws(
    () => writeBeside(join(file, "inner"), ""),
    /inner cannot be written: a file stands where a folder/,
  );
  await assert.rejects(
    withLock(join(file, "lock"), () => {}),
    /lock cannot be written: a file stands where a folder/,
  );
  rmSync(file);
});
