/** Files that are never half written: what every room that stores something uses. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The folder that holds package.json. */
export const projectRoot = resolve(__dirname, "..");

/** Where downloads and cached features are kept: KOMALAB_CACHE, else ~/.cache/komalab. */
export function cacheFolder(): string {
  return process.env.KOMALAB_CACHE || join(homedir(), ".cache", "komalab");
}

/**
 * Writes `data`, whole or in pieces, beside `path` and renames it, so that a reader sees the old file or the new one, never a part.
 * @param flush waits until it is on the disk, so that this is true after a power cut as well
 */
export function writeBeside(path: string, data: string | Uint8Array | readonly Uint8Array[], { flush = false } = {}): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}-${randomUUID().slice(0, 8)}.tmp`;
  try {
    const file = openSync(beside, "w");
    try {
      for (const piece of Array.isArray(data) ? (data as readonly Uint8Array[]) : [data as string | Uint8Array]) writeFileSync(file, piece);
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

/** JSON with sorted keys: equal values give equal text, whatever order their keys were written in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const STALE_MS = 60_000; // a holder touches its lock far more often

/** True if the process that wrote the lock file lives on this machine. */
function isHeld(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    if (!pid) return Date.now() - statSync(lock).mtimeMs < STALE_MS;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Runs `work` while this process alone holds the lock file `lock`; others wait. A lock whose process has died is taken over.
 * @param onWait called once if somebody else holds the lock
 */
export async function withLock<T>(lock: string, work: () => T | Promise<T>, onWait: () => void = () => {}): Promise<T> {
  mkdirSync(dirname(lock), { recursive: true });
  for (let tries = 0; ; tries++) {
    try {
      const descriptor = openSync(lock, "wx");
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (existsSync(lock) && !isHeld(lock)) {
        rmSync(lock, { force: true });
        continue;
      }
      if (tries === 0) onWait();
      await new Promise((wake) => setTimeout(wake, 200));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}
