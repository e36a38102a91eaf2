// @ts-check
"use strict";
/**
 * The folders of cached features: how large they are, and which go when there are too many. For `npm run
 * doctor`, which runs before any package is there, and for packages/feature-store.
 */
const fs = require("node:fs");
const { join } = require("node:path");
const { cacheFolder } = require("./files.cjs");

/** @typedef {typeof import("./features.cjs")} Features */

const GB = 1e9;
const DEFAULT_GB = 20;
const IN_USE = 24 * 3600 * 1000; // ms: what was opened later than that may be read by a run

/** @type {Features["featuresLimit"]} */
function featuresLimit() {
  const said = process.env.KOMALAB_FEATURES_GB,
    limit = said === undefined || said === "" ? DEFAULT_GB : Number(said);
  if (!(limit >= 0))
    throw new Error(
      `KOMALAB_FEATURES_GB is ${said}: a number of gigabytes from 0 on, ${DEFAULT_GB} by default`,
    );
  return limit * GB;
}

/** @type {Features["featureFolders"]} */
function featureFolders() {
  const root = join(cacheFolder(), "features");
  if (!fs.existsSync(root)) return [];
  return fs
    .readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const path = join(root, name);
      try {
        const files = fs.readdirSync(path).map((file) => fs.statSync(join(path, file)).size);
        return [{ path, bytes: files.reduce((sum, size) => sum + size, 0), used: fs.statSync(path).mtimeMs }];
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return []; // another process took it away
        throw error;
      }
    })
    .sort((one, other) => one.used - other.used);
}

/** @type {Features["pruneFeatures"]} */
function pruneFeatures(most, { keep = () => false } = {}) {
  const folders = featureFolders(),
    gone = [];
  let left = folders.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const folder of folders) {
    if (left <= most) break;
    if (keep(folder)) continue;
    fs.rmSync(folder.path, { recursive: true, force: true });
    left -= folder.bytes;
    gone.push(folder);
  }
  return { gone, left };
}

/** @type {Features["makeRoom"]} */
function makeRoom(own, bytes) {
  const limit = featuresLimit(),
    now = Date.now();
  const { left } = pruneFeatures(limit - bytes, {
    keep: ({ path, used }) => path === own || now - used < IN_USE,
  });
  return Math.max(0, left + bytes - limit);
}

module.exports = { featureFolders, featuresLimit, makeRoom, pruneFeatures };
