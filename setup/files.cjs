// @ts-check
"use strict";
/**
 * Files that are never half written, and a lock that outlives no process: for set-up, which runs before any
 * package is there, for the kernel and, by way of lib/support/files.ts, for everything else. Plain CommonJS,
 * which all of them can load; what each function does stands in files.d.cts.
 */
const { randomUUID } = require("node:crypto");
const fs = require("node:fs");
const { homedir, hostname } = require("node:os");
const { dirname, join, resolve } = require("node:path");

/** @typedef {typeof import("./files.cjs")} Files */

const projectRoot = resolve(__dirname, "..");

/** @type {Files["cacheFolder"]} */
const cacheFolder = () => resolve(process.env.KOMALAB_CACHE || join(homedir(), ".cache", "komalab"));

/** @type {Files["writeBeside"]} */
function writeBeside(path, data, { flush = false } = {}) {
  fs.mkdirSync(dirname(path), { recursive: true });
  // two machines may have processes of the same number; the number itself is for sweep() of files.mjs
  const beside = `${path}.${randomUUID().slice(0, 8)}.${process.pid}.tmp`;
  try {
    const file = fs.openSync(beside, "w");
    try {
      const pieces = /** @type {readonly (string | Uint8Array)[]} */ (Array.isArray(data) ? data : [data]);
      for (const piece of pieces) fs.writeFileSync(file, piece);
      if (flush) fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(beside, path);
  } catch (error) {
    fs.rmSync(beside, { force: true });
    throw error;
  }
}

/** @type {Files["isAlive"]} */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

const POLL_MS = 200;
const TOUCH_MS = 20_000; // how often a holder touches its lock
const ABANDONED_MS = 300_000; // untouched for so long, it has lost its holder, however far apart two machines' clocks are

/**
 * Looks at a lock file again and again: true once nobody holds it any more.
 * @param {string} lock @returns {() => boolean}
 */
function watcher(lock) {
  let [seen, since] = [0, 0];
  return () => {
    try {
      const [pid, host] = fs.readFileSync(lock, "utf8").split(" ");
      const { mtimeMs } = fs.statSync(lock);
      if (mtimeMs !== seen) [seen, since] = [mtimeMs, performance.now()];
      if (host !== hostname()) return Date.now() - mtimeMs > ABANDONED_MS; // also a holder that died before it wrote its name
      // The number may be another process's by now. A machine that slept has old locks of living holders, so
      // only the time counts in which this process was awake.
      return !isAlive(Number(pid)) || performance.now() - since > ABANDONED_MS;
    } catch {
      return false; // it has just been released
    }
  };
}

/** @param {string} path @returns {boolean} true if this call made the file */
function claim(path) {
  try {
    fs.writeFileSync(path, `${process.pid} ${hostname()}`, { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/** @type {Files["withLock"]} */
async function withLock(lock, work, onWait = () => {}) {
  fs.mkdirSync(dirname(lock), { recursive: true });
  const breaker = `${lock}.breaker`;
  const [isAbandoned, isBreakerAbandoned] = [watcher(lock), watcher(breaker)];
  for (let tries = 0; !claim(lock); ) {
    // Only the owner of the second lock may remove an abandoned first one: two waiters that both saw it dead
    // cannot remove each other's new lock.
    if (isAbandoned() && (claim(breaker) || isBreakerAbandoned())) {
      if (isAbandoned()) fs.rmSync(lock, { force: true });
      fs.rmSync(breaker, { force: true });
      continue;
    }
    onWait(tries++);
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
  const touch = setInterval(() => fs.utimes(lock, new Date(), new Date(), () => {}), TOUCH_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(touch);
    fs.rmSync(lock, { force: true });
  }
}

module.exports = { cacheFolder, isAlive, projectRoot, withLock, writeBeside };
