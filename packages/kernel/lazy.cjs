// @ts-check
"use strict";
/**
 * What loads when it is first used: the sources behind lib/index.ts, of which a cell uses a few (modules.cjs),
 * and packages that danfojs loads and a notebook hardly ever uses: with them its first table takes 2.5 s,
 * without 0.9 (Node 20, one core of an AMD EPYC).
 */
/** @type {any} */
const Module = require("node:module");

const LAZY = new Set(["mathjs", "xlsx", "request"]);

/** Stands in for a module until one of its properties is asked for. */
function standIn(load) {
  return new Proxy(() => {}, {
    get: (_, name) => (name === "__esModule" ? undefined : load()[name]), // compiled imports look at this one only
    apply: (_, self, args) => Reflect.apply(load(), self, args),
  });
}

/** From now on danfojs gets stand-ins. */
function loadLazily() {
  const load = Module._load;
  Module._load = (name, parent, isMain) =>
    LAZY.has(name) && parent?.filename?.includes("danfojs-node")
      ? standIn(() => load(name, parent, isMain))
      : load(name, parent, isMain);
}

module.exports = { loadLazily, standIn };
