/**
 * One format for all that is written by hand, and the linter's rules, with the settings of biome.jsonc. Biome
 * reads no notebooks: the cells of each are laid out as files, treated like any other, and put back.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { projectRoot, writeBeside } from "../../lib/support/files";
import { codeCells, readNotebook, textOf } from "./notebook";

const FOLDER = join(projectRoot, ".setup");

/** Runs Biome on paths. @returns its complaints, empty where it has none */
function biome(paths: readonly string[], write: boolean): readonly string[] {
  const program = join(projectRoot, "node_modules", "@biomejs", "biome", "bin", "biome");
  const options = ["--error-on-warnings", "--max-diagnostics=100", "--colors=off"];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, "check", ...options, ...(write ? ["--write"] : []), ...paths],
    { cwd: projectRoot, encoding: "utf8", maxBuffer: 1 << 26 },
  );
  return status === 0 ? [] : `${stdout}${stderr}`.split("\n").filter((line) => line.trim() !== "");
}

/** The project's own files. @param write repairs what can be repaired instead of complaining */
export function checkFiles(write = false): readonly string[] {
  return biome(["."], write);
}

/**
 * The code cells of notebooks, counted from 1 as they are when they run.
 * @param paths of the .ipynb files
 * @param write puts formatted cells back; a notebook whose cells are as they should be is not touched
 * @returns complaints that name notebook, cell and line
 */
export function checkCells(paths: readonly string[], write = false): readonly string[] {
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, "cells-"));
  try {
    const names = new Map<string, string>(); // the path of a cell's file → what people call the cell
    const books = paths.map((path) => {
      const notebook = readNotebook(path);
      const own = mkdtempSync(join(folder, `${basename(path, ".ipynb")}-`));
      const files = codeCells(notebook).map((cell, i) => {
        const file = join(own, `${i + 1}.ts`);
        writeFileSync(file, `${textOf(cell.source).trimEnd()}\n`);
        names.set(relative(projectRoot, file), `${relative(projectRoot, resolve(path))}, cell ${i + 1}`);
        return [cell, file] as const;
      });
      return { path, notebook, files: new Map(files) };
    });
    const said = biome([folder], write).map((line) =>
      line.replace(/\.setup\/cells-[^ :]+\.ts/g, (file) => names.get(file) ?? file),
    );
    for (const { path, notebook, files } of write ? books : []) {
      const cells = notebook.cells.map((cell) => {
        const file = files.get(cell),
          source = file && readFileSync(file, "utf8").trimEnd();
        // a list of lines, each with its end, as Jupyter writes them
        return source === undefined || source === textOf(cell.source)
          ? cell
          : { ...cell, source: source.split(/(?<=\n)/) };
      });
      if (cells.some((cell, i) => cell !== notebook.cells[i]))
        writeBeside(path, `${JSON.stringify({ ...notebook, cells }, null, 1)}\n`);
    }
    return said;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
