// @ts-check
"use strict";
/**
 * What is remembered between kernels: transpiled sources, which sources are free of type errors, and the
 * compiler's own machine code.
 */
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const { cacheFolder, writeBeside } = require("../../setup/files.cjs");

const hash = (...parts) =>
  parts.reduce((sum, part) => sum.update(part).update("\0"), createHash("sha256")).digest("hex");
const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file) : "");

const MONTH_MS = 30 * 86_400_000;

/** Removes what nobody has used for a month from the folder of all stores. */
function clearAway(parent, except) {
  for (const name of fs.readdirSync(parent)) {
    const folder = path.join(parent, name);
    if (folder !== except && Date.now() - fs.statSync(folder).mtimeMs > MONTH_MS)
      fs.rmSync(folder, { recursive: true });
  }
}

/**
 * Raised when the kernel's own code would compile a source otherwise, or find other errors in it:
 * test/golden/kernel.test.ts fails until it is.
 */
const VERSION = 2;

/**
 * Everything is kept under names that hold hashes of what it was made from, and the version of the kernel's
 * code: other sources, packages or options never see it.
 * @param {string} root the project's folder
 */
function createStore(root) {
  const made = ["package-lock.json", "tsconfig.json"].map((file) => read(path.join(root, file)));
  const world = hash(process.version, root, String(VERSION), ...made).slice(0, 16);
  const folder = path.join(cacheFolder(), "kernel", world);
  const list = path.join(folder, "clean.txt");
  const clean = new Set(String(read(list)).split("\n"));

  /** A folder that cannot be written costs time only. */
  function attempt(work) {
    try {
      fs.mkdirSync(folder, { recursive: true });
      work();
    } catch {
      // the next kernel does the work again
    }
  }

  /** @type {(() => void)[]} */
  const atClose = [];

  return {
    /** Whether a source with all that it imports was found free of type errors; `id` is the hash of their texts. */
    isClean: (/** @type {string} */ id) => clean.has(id),
    /** @param {string} id */
    addClean(id) {
      clean.add(id);
      attempt(() => fs.appendFileSync(list, `${id}\n`));
    },
    /**
     * The JSON value that `make` gave before for an equal `from`, which names all that it depends on.
     * @template T @param {string} from @param {() => T} make @returns {T}
     */
    recall(from, make) {
      const file = path.join(folder, `${hash(from)}.json`);
      try {
        return JSON.parse(fs.readFileSync(file, "utf8"));
      } catch {
        const value = make();
        attempt(() => writeBeside(file, JSON.stringify(value)));
        return value;
      }
    },
    /**
     * A script whose functions need not be compiled again: a third less time for TypeScript's first cell.
     * @param {string} source that evaluates to a function
     * @returns {(...args: unknown[]) => void}
     */
    script(filename, source) {
      const file = path.join(folder, `${path.basename(filename)}.cache`);
      const cachedData = fs.existsSync(file) ? fs.readFileSync(file) : undefined;
      const script = new vm.Script(source, { filename, cachedData });
      if (!cachedData || script.cachedDataRejected)
        atClose.push(() => attempt(() => writeBeside(file, script.createCachedData())));
      return script.runInThisContext();
    },
    /**
     * Called when a kernel ends; a first kernel of changed code also clears away what nobody has used for a
     * month.
     */
    close() {
      for (const work of atClose) work();
      if (atClose.length > 0) attempt(() => clearAway(path.dirname(folder), folder));
    },
  };
}

module.exports = { createStore, VERSION };
