// @ts-check
"use strict";
/**
 * Stack traces in the user's own lines: [cell 3]:2:7 and lib/tokens.ts:40:3, without the kernel's own frames.
 */
const { SourceMap } = require("node:module");
const path = require("node:path");
const { inspect } = require("node:util");

/** What a cell or a file that it imports does not compile with. */
class TypeScriptError extends Error {
  /** @param {readonly string[]} lines one for each diagnostic */
  constructor(lines) {
    super(lines[0]);
    this.name = "TypeScriptError";
    this.lines = lines;
  }
}

/** @typedef {{maps: readonly object[], shift: number, parsed?: SourceMap[]}} Script */
/** @type {Map<string, Script>} */
const files = new Map();
/** @type {Map<string, Script>} the newest, as nothing says when the last function of a cell is gone */
const cells = new Map();
const KEPT_CELLS = 1000; // 1 kB each; in traces an older one stands without its lines
const isCell = (fileName) => fileName.startsWith("[cell ");

/**
 * Makes positions of a compiled script known.
 * @param {string} fileName as given to the virtual machine
 * @param {readonly object[]} maps source maps, that of the last compilation step first
 * @param {number} shift lines of the original that the user did not write
 */
function register(fileName, maps, shift = 0) {
  (isCell(fileName) ? cells : files).set(fileName, { maps, shift });
  if (cells.size > KEPT_CELLS) cells.delete(/** @type {string} */ (cells.keys().next().value));
}

/** @param {Script} script @param {number} line from 1 @param {number} column from 1 */
function original(script, line, column) {
  script.parsed ??= script.maps.map((map) => new SourceMap(/** @type {any} */ (map)));
  let at = { line: line - 1, column: column - 1 };
  for (const map of script.parsed) {
    const entry = /** @type {any} */ (map.findEntry(at.line, at.column));
    if (entry.originalLine !== undefined) at = { line: entry.originalLine, column: entry.originalColumn };
  }
  return `${Math.max(1, at.line + 1 - script.shift)}:${at.column + 1}`;
}

/**
 * Shows every error's stack, wherever it is read, in the user's lines.
 * @param {string} root frames of the project are shown relative to it
 */
function install(root) {
  const hidden = /^node:|[\\/]packages[\\/]kernel[\\/]|[\\/]tslab[\\/]dist[\\/]/;
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.flatMap((site) => {
      const file = site.getFileName() ?? "";
      if (hidden.test(file)) return [];
      const script = cells.get(file) ?? files.get(file);
      const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
      const shown = file.startsWith(root + path.sep) ? path.relative(root, file) : file;
      const text = String(site).replace("Object.<anonymous> (", "(").replace("__komalab_cell", "cell");
      const place = script ? `:${original(script, line, column)}` : isCell(file) ? "" : `:${line}:${column}`;
      return [text.replace(`${file}:${line}:${column}`, shown + place)];
    });
    let head = "Error";
    try {
      head = Error.prototype.toString.call(error);
    } catch {
      // an error whose message cannot be read has its class only
    }
    return [head, ...frames].join("\n    at ");
  };
}

/**
 * An error as Jupyter's protocol wants it.
 * @param {unknown} error whatever was thrown
 * @returns {{ename: string, evalue: string, traceback: string[]}}
 */
function describe(error) {
  if (error instanceof TypeScriptError)
    return { ename: error.name, evalue: error.message, traceback: [...error.lines] };
  try {
    if (error instanceof Error || (typeof error === "object" && error !== null && "stack" in error)) {
      const { name, message } = /** @type {Error} */ (error);
      const shown = inspect(error).replace(/^\[(.*)\]$/s, "$1"); // brackets: no frame of the user's
      return { ename: String(name || "Error"), evalue: String(message), traceback: shown.split("\n") };
    }
    return { ename: "Error", evalue: String(error), traceback: [`thrown: ${inspect(error)}`] };
  } catch (again) {
    return { ename: "Error", evalue: "an error that cannot be shown", traceback: [String(again)] };
  }
}

module.exports = { TypeScriptError, register, install, describe };
