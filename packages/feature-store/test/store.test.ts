import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { featureFolders, makeRoom, pruneFeatures } from "../../../setup/features.cjs";
import { FeatureStore } from "../store";

function ownFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "komalab-features-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const numbersOf = (n: number) => Float32Array.from({ length: 100 }, (_, i) => n + i / 8); // 400 bytes
const KEYS = [0, 1, 2, 3, 4];

function filled(folder: string, limits = {}): FeatureStore {
  const store = new FeatureStore(folder, limits);
  for (const n of KEYS) store.add(`${n}/0`, numbersOf(n));
  store.flush();
  return store;
}
const valuesOf = (store: FeatureStore) => KEYS.map((n) => store.get(`${n}/0`));

test("features come back from files where memory has no room for them", (t) => {
  const folder = ownFolder(t);
  assert.deepEqual(valuesOf(filled(folder, { memory: 0 })), KEYS.map(numbersOf));
  assert.deepEqual(valuesOf(new FeatureStore(folder, { memory: 0 })), KEYS.map(numbersOf));
});

test("features that no file holds yet are known", (t) => {
  const store = new FeatureStore(ownFolder(t), { memory: 0 });
  store.add("1/0", numbersOf(1));
  assert.deepEqual([store.has("1/0"), store.get("1/0")], [true, numbersOf(1)]);
});

test("memory holds no more than its limit", (t) => {
  const folder = ownFolder(t);
  filled(folder);
  const store = new FeatureStore(folder, { memory: 900 });
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  assert.deepEqual(
    KEYS.filter((n) => {
      try {
        return store.get(`${n}/0`).length > 0;
      } catch {
        return false;
      }
    }),
    [0, 1],
  );
});

test("files are written as features come, not all at the end", (t) => {
  const folder = ownFolder(t);
  const store = new FeatureStore(folder, { pack: 800 });
  for (const n of KEYS) store.add(`${n}/0`, numbersOf(n));
  assert.equal(readdirSync(folder).length, 2); // the fifth waits
  store.flush();
  assert.equal(readdirSync(folder).length, 3);
});

test("a file that is deleted after it was read from can still be read", (t) => {
  const folder = ownFolder(t);
  filled(folder);
  const store = new FeatureStore(folder, { memory: 0 });
  store.get("0/0");
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  assert.deepEqual(store.get("4/0"), numbersOf(4));
});

test("a store without a folder writes nothing and keeps all in memory", () =>
  assert.deepEqual(valuesOf(filled("", { memory: 0 })), KEYS.map(numbersOf)));

/** A cache of folders of 1 MB, opened so many days ago. */
function cacheOf(t: TestContext, days: Readonly<Record<string, number>>): string {
  const root = ownFolder(t),
    before = { ...process.env };
  process.env.KOMALAB_CACHE = root;
  process.env.KOMALAB_FEATURES_GB = "0.003";
  t.after(() => {
    for (const name of ["KOMALAB_CACHE", "KOMALAB_FEATURES_GB"])
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
  });
  for (const [name, age] of Object.entries(days)) {
    const folder = join(root, "features", name),
      then = Date.now() / 1000 - age * 86_400;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "a.pack"), Buffer.alloc(1e6));
    utimesSync(folder, then, then);
  }
  return join(root, "features");
}

test("before more is written, what nobody has opened for the longest time goes", (t) => {
  const root = cacheOf(t, { newest: 2, oldest: 9, older: 5 });
  assert.equal(makeRoom(join(root, "own"), 1e6), 0);
  assert.deepEqual(readdirSync(root).sort(), ["newest", "older"]);
});

test("what was opened today stays, and the bytes above the limit are told", (t) => {
  const root = cacheOf(t, { a: 0.1, b: 0.2, c: 0.3 });
  assert.equal(makeRoom(join(root, "own"), 1e6), 1e6);
  assert.equal(readdirSync(root).length, 3);
});

test("pruning leaves the newest that fit", (t) => {
  cacheOf(t, { newest: 0, oldest: 9, older: 5 });
  assert.equal(pruneFeatures(1.5e6).gone.length, 2);
  assert.deepEqual(
    featureFolders().map(({ path }) => path.slice(-6)),
    ["newest"],
  );
});

test("a limit that is no number is refused with its name", (t) => {
  const root = cacheOf(t, {});
  process.env.KOMALAB_FEATURES_GB = "viel";
  assert.throws(() => makeRoom(join(root, "own"), 1), /KOMALAB_FEATURES_GB is viel: a number of gigabytes/);
});
