// @ts-check
"use strict";
/**
 * `require` of cells and of the sources that they import: compiled when first used, loaded anew with their
 * importers after an edit.
 */
const { createRequire } = require("node:module");
const path = require("node:path");
const vm = require("node:vm");
const { protect } = require("./interrupt.cjs");
const { standIn } = require("./lazy.cjs");
const traces = require("./traces.cjs");

/** @typedef {{fileName: string, text: string}} Source */

/**
 * Loads what cells import: the project's sources by the kernel's compiler, all else by Node.
 * @param {{sources: ReadonlyMap<string, Source>, transpile(fileName: string, text: string): {output: string,
 *   map: object}}} compiler
 * @param {NodeRequire} load `require` of the project
 */
function createModules(root, compiler, load) {
  /** @type {Map<string, {exports: unknown}>} loaded modules, by the path of their output */
  const loaded = new Map();
  /** @type {Map<string, Set<string>>} who has asked for a module */
  const importers = new Map();
  /** @type {Set<string>} modules whose body has not come to its end; an interrupt runs no `finally` */
  const unfinished = new Set();
  /** Exports what stands in many rooms: what a cell uses of it is loaded, and no more. */
  const facade = path.join(root, "lib", "index.js");

  /** The path of a source's output, by which the compiler knows it; undefined for what Node loads. */
  function find(folder, name) {
    if (!/^\.{0,2}\//.test(name) && name !== "." && name !== "..") return undefined;
    const base = path.resolve(folder, name);
    return [`${base}.js`, base, path.join(base, "index.js")].find((file) => compiler.sources.has(file));
  }

  /** Loads a source for the first time. */
  function run(file) {
    const { fileName, text } = /** @type {Source} */ (compiler.sources.get(file));
    const { output, map } = protect(() => compiler.transpile(fileName, text));
    traces.register(fileName, [map]);
    const module = { exports: {}, filename: fileName, id: fileName };
    unfinished.add(file);
    loaded.set(file, module); // before it runs, as CommonJS does: circles then work
    try {
      const parameters = ["exports", "require", "module", "__filename", "__dirname"];
      const body = vm.compileFunction(output, parameters, { filename: fileName });
      body(
        module.exports,
        requireFrom(path.dirname(fileName), file),
        module,
        fileName,
        path.dirname(fileName),
      );
      unfinished.delete(file);
    } catch (error) {
      loaded.delete(file);
      throw error;
    }
    return module;
  }

  /** @param {string} folder @param {string} [importer] @returns {NodeRequire} */
  function requireFrom(folder, importer) {
    const plain = createRequire(path.join(folder, "cell.js"));
    const hooked = (name) => {
      if (name === "tslab") return load("tslab");
      const file = find(folder, name);
      if (!file) return plain(name);
      if (importer) importers.set(file, (importers.get(file) ?? new Set()).add(importer));
      const exported = () => (loaded.get(file) ?? run(file)).exports;
      return importer === facade ? standIn(exported) : exported();
    };
    return Object.assign(hooked, {
      resolve: plain.resolve,
      cache: plain.cache,
      main: plain.main,
      extensions: plain.extensions,
    });
  }

  return {
    require: requireFrom(root),
    /** Forgets edited modules, those that an error or an interrupt left half loaded, and whatever imported them. */
    forget(files) {
      const waiting = [...files, ...unfinished];
      unfinished.clear();
      forgetPackages(require.cache);
      for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
        loaded.delete(file);
        waiting.push(...(importers.get(file) ?? []));
        importers.delete(file);
      }
    },
  };
}

/**
 * Forgets what Node loads and an interrupt left half loaded, and those that had been given them.
 * @param {NodeJS.Dict<NodeJS.Module>} cache
 */
function forgetPackages(cache) {
  const modules = Object.values(cache);
  const half = new Set(modules.filter((module) => module?.loaded === false));
  for (const one of half) {
    for (const module of modules) if (module?.children.includes(/** @type {any} */ (one))) half.add(module);
  }
  for (const module of half) if (module) delete cache[module.filename];
}

module.exports = { createModules };
