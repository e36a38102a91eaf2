// @ts-check
"use strict";
/**
 * The project's files as TypeScript sees them: imports found without timers, edits noticed without watchers.
 */
const fs = require("node:fs");
const { isBuiltin } = require("node:module");
const path = require("node:path");

const isPackage = (file) => file.includes("/node_modules/");

/**
 * Files are compared by time when a cell runs, so that an edit is seen by the very next one; imports are
 * looked up anew as long as they fail, so that a missing file or package can be added while the kernel lives.
 * @param {any} ts the compiler
 * @param {string} root
 */
function projectFiles(ts, root) {
  /** @type {Map<string, {time: number, changed: (fileName: string, kind: number) => void}>} */
  const watched = new Map();
  /** @type {Set<string>} files with an import that is not found */
  const failed = new Set();
  /** @type {Map<string, object>} resolved `types` of packages */
  const types = new Map();
  /** @type {any} */
  let cache;
  let isLost = false; // whether a file has been deleted

  const timeOf = (file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  ts.sys.watchDirectory = () => ({ close() {} });
  ts.sys.watchFile = (file, changed) => {
    if (file.startsWith(root + path.sep) && !isPackage(file))
      watched.set(file, { time: timeOf(file), changed });
    return { close: () => void watched.delete(file) };
  };

  return {
    /** Tells TypeScript what has changed since the last call. */
    poll() {
      isLost = false;
      for (const [file, watch] of [...watched]) {
        const [before, now] = [watch.time, timeOf(file)];
        if (now === before) continue;
        const { Created, Changed, Deleted } = ts.FileWatcherEventKind;
        watch.time = now;
        watch.changed(file, now === 0 ? Deleted : before === 0 ? Created : Changed);
        isLost ||= now === 0;
      }
      if (isLost || failed.size > 0) cache = undefined;
    },
    /** What a compiler host asks about imports. */
    resolution: (sys, options) => ({
      hasInvalidatedResolutions: (file) => failed.has(file) || (isLost && !isPackage(file)),
      resolveModuleNameLiterals(literals, file) {
        cache ??= ts.createModuleResolutionCache(root, (name) => name, options);
        // Node's own modules are declared, not found: looking for them would take longer than for all others.
        const found = literals.map(({ text }) =>
          isBuiltin(text) ? {} : ts.resolveModuleName(text, file, options, sys, cache),
        );
        const isComplete = found.every((one, i) => one.resolvedModule || isBuiltin(literals[i].text));
        if (isComplete || isPackage(file)) failed.delete(file);
        else failed.add(file);
        return found;
      },
      resolveTypeReferenceDirectiveReferences: (references, file) =>
        references.map((reference) => {
          const name = reference.fileName ?? reference;
          const key = `${name} ${path.dirname(file)}`;
          if (!types.has(key)) types.set(key, ts.resolveTypeReferenceDirective(name, file, options, sys));
          return types.get(key);
        }),
    }),
  };
}

/**
 * A project's source and all that it imports from the project.
 * @returns {any[]}
 */
function sourcesOf(program, first) {
  const found = new Set([first]);
  for (const file of found) {
    file.resolvedModules?.forEach((module) => {
      const name = (module?.resolvedModule ?? module)?.resolvedFileName;
      const imported = name && !isPackage(name) && program.getSourceFile(name);
      if (imported) found.add(imported);
    });
  }
  return [...found];
}

/**
 * Comments of the huge packages of types that every program has (Node, ECMAScript) are not parsed as
 * documentation, which takes half of the time of parsing them. Positions stay.
 * @param {string | undefined} text
 */
function withoutDocumentation(file, text) {
  return /\/node_modules\/(@types|@tslab|@webgpu|undici-types)\//.test(file)
    ? text?.replaceAll("/**", "/*-")
    : text;
}

module.exports = { projectFiles, sourcesOf, withoutDocumentation };
