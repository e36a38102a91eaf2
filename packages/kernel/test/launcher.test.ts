import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../../lib/support/files";

const folder = mkdtempSync(join(tmpdir(), "komalab-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("another version of tslab is refused with a remedy", () => {
  cpSync(join(projectRoot, "packages/kernel"), join(folder, "packages/kernel"), { recursive: true });
  mkdirSync(join(folder, "node_modules/tslab"), { recursive: true });
  writeFileSync(join(folder, "node_modules/tslab/package.json"), '{ "version": "1.0.23" }');
  const run = spawnSync(process.execPath, [join(folder, "packages/kernel/launcher.cjs"), "connection.json"], {
    encoding: "utf8",
  });
  assert.equal(run.status, 1);
  assert.match(run.stderr, /1\.0\.23.*npm install --save-exact tslab@1\.0\.22/);
});

test("the kernel is registered as tslab with paths that exist", () => {
  const run = spawnSync(
    process.execPath,
    [join(projectRoot, "packages/kernel/install.cjs"), join(folder, "venv")],
    { encoding: "utf8" },
  );
  const spec = JSON.parse(readFileSync(run.stdout.trim(), "utf8")) as {
    argv: string[];
    display_name: string;
  };
  assert.equal(run.stdout.trim(), join(folder, "venv/share/jupyter/kernels/tslab/kernel.json"));
  assert.equal(spec.display_name, "TypeScript (komalab)");
  assert.deepEqual(
    spec.argv.filter((word) => word.startsWith("/")).map((path) => existsSync(path)),
    [true, true],
  );
});
