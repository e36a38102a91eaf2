/**
 * How long notebooks are: a reader is to see the experiment, not a program. And whether their outputs are of
 * their cells.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../lib/support/files";
import { cellsHash, codeCells, readNotebook, textOf } from "../packages/notebook";

const folder = join(projectRoot, "notebooks");
const MOST = { lines: 90, columns: 110, imports: 12 };

/** Lines of code: no empty ones, no comments. */
const codeOf = (name: string): string[] =>
  codeCells(readNotebook(join(folder, name)))
    .flatMap(({ source }) => textOf(source).split("\n"))
    .filter((line) => !/^\s*(\/\/.*)?$/.test(line));

const NOTEBOOKS = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

for (const name of NOTEBOOKS)
  test(`${name} has at most ${MOST.lines} lines of code of ${MOST.columns} columns, ${MOST.imports} imports`, () => {
    const lines = codeOf(name);
    assert.ok(lines.length <= MOST.lines, `${lines.length} lines`);
    assert.deepEqual(
      lines.filter((line) => line.length > MOST.columns),
      [],
    );
    const imports = lines.filter((line) => line.startsWith("import ")).length;
    assert.ok(imports <= MOST.imports, `${imports} imports`);
  });

const TEMPLATE = "template.ipynb"; // it is there to be filled in

for (const name of NOTEBOOKS.filter((one) => one !== TEMPLATE))
  test(`${name} was executed as it stands`, () => {
    const notebook = readNotebook(join(folder, name));
    assert.equal(
      notebook.metadata.komalab?.executed,
      cellsHash(notebook),
      `its cells have changed: npm run report -- --full --only ${name.slice(0, 2)}`,
    );
  });
