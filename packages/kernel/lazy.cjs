// @ts-check
"use strict";
/**
 * What loads when it is first used: packages of danfojs that a notebook hardly ever uses (with them its first
 * table takes 2.5 s, without 0.9; Node 20, one core of an AMD EPYC), and the modules behind lib/index.ts, of
 * which a cell uses a few.
 */
/** @type {any} */
const Module = require("node:module");

const { join } = require("node:path");

const LAZY = new Set(["mathjs", "xlsx", "request"]);
const FACADE = join(__dirname, "..", "..", "lib", "index.ts");

/** Stands in for a module until one of its properties is asked for. */
function standIn(load) {
  return new Proxy(() => {}, {
    get: (_, name) => (name === "__esModule" ? undefined : load()[name]), // compiled imports look at this one only
    apply: (_, self, args) => Reflect.apply(load(), self, args),
  });
}

/** From now on they get stand-ins. */
function loadLazily() {
  const load = Module._load;
  Module._load = (name, parent, isMain) =>
    parent?.filename === FACADE || (LAZY.has(name) && parent?.filename?.includes("danfojs-node"))
      ? standIn(() => load(name, parent, isMain))
      : load(name, parent, isMain);
}

module.exports = { loadLazily };
