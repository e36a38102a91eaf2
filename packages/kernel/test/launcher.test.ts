import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
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

test("a kernel whose port is taken ends and says so", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const file = join(folder, "connection.json");
  const ports = ["shell", "iopub", "stdin", "control", "hb"].map((name) => [`${name}_port`, port]);
  const where = { ip: "127.0.0.1", transport: "tcp", key: "", signature_scheme: "hmac-sha256" };
  writeFileSync(file, JSON.stringify({ ...where, ...Object.fromEntries(ports) }));
  const kernel = spawn(process.execPath, [join(projectRoot, "packages/kernel/launcher.cjs"), file]);
  let said = "";
  kernel.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [status] = (await once(kernel, "close")) as [number];
  taken.close();
  assert.equal(status, 1);
  assert.match(said, /connection\.json: the kernel cannot listen where it says \(Address already in use\)/);
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
