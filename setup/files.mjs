// @ts-check
/**
 * Files that are never half written, and a lock that outlives no process. Plain Node: runs before any package
 * is there.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { homedir, hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json. */
export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Where set-up notes what it chose, and where its log and its lock are. */
export const stateFolder = join(projectRoot, ".setup");

/** Where downloads are kept: KOMALAB_CACHE, else ~/.cache/komalab. */
export function cacheFolder() {
  return resolve(process.env.KOMALAB_CACHE || join(homedir(), ".cache", "komalab"));
}

/**
 * SHA-256 of all the parts, as the first 16 hexadecimal digits: a name for "made from exactly this".
 * @param {...(string | Uint8Array)} parts
 */
export function fingerprint(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(String(part.length)).update(":").update(part);
  return hash.digest("hex").slice(0, 16);
}

/**
 * SHA-256 of a file's bytes, 64 hexadecimal digits.
 * @param {string} path
 */
export function sha256OfFile(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/**
 * The JSON value in a file; undefined if the file is absent or damaged, so that it is made again.
 * @param {string} path
 */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Writes beside `path` and renames: a reader sees the old file or the new one.
 * @param {string} path @param {string | Uint8Array} data
 */
export function writeBeside(path, data) {
  mkdirSync(dirname(path), { recursive: true });
  const beside = temporaryName(path);
  writeFileSync(beside, data);
  renameSync(beside, path);
}

/**
 * A name beside `path` that tells whose it is, so that what a killed process left can be swept away.
 * @param {string} path
 */
export function temporaryName(path) {
  return `${path}.${process.pid}.tmp`;
}

/**
 * Makes the folder `path` by `work`, which fills a folder beside it: that gets the name `path` when it is
 * finished, never before. Call it while holding the lock that guards `path`.
 * @param {string} path @param {(made: string) => Promise<void>} work
 */
export async function makeBeside(path, work) {
  sweep(path);
  const made = temporaryName(path);
  const old = `${path}.old.${process.pid}.tmp`;
  mkdirSync(made, { recursive: true });
  try {
    await work(made);
    if (existsSync(path)) renameSync(path, old);
    renameSync(made, path);
  } finally {
    for (const folder of [made, old]) rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Removes what killed set-ups left beside `path`. Call it while holding the lock that guards `path`.
 * @param {string} path
 */
export function sweep(path) {
  const folder = dirname(path);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const owner = name.startsWith(`${basename(path)}.`) && /\.(\d+)\.tmp$/.exec(name)?.[1];
    if (owner && (Number(owner) === process.pid || !isAlive(Number(owner))))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

const TOUCH_MS = 20_000;
const ABANDONED_MS = 180_000; // nine missed touches: the holder is gone, or its process id is another's by now

/**
 * True if nobody holds the lock file any more: its process has died (same host), or stopped touching it.
 * @param {string} lock
 */
function isAbandoned(lock) {
  try {
    const [pid, host] = readFileSync(lock, "utf8").split(" ");
    if (Date.now() - statSync(lock).mtimeMs > ABANDONED_MS) return true;
    return host === hostname() && !isAlive(Number(pid));
  } catch {
    return false; // it has just been released
  }
}

/** @param {string} path @returns {boolean} true if this call made the file */
function claim(path) {
  try {
    const descriptor = openSync(path, "wx");
    writeSync(descriptor, `${process.pid} ${hostname()}`);
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Runs `work` while this process alone holds the lock file; others wait; an abandoned lock is taken over.
 * @template T
 * @param {string} lock
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] called once if somebody else holds it
 * @returns {Promise<T>}
 */
export async function withLock(lock, work, onWait = () => {}) {
  mkdirSync(dirname(lock), { recursive: true });
  for (let tries = 0; !claim(lock); tries++) {
    // Only the owner of the second lock may remove an abandoned first one: two waiters that both saw it dead
    // cannot remove each other's new lock.
    const breaker = `${lock}.breaker`;
    if (isAbandoned(lock) && (claim(breaker) || isAbandoned(breaker))) {
      if (isAbandoned(lock)) rmSync(lock, { force: true });
      rmSync(breaker, { force: true });
      continue;
    }
    if (tries === 0) onWait();
    await new Promise((wake) => setTimeout(wake, 200));
  }
  const touch = setInterval(() => existsSync(lock) && utimesSync(lock, new Date(), new Date()), TOUCH_MS);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    rmSync(lock, { force: true });
  }
}
