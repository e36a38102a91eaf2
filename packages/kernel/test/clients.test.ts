/** The kernel under programs of others: Jupyter's own tests of kernels, papermill, jupytext. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { code, notebook } from "../../notebook/test/sample";

const folder = mkdtempSync(join(tmpdir(), "komalab-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const bin = join(projectRoot, ".venv/bin");
const absent = (program: string) =>
  !existsSync(join(bin, program)) && `.venv has no ${program}: npm run setup`;

interface Notebook {
  readonly metadata: { readonly komalab?: unknown };
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: readonly string[];
    readonly metadata: { readonly tags?: readonly string[] };
    readonly outputs?: readonly { readonly data?: Readonly<Record<string, readonly string[]>> }[];
  }[];
}
const read = (name: string): Notebook => JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook;
const result = (name: string) =>
  read(name)
    .cells.at(-1)
    ?.outputs?.flatMap(({ data }) => data?.["text/plain"] ?? [])
    .join("");
function run(program: string, ...args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(join(bin, program), args, { cwd: folder, encoding: "utf8" });
  return { status, output: stdout + stderr };
}
function write(name: string, ...sources: readonly string[]): void {
  const cells = sources.map((source, i) => code(source, ...(i === 0 ? ["parameters"] : [])));
  writeFileSync(join(folder, name), JSON.stringify(notebook(cells)));
}

const suite = spawnSync(join(bin, "python"), ["-c", "import jupyter_kernel_test"]).status === 0;
test("Jupyter's own tests of kernels pass, all but the pager's", {
  skip: !suite && ".venv has no jupyter_kernel_test: npm run setup",
}, () => {
  const { output } = run("python", join(__dirname, "official.py"));
  assert.match(output, /OK \(skipped=1\)\s*$/, output);
});

test("papermill sets parameters, whose types are checked", { skip: absent("papermill") }, () => {
  write(
    "in.ipynb",
    "let name = 'x';\nlet rate: number = 0.1; // of learning\nlet on = true;\nlet list: number[] = [];\nlet columns: { text?: string } =\n  {};\nlet none: string | null = '';",
    "[name, rate, on, list, columns, none]",
  );
  const done = run(
    "papermill",
    ...["in.ipynb", "out.ipynb", "-p", "name", '吹き出し "1"', "-p", "rate", "2e-4", "-p", "on", "False"],
    ...["-y", "{list: [1, 2], columns: {text: 表}, none: null}"],
  );
  assert.equal(done.status, 0, done.output);
  assert.equal(result("out.ipynb"), `[ '吹き出し "1"', 0.0002, false, [ 1, 2 ], { text: '表' }, null ]`);
  const wrong = run("papermill", "in.ipynb", "wrong.ipynb", "-p", "rate", "high");
  assert.notEqual(wrong.status, 0);
  assert.match(wrong.output, /Type 'string' is not assignable to type 'number'/);
});

test("papermill lists the settings of a notebook of ours", { skip: absent("papermill") }, () => {
  const { output } = run(
    "papermill",
    "--help-notebook",
    join(projectRoot, "notebooks/01-freeze-modes.ipynb"),
  );
  assert.match(output, /seeds: .*\(default 3\)\s+the fewest that let/);
});

test("our notebooks go to jupytext's ts:percent and back, settings of a quick run too", {
  skip: absent("jupytext"),
}, () => {
  copyFileSync(join(projectRoot, "jupytext.toml"), join(folder, "jupytext.toml"));
  copyFileSync(join(projectRoot, "notebooks/01-freeze-modes.ipynb"), join(folder, "ours.ipynb"));
  assert.equal(run("jupytext", "--to", "ts:percent", "ours.ipynb").status, 0);
  assert.equal(run("jupytext", "--to", "ipynb", "--output", "back.ipynb", "ours.ts").status, 0);
  const cells = (name: string) =>
    read(name).cells.map(({ cell_type, source, metadata }) => [cell_type, source, metadata.tags]);
  assert.deepEqual(cells("back.ipynb"), cells("ours.ipynb"));
  assert.ok(read("ours.ipynb").metadata.komalab);
  assert.deepEqual(read("back.ipynb").metadata.komalab, read("ours.ipynb").metadata.komalab);
});

test("a text notebook runs", { skip: absent("jupytext") }, () => {
  write("run.ipynb", "let lines = 3;", "// a comment\nlines + 1");
  assert.equal(run("jupytext", "--to", "ts:percent", "run.ipynb").status, 0);
  const done = run("jupytext", "--to", "ipynb", "--execute", "--output", "ran.ipynb", "run.ts");
  assert.equal(done.status, 0, done.output);
  assert.equal(result("ran.ipynb"), "4");
});
