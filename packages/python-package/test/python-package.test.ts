/** A package from a folder in the place of the registry: pip takes both alike. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type PythonPackage, packageFolder } from "..";

/** A wheel of one file: pip looks at its name and its METADATA. */
const MAKE = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("sample/words.txt", "こんにちは")
    wheel.writestr("sample-1.2.dist-info/METADATA", "Metadata-Version: 2.1\\nName: sample\\nVersion: 1.2\\n")
    wheel.writestr("sample-1.2.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("sample-1.2.dist-info/RECORD", "")
`;
const UNPACK = `
import sys, zipfile
with open(f"{sys.argv[2]}/words.txt", "wb") as target:
    target.write(zipfile.ZipFile(sys.argv[1]).read("sample/words.txt"))
`;

const folder = mkdtempSync(join(tmpdir(), "komalab-python-package-"));
const environment = { ...process.env };
const sample: PythonPackage = { name: "sample", release: "1.2", sha256: "", form: "wheel", unpack: UNPACK };
let hash = "";
before(() => {
  const links = join(folder, "links"),
    wheel = join(links, "sample-1.2-py3-none-any.whl");
  mkdirSync(links);
  execFileSync("python3", ["-c", MAKE, wheel]);
  hash = createHash("sha256").update(readFileSync(wheel)).digest("hex");
  Object.assign(process.env, { PIP_NO_INDEX: "1", PIP_FIND_LINKS: links });
});
after(() => {
  process.env = environment;
  rmSync(folder, { recursive: true });
});
const cached = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path);
  process.env.KOMALAB_CACHE = path;
  return path;
};

test("what is needed of a package is fetched once, also by two that ask at a time", async () => {
  const cache = cached("whole");
  const told: number[] = [];
  const wanted = { ...sample, sha256: hash };
  assert.equal(existsSync(join(cache, "sample-1.2")), false);
  const ask = () => packageFolder(wanted, (done) => told.push(done));
  const [path] = await Promise.all([ask(), ask()]);
  await ask();
  assert.equal(readFileSync(join(path, "words.txt"), "utf8"), "こんにちは");
  assert.deepEqual([told, readdirSync(path), path], [[0, 1], ["words.txt"], join(cache, "sample-1.2")]);
  assert.deepEqual(readdirSync(cache), ["sample-1.2"]);
});

test("a file of another hash is refused, and nothing is left of it", async () => {
  const cache = cached("other");
  await assert.rejects(
    packageFolder({ ...sample, sha256: "0".repeat(64) }),
    /pip did not bring sample 1\.2 into .*other\/sample-1\.2:[\s\S]*0{64}/,
  );
  assert.deepEqual(readdirSync(cache), []);
});

test("what cannot be taken out is told, and nothing is left of it", async () => {
  const cache = cached("broken");
  await assert.rejects(
    packageFolder({ ...sample, sha256: hash, unpack: 'raise SystemExit("no such file")' }),
    /no such file/,
  );
  assert.deepEqual(readdirSync(cache), []);
});
