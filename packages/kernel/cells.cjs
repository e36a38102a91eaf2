// @ts-check
"use strict";
/** Runs cells one after the other: compiles, runs, collects what fails in the background. */
const fs = require("node:fs");
const vm = require("node:vm");
const { Interrupted, interruptible, protect, stop } = require("./interrupt.cjs");
const { show } = require("./show.cjs");
const traces = require("./traces.cjs");

/**
 * The cells of one kernel, which share their variables.
 * @param {ReturnType<import("./compile.cjs").createCompiler>} compiler
 * @param {ReturnType<import("./modules.cjs").createModules>} modules
 * @param {(code: string) => {module?: string}} metadata of a cell: tslab's `@module` comments
 */
function createCells(compiler, modules, metadata) {
  /** @type {Record<string, unknown>} the variables of all cells */
  const variables = {};
  let declarations = "";
  /** @type {unknown[]} what failed while no cell ran */
  const late = [];
  /** Errors that a cell has answered with: the same error may come back from promises that it rejected. */
  const told = new WeakSet();

  const isNew = (error) => !(error instanceof Interrupted) && !(isObject(error) && told.has(error));
  function background(error) {
    if (!isNew(error)) return;
    if (isObject(error)) told.add(error);
    if (!stop(error)) late.push(error);
  }
  process.removeAllListeners("uncaughtException").on("uncaughtException", background);
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", background);

  async function evaluate(code, number) {
    const meta = metadata(code);
    if (meta.module) {
      compiler.addModule(meta.module, code, meta);
      return undefined;
    }
    const fileName = `[cell ${number}]`;
    const cell = compiler.compile(declarations, code, fileName);
    modules.forget(cell.changed);
    traces.register(fileName, cell.maps, cell.shift);
    const parameters = "exports, require, __komalab_import, __komalab_done";
    const source = `(${cell.isAsync ? "async " : ""}function __komalab_cell(${parameters}) {\n${cell.output}\n})`;
    const run = vm.runInThisContext(source, { filename: fileName, lineOffset: -1 });
    let done = 0;
    try {
      await interruptible(() => run(variables, modules.require, importName, (end) => (done = end)));
    } catch (error) {
      keep(cell.text, done);
      throw error;
    }
    declarations = cell.declarations;
    if (cell.last === undefined) return undefined;
    const value = variables[cell.last];
    variables[cell.last] = undefined; // not deleted: V8 would make the object's properties slow
    return value === undefined ? undefined : interruptible(() => show(value)); // getters are the user's code
  }

  /**
   * Declares what a cell has declared before it failed, and its functions and types.
   * @param {string} text of the cell @param {number} done how many characters of it have run
   */
  function keep(text, done) {
    for (const part of compiler.declaring(text, done)) {
      try {
        const kept = compiler.compile(declarations, part, "[cell]");
        modules.forget(kept.changed);
        declarations = kept.declarations;
        return;
      } catch {
        // a function that uses what was not reached: without functions then
      }
    }
  }

  return {
    /**
     * Runs one cell.
     * @param {string} code @param {number | string} number its execution count
     * @returns {Promise<string | undefined>} its last expression as text
     * @throws whatever it, or something that an earlier cell left running, throws
     */
    async run(code, number) {
      try {
        const text = await evaluate(code, number);
        await new Promise((done) => setTimeout(() => setImmediate(done), 1)); // a promise rejected by the cell is heard of here
        if (late.length > 0) throw late.shift();
        return text;
      } catch (error) {
        if (isObject(error)) told.add(error);
        throw error;
      }
    },
    complete: (code, at) => protect(() => compiler.complete(declarations, code, at)),
    inspect: (code, at) => protect(() => compiler.inspect(declarations, code, at)),
    completeness: (code) => protect(() => compiler.completeness(code)),
    close: () => compiler.close(),

    /**
     * Waits a little for timers of the last cell and reports what failed after it had answered, one JSON
     * object a line, into the file that KOMALAB_KERNEL_ERRORS names.
     * @returns {Promise<boolean>} true if nothing failed
     */
    async finish() {
      const until = Date.now() + 500;
      do await new Promise((done) => setTimeout(done, 5).unref() && setImmediate(done));
      while (Date.now() < until && process.getActiveResourcesInfo().includes("Timeout"));
      const lines = late.map((error) => `${JSON.stringify(traces.describe(error))}\n`).join("");
      if (lines && process.env.KOMALAB_KERNEL_ERRORS)
        fs.appendFileSync(process.env.KOMALAB_KERNEL_ERRORS, lines);
      return late.length === 0;
    },
  };
}

/** @param {unknown} value @returns {value is object} */
const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

/**
 * Makes an imported name a variable: read from its module, where it may change, until a later cell declares it
 * anew.
 * @param {Record<string, unknown>} variables @param {string} name @param {{get(): unknown}} imported
 */
function importName(variables, name, { get }) {
  const shape = { configurable: true, enumerable: true };
  const set = (value) => void Object.defineProperty(variables, name, { ...shape, writable: true, value });
  Object.defineProperty(variables, name, { ...shape, get, set });
}

module.exports = { createCells };
