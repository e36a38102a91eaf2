/** Files that are never half written: what every room that stores something uses. */
import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  createReadStream,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimes,
  writeFileSync,
  writeSync,
} from "node:fs";
import { homedir, hostname } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The folder that holds package.json. */
export const projectRoot = resolve(__dirname, "../..");

/** Where downloads and cached features are kept: KOMALAB_CACHE, else ~/.cache/komalab. */
export function cacheFolder(): string {
  return process.env.KOMALAB_CACHE || join(homedir(), ".cache", "komalab");
}

/** Words that are shared name no folder of this machine: "." is the project's, "~" the user's own. */
export function withoutFolders(text: string, home = homedir()): string {
  const named = (folder: string) =>
    new RegExp(`${folder.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\p{L}\\p{N}_-])`, "gu");
  const inProject = text.replaceAll(`${projectRoot}/`, "").replace(named(projectRoot), ".");
  return home === "/" ? inProject : inProject.replace(named(home), "~"); // "/": of a user whom a container does not know
}

/**
 * Writes `data`, whole or in pieces, beside `path` and renames it, so that a reader sees the old file or the
 * new one, never a part.
 * @param flush waits until it is on the disk, so that this is true after a power cut as well
 */
export function writeBeside(
  path: string,
  data: string | Uint8Array | readonly Uint8Array[],
  { flush = false } = {},
): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}-${randomUUID().slice(0, 8)}.tmp`;
  try {
    const file = openSync(beside, "w");
    try {
      for (const piece of Array.isArray(data)
        ? (data as readonly Uint8Array[])
        : [data as string | Uint8Array])
        writeFileSync(file, piece);
      if (flush) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** SHA-256 of a string or of bytes, as 64 hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** SHA-256 of bytes in pieces. */
export function sha256OfPieces(pieces: readonly Uint8Array[]): string {
  return pieces.reduce((hash, piece) => hash.update(piece), createHash("sha256")).digest("hex");
}

/** SHA-256 of a file, read in pieces. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

/** The same at once, for where nothing can be awaited. */
export function sha256OfFileNow(path: string): string {
  const hash = createHash("sha256"),
    piece = Buffer.allocUnsafe(1 << 20),
    file = openSync(path, "r");
  try {
    for (let size = readSync(file, piece); size > 0; size = readSync(file, piece))
      hash.update(piece.subarray(0, size));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}

/** JSON with sorted keys: equal values give equal text, whatever order their keys were written in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The JSON value in a file; undefined if the file is absent or damaged. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}

const TOUCH_MS = 20_000; // how often a holder touches its lock
const STALE_MS = 300_000; // untouched for so long, a lock of another machine has lost its holder, however far apart the clocks are

/**
 * What the lock file says if nobody holds it any more, else undefined. On its own machine the holder is asked
 * for, elsewhere the lock's age tells.
 */
function deadHolder(lock: string): string | undefined {
  try {
    const holder = readFileSync(lock, "utf8"),
      { mtimeMs } = statSync(lock),
      [pid, host] = holder.split(" ");
    if (host === hostname()) return isAlive(Number(pid)) ? undefined : holder;
    return Date.now() - mtimeMs < STALE_MS ? undefined : holder; // also where a holder died before it wrote its name
  } catch {
    return undefined; // just released
  }
}

/** Whether a process of this machine lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Takes a dead holder's lock away: by renaming, as of two who try only one can, and back again if a third has
 * just taken the lock.
 */
function release(lock: string, holder: string): void {
  const aside = `${lock}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    renameSync(lock, aside);
    if (readFileSync(aside, "utf8") !== holder) linkSync(aside, lock);
    rmSync(aside);
  } catch {} // somebody was quicker
}

/**
 * Runs `work` while this process alone holds the lock file `lock`; others wait, on other machines of a shared
 * file system too. A lock whose process has died is taken over.
 * @param onWait called at every try while somebody else holds the lock, with the number of tries before; may
 *   throw to give up
 */
export async function withLock<T>(
  lock: string,
  work: () => T | Promise<T>,
  onWait: (tries: number) => void = () => {},
): Promise<T> {
  mkdirSync(dirname(lock), { recursive: true });
  for (let tries = 0; ; tries++) {
    try {
      const descriptor = openSync(lock, "wx");
      writeSync(descriptor, `${process.pid} ${hostname()}`);
      closeSync(descriptor);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const dead = deadHolder(lock);
      if (dead !== undefined) {
        release(lock, dead);
        continue;
      }
      onWait(tries);
      await new Promise((wake) => setTimeout(wake, 200));
    }
  }
  const touch = setInterval(() => utimes(lock, new Date(), new Date(), () => {}), TOUCH_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(touch);
    rmSync(lock, { force: true });
  }
}
