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

const ELSEWHERE = "or name a folder elsewhere (KOMALAB_RUNS, KOMALAB_CACHE, KOMALAB_REPORTS)";
/** @type {Record<string, string>} */
const REMEDIES = {
  ENOSPC: `no space is left on the disk: free some, ${ELSEWHERE}`,
  EDQUOT: `your share of the disk is used up: free some, ${ELSEWHERE}`,
  EFBIG: `no file may be so large here: raise the limit (ulimit -f), ${ELSEWHERE}`,
  EROFS: `the disk can only be read: mount it for writing, ${ELSEWHERE}`,
  EACCES: `you may not write there: change its rights (chmod u+w), ${ELSEWHERE}`,
  EPERM: `you may not write there: change its rights (chmod u+w), ${ELSEWHERE}`,
  EEXIST: "a file stands where a folder is to be: move it away",
  ENOTDIR: "a file stands where a folder is to be: move it away",
  EISDIR: "a folder stands where the file is to be: move it away",
  ENAMETOOLONG: "the path is longer than the disk allows: choose shorter names",
};

/** @type {Files["writing"]} */
function writing(path, write) {
  try {
    return write();
  } catch (error) {
    const { code = "" } = /** @type {NodeJS.ErrnoException} */ (error),
      remedy = REMEDIES[code];
    if (remedy === undefined) throw error;
    const { syscall } = /** @type {NodeJS.ErrnoException} */ (error);
    throw Object.assign(new Error(`${path} cannot be written: ${remedy} (${code})`), { code, syscall, path });
  }
}

/** @type {Files["writeBeside"]} */
const writeBeside = (path, data, options) => writing(path, () => writeWhole(path, data, options));

/** @type {Files["writeBeside"]} */
function writeWhole(path, data, { flush = false } = {}) {
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
const ABANDONED_MS = 300_000; // untouched for so long, it has lost its holder
const NAMELESS_MS = 10_000; // a holder writes its name at once

/**
 * What time it is where the lock lies: clocks of two machines may be far apart.
 * @param {string} lock @returns {number}
 */
function timeBeside(lock) {
  const probe = `${lock}.${randomUUID().slice(0, 8)}.${process.pid}.tmp`;
  fs.writeFileSync(probe, "");
  try {
    return fs.statSync(probe).mtimeMs;
  } finally {
    fs.rmSync(probe, { force: true });
  }
}

/**
 * Looks at a lock file again and again: true once nobody holds it any more.
 * @param {string} lock @returns {() => boolean}
 */
function watcher(lock) {
  let [seen, since, age] = [0, 0, 0];
  return () => {
    try {
      const [pid, host] = fs.readFileSync(lock, "utf8").split(" ");
      const { mtimeMs } = fs.statSync(lock);
      const isOwn = host === hostname();
      if (mtimeMs !== seen) {
        [seen, since] = [mtimeMs, performance.now()];
        // A machine that slept has old locks of living holders, so of its own only the time counts in which
        // this process was awake.
        age = isOwn ? 0 : timeBeside(lock) - mtimeMs;
      }
      if (isOwn && !isAlive(Number(pid))) return true;
      // A living process may have got the number of one that is gone.
      const untouched = Math.max(age, performance.now() - since);
      return untouched > (pid === "" ? NAMELESS_MS : ABANDONED_MS);
    } catch {
      return false; // it has just been released
    }
  };
}

/** @type {Files["isHeld"]} */
const isHeld = (lock) => fs.existsSync(lock) && !watcher(lock)();

const holder = () => `${process.pid} ${hostname()}`;

/**
 * @param {string} path
 * @returns {number | undefined} the open file if this call made it: whoever writes there touches the file that
 *   it made, and no other one that has its name by then
 */
function claim(path) {
  try {
    const file = fs.openSync(path, "wx");
    fs.writeSync(file, holder(), 0);
    return file;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return undefined;
    throw error;
  }
}

/** @param {string} path of a lock that this process may have lost meanwhile @param {number} file */
function release(path, file) {
  const { ino } = fs.fstatSync(file);
  fs.closeSync(file);
  if (fs.statSync(path, { throwIfNoEntry: false })?.ino === ino) fs.rmSync(path, { force: true });
}

/** @type {Files["withLock"]} */
async function withLock(lock, work, onWait = () => {}) {
  writing(lock, () => fs.mkdirSync(dirname(lock), { recursive: true }));
  const breaker = `${lock}.breaker`;
  const [isAbandoned, isBreakerAbandoned] = [watcher(lock), watcher(breaker)];
  let file = writing(lock, () => claim(lock));
  for (let tries = 0; file === undefined; file = writing(lock, () => claim(lock))) {
    // Only the owner of the second lock may remove an abandoned first one: two waiters that both saw it dead
    // cannot remove each other's new lock.
    if (isAbandoned()) {
      const breaking = claim(breaker);
      if (breaking !== undefined || isBreakerAbandoned()) {
        if (isAbandoned()) fs.rmSync(lock, { force: true });
        fs.rmSync(breaker, { force: true });
        if (breaking !== undefined) fs.closeSync(breaking);
        continue;
      }
    }
    onWait(tries++);
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
  const held = file;
  // written, so that the file gets the time of where it lies
  const touch = setInterval(() => fs.write(held, holder(), 0, () => {}), TOUCH_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(touch);
    release(lock, held);
  }
}

module.exports = { cacheFolder, isAlive, isHeld, projectRoot, withLock, writeBeside, writing };
