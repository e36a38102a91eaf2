// @ts-check
"use strict";
/** Completion of the paths that a cell imports: files and folders of the project, as its imports name them. */
const fs = require("node:fs");
const path = require("node:path");

/** The path before the cursor, in `from "./lib/sh`, `import("./` or `require("./`. */
const BEGUN = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["'](\.{1,2}\/[^"'\n]*)$/;
/** What an import leaves out of a file's name. */
const SOURCE = /(?:\/index)?(?<!\.d)\.tsx?$/;

/** @param {string} folder @returns {fs.Dirent[]} */
function entriesOf(folder) {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // there is no such folder
  }
}

/**
 * What may stand for the last part of a path that is begun before the cursor.
 * @param {string} code @param {number} at @param {string} root from which a cell's imports start
 * @returns {{start: number, end: number, candidates: string[]} | undefined} undefined: no path is begun there
 */
function pathCandidates(code, at, root) {
  const [, begun] = BEGUN.exec(code.slice(0, at)) ?? [];
  if (begun === undefined) return undefined;
  const last = begun.slice(begun.lastIndexOf("/") + 1);
  const folder = path.resolve(root, begun.slice(0, begun.length - last.length));
  const candidates = entriesOf(folder)
    .filter(({ name }) => name.startsWith(last) && !name.startsWith(".") && name !== "node_modules")
    .flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : SOURCE.test(entry.name) ? [entry.name.replace(SOURCE, "")] : [],
    )
    .sort();
  return { start: at - last.length, end: at, candidates: [...new Set(candidates)] };
}

module.exports = { pathCandidates };
