/** A kernel that never answers when it is first started. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { type Notebook, outputsOf } from "..";

const folder = mkdtempSync(join(tmpdir(), "komalab-startup-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const started = join(folder, "started");
const LATE = `
const { existsSync, writeFileSync } = require("node:fs");
if (existsSync(${JSON.stringify(started)})) require(${JSON.stringify(join(projectRoot, "packages/kernel/launcher.cjs"))});
else { writeFileSync(${JSON.stringify(started)}, ""); setInterval(() => {}, 1000); }
`;

test("another kernel is started in its place, once, and the cells run", async () => {
  const spec = join(folder, "kernels", "late"),
    file = join(folder, "one.ipynb"),
    program = join(folder, "late.cjs");
  mkdirSync(spec, { recursive: true });
  writeFileSync(program, LATE);
  const argv = [process.execPath, "--no-force-async-hooks-checks", program, "{connection_file}"];
  writeFileSync(
    join(spec, "kernel.json"),
    JSON.stringify({ argv, display_name: "late", language: "typescript" }),
  );
  const cell = { cell_type: "code", source: "1 + 1", metadata: {}, outputs: [], execution_count: null };
  writeFileSync(file, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 4 }));
  // stdin stays open: its end stops the notebook
  const child = spawn(
    join(projectRoot, ".venv", "bin", "python"),
    [join(projectRoot, "packages/notebook/execute.py"), file, "late", folder],
    { env: { ...process.env, JUPYTER_PATH: folder, KOMALAB_KERNEL_SECONDS: "8", PYTHONUTF8: "1" } },
  );
  const stdout = await text(child.stdout);
  assert.match(stdout, /the kernel gave no answer in 8 s: another one is started/);
  const [output] = outputsOf(JSON.parse(readFileSync(file, "utf8")) as Notebook);
  assert.equal(String(output?.data?.["text/plain"]), "2", stdout);
});
