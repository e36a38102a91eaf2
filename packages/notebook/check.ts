/**
 * `npm run check`: format and lint (format.ts), and types: of lib, packages, test and bench, of the plain
 * JavaScript of setup and of the kernel, and of the cells of every notebook. `-- --write` repairs what can be
 * repaired.
 */

import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import { projectRoot } from "../../lib/support/files";
import { printable } from "../../lib/support/printable";
import { checkCells, checkFiles } from "./format";
import { codeCells, readNotebook, textOf } from "./notebook";

/** What the kernel compiles cells with: a cell is checked here exactly as when it runs. */
interface Compiler {
  compile(declarations: string, code: string, name: string): { readonly declarations: string };
}

/**
 * Loads the compiler, once for all notebooks.
 * @returns checks the cells of an .ipynb file one after the other, each with what those before it declare,
 *   and gives the type errors of the first that has any (later ones may use what it should have declared):
 *   lines such as `notebooks/01-modes.ipynb, cell 3:2:7 - Type …`
 */
export function cellChecker(): (path: string) => readonly string[] {
  const load = createRequire(join(projectRoot, "package.json"));
  const { createCompiler } = load("./packages/kernel/compile.cjs") as {
    createCompiler(root: string, load: NodeRequire): Compiler;
  };
  const compiler = createCompiler(projectRoot, load);
  return (path) => {
    const cells = codeCells(readNotebook(path));
    let declarations = "";
    for (const [i, cell] of cells.entries()) {
      try {
        const name = `${relative(projectRoot, resolve(path))}, cell ${i + 1}`;
        declarations = compiler.compile(declarations, textOf(cell.source), name).declarations;
      } catch (error) {
        const lines = (error as { lines?: readonly string[] }).lines;
        if (!lines) throw error;
        return i + 1 < cells.length ? [...lines, "  (the cells after it are not checked)"] : lines;
      }
    }
    return [];
  };
}

/** Runs TypeScript's own checker on a tsconfig.json. @returns its errors */
async function project(folder: string): Promise<readonly string[]> {
  const compiler = join(projectRoot, "node_modules/typescript/bin/tsc");
  const child = spawn(process.execPath, [compiler, "-p", join(projectRoot, folder), "--pretty", "false"], {
    cwd: projectRoot,
  });
  let text = "";
  for await (const piece of child.stdout.setEncoding("utf8")) text += piece;
  return text.split("\n").filter(Boolean);
}

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => arg !== "--write");
  if (unknown !== undefined) throw new Error(`npm run check knows --write alone, not ${unknown}`);
  const write = args.includes("--write");
  const folder = join(projectRoot, "notebooks");
  const notebooks = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".ipynb"))
        .map((name) => join(folder, name))
    : [];
  const written = [...checkFiles(write), ...checkCells(notebooks, write)];
  const projects = ["", "setup", "packages/kernel"].map(project); // beside the notebooks, which are checked here
  const check = cellChecker();
  const types = [...notebooks.flatMap(check), ...(await Promise.all(projects)).flat()];
  for (const line of [...written, ...types]) console.log(printable(line));
  if (written.length > 0)
    console.log("format or lint: `npm run check -- --write` repairs what can be repaired");
  const errors = types.length === 0 ? "no type errors" : `${types.length} lines of type errors`;
  console.log(`${errors} in lib, packages, test, bench, setup and ${notebooks.length} notebooks`);
  process.exitCode = written.length + types.length === 0 ? 0 : 1;
}

if (require.main === module) void main(process.argv.slice(2));
