import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { readNotebook, textOf } from "..";
import { cellChecker } from "../check";
import { checkCells } from "../format";

const folder = mkdtempSync(join(tmpdir(), "komalab-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const check = cellChecker();

function notebook(name: string, sources: readonly string[]): string {
  const path = join(folder, name);
  const cells = sources.map((source) => ({
    cell_type: source.startsWith("#") ? "markdown" : "code",
    metadata: {},
    outputs: [],
    source,
  }));
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  return path;
}

test("cells that use each other and the library are free of errors", () => {
  const path = notebook("good.ipynb", [
    "# title",
    'import { sha256 } from "./lib/support/files";\nlet epochs = 3;',
    "epochs = 5;\nconst epochsAgain = { epochs };\nawait Promise.resolve(1);",
    "const hash: string = sha256(String(epochsAgain.epochs));",
  ]);
  assert.deepEqual(check(path), []);
});

test("an error names notebook, cell and line", () => {
  const path = notebook("bad.ipynb", [
    "# title",
    "let epochs = 3;",
    "await Promise.resolve();\nconst word: string = epochs;",
    "word.length",
  ]);
  assert.deepEqual(check(path), [
    `${relative(projectRoot, path)}, cell 2:2:7 - Type 'number' is not assignable to type 'string'.`,
    "  (the cells after it are not checked)",
  ]);
});

test("cells are strict", () => {
  assert.match(
    check(notebook("loose.ipynb", ["function f(x) { return x; }"]))[0],
    /, cell 1:1:12 - Parameter 'x' implicitly has an 'any' type/,
  );
});

test("a cell in another format is named with its notebook, and rewritten where that is asked for", () => {
  const path = notebook("wide.ipynb", ["# title", "let epochs = 3;", "const twice=epochs  *2;"]);
  const name = `${relative(projectRoot, path)}, cell 2`;
  assert.ok(checkCells([path]).some((line) => line.startsWith(name)));
  assert.deepEqual(checkCells([path], true), []);
  assert.deepEqual(
    readNotebook(path).cells.map(({ source }) => textOf(source)),
    ["# title", "let epochs = 3;", "const twice = epochs * 2;"],
  );
});

test("a name that another cell uses or assigns is no complaint", () => {
  assert.deepEqual(checkCells([notebook("names.ipynb", ["let epochs = 3;", "epochs = 4;"])]), []);
});
