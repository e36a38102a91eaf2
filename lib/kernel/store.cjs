// @ts-check
"use strict";
/** What the compiler remembers between kernels: transpiled sources, and which sources are free of type errors. */
const { createHash, randomUUID } = require("node:crypto");
const fs = require("node:fs");
const { homedir } = require("node:os");
const path = require("node:path");

/** @param {readonly (string | Buffer)[]} parts */
const hash = (...parts) => parts.reduce((sum, part) => sum.update(part).update("\0"), createHash("sha256")).digest("hex");
/** @param {string} file */
const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file) : "");

/**
 * Everything is kept under names that hold hashes of what it was made from: other packages, options or kernel code never see it.
 * @param {string} root @param {string} compiler version
 */
function createStore(root, compiler) {
  const made = ["package-lock.json", "tsconfig.json", "lib/kernel/compile.cjs", "lib/kernel/rewrite.cjs"];
  const world = hash(compiler, root, ...made.map((file) => read(path.join(root, file)))).slice(0, 16);
  const folder = path.join(process.env.KOMALAB_CACHE ?? path.join(homedir(), ".cache", "komalab"), "kernel", world);
  const list = path.join(folder, "clean.txt");
  const clean = new Set(String(read(list)).split("\n"));

  /**
   * A folder that cannot be written costs time only.
   * @param {() => void} work
   */
  function attempt(work) {
    try {
      fs.mkdirSync(folder, { recursive: true });
      work();
    } catch {
      // the next kernel does the work again
    }
  }

  return {
    isClean: (/** @type {string} */ id) => clean.has(id),
    addClean(/** @type {string} */ id) {
      clean.add(id);
      attempt(() => fs.appendFileSync(list, `${id}\n`));
    },
    /** @template T @param {string} from what the value depends on @param {() => T} make @returns {T} */
    recall(from, make) {
      const file = path.join(folder, `${hash(from)}.json`);
      try {
        return JSON.parse(fs.readFileSync(file, "utf8"));
      } catch {
        const value = make();
        attempt(() => {
          const beside = `${file}.${randomUUID()}.tmp`;
          fs.writeFileSync(beside, JSON.stringify(value));
          fs.renameSync(beside, file);
        });
        return value;
      }
    },
  };
}

module.exports = { createStore };
