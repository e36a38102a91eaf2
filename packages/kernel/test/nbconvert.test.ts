/**
 * Notebooks in any folder, run by plain nbconvert. KOMALAB_BUSY=4 runs them beside as many busy processes.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { code, notebook } from "../../notebook/test/sample";

interface Cell {
  readonly execution_count: number | null;
  readonly outputs: readonly {
    readonly output_type: string;
    readonly ename?: string;
    readonly name?: string;
    readonly text?: readonly string[];
    readonly data?: Readonly<Record<string, readonly string[]>>;
  }[];
}

const folder = mkdtempSync(join(tmpdir(), "komalab-"));
const busy = Array.from({ length: Number(process.env.KOMALAB_BUSY ?? 0) }, () =>
  spawn(process.execPath, ["-e", "for (;;);"]),
);
after(() => {
  for (const one of busy) one.kill();
  rmSync(folder, { recursive: true, force: true });
});

function execute(
  name: string,
  sources: readonly string[],
  ...options: readonly string[]
): { readonly status: number | null; readonly stderr: string; readonly cells: readonly Cell[] } {
  const path = join(folder, `${name}.ipynb`);
  const cells = sources.map((source) =>
    code(source, ...(source.includes("expected") ? ["raises-exception"] : [])),
  );
  writeFileSync(path, JSON.stringify(notebook(cells)));
  const run = spawnSync(
    join(projectRoot, ".venv/bin/jupyter"),
    ["nbconvert", "--to", "notebook", "--inplace", "--execute", ...options, path],
    { cwd: folder, encoding: "utf8" },
  );
  return {
    status: run.status,
    stderr: run.stderr,
    cells: (JSON.parse(readFileSync(path, "utf8")) as { cells: Cell[] }).cells,
  };
}

let allowed: ReturnType<typeof execute>;
before(() => {
  allowed = execute("allowed", [
    'import { tf } from "./packages/tfjs-graph/backend";\nimport { sha256 } from "./lib/support/files";\nawait tf.ready();\nconsole.log(tf.add(1, 2).dataSync()[0], sha256("").length);',
    'throw new TypeError("expected")',
    'console.log("goes on")',
    "for (let i = 0; i < 3000; i++) console.log(i)",
    "for (let i = 0; i < 5000; i++) { console.log(i); console.error(i); }",
    'const show = (globalThis as any)[Symbol.for("komalab.display")];\nfor (let i = 0; i <= 10000; i++) show({ data: { "text/plain": String(i) }, transient: { display_id: "d" } }, i > 0);',
    'const line = "漫".repeat(999);\nfor (let i = 0; i < 7000; i++) console.log(line); // 21 MB',
  ]);
});

test("a notebook anywhere imports ./lib and TensorFlow.js, and its cells are counted", () => {
  assert.equal(allowed.status, 0, allowed.stderr);
  assert.deepEqual(
    allowed.cells.map((cell) => cell.execution_count),
    [1, 2, 3, 4, 5, 6, 7],
  );
  assert.deepEqual(allowed.cells[0].outputs[0].text, ["3 64\n"]);
});
test("an expected error is an error output and the cells after it run", () => {
  assert.deepEqual(
    allowed.cells[1].outputs.map(({ output_type, ename }) => [output_type, ename]),
    [["error", "TypeError"]],
  );
  assert.deepEqual(allowed.cells[2].outputs[0].text, ["goes on\n"]);
});
test("every line is in the saved notebook", () =>
  assert.equal(allowed.cells[3].outputs.flatMap(({ text }) => text).length, 3000));
const written = (cell: number, stream: string) =>
  allowed.cells[cell].outputs.flatMap(({ name, text }) => (name === stream ? (text ?? []) : []));
test("5,000 lines to each of two streams in turn are in the saved notebook, in order", () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `${i}\n`);
  assert.deepEqual([written(4, "stdout"), written(4, "stderr")], [lines, lines]);
});
test("of 10,000 updates of a display the last is in the saved notebook", () => {
  assert.equal(allowed.cells[5].outputs.length, 1);
  assert.deepEqual(allowed.cells[5].outputs[0].data?.["text/plain"], ["10000"]);
});
test("21 MB of one cell are in the saved notebook", () => {
  const lines = written(6, "stdout");
  assert.equal(lines.length, 7000);
  assert.ok(lines.every((line) => line.length === 1000));
});
test("TensorFlow's own log is no output", () => assert.equal(allowed.cells[0].outputs.length, 1));
test("a rejection that nobody handles fails nbconvert", () => {
  const failed = execute("failed", ['Promise.reject(new Error("nobody listens"))', "1"]);
  assert.notEqual(failed.status, 0);
  assert.match(failed.stderr, /Error: nobody listens/);
});
