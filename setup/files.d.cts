/** The folder that holds package.json. */
export const projectRoot: string;

/** Where downloads and cached features are kept: KOMALAB_CACHE, else ~/.cache/komalab. */
export function cacheFolder(): string;

/**
 * Writes `data`, whole or in pieces, beside `path` and renames it, so that a reader sees the old file or the
 * new one, never a part.
 * @param options `flush` waits until it is on the disk, so that this is true after a power cut as well
 * @throws as writing
 */
export function writeBeside(
  path: string,
  data: string | Uint8Array | readonly Uint8Array[],
  options?: { readonly flush?: boolean },
): void;

/**
 * Does what writes a file.
 * @throws what `write` throws; where the disk, a limit or the rights do not let it, with the path and a remedy
 */
export function writing<T>(path: string, write: () => T): T;

/** Whether a process of this machine lives. */
export function isAlive(pid: number): boolean;

/** Whether somebody holds a lock file, as far as one look can tell. */
export function isHeld(lock: string): boolean;

/**
 * Runs `work` while this process alone holds the lock file `lock`; others wait, on other machines of a shared
 * file system too, whatever their clocks. A lock whose process has died, or that nobody has touched for five
 * minutes, is taken over.
 * @param onWait called at every try while somebody else holds the lock, with the number of tries before; may
 *   throw to give up
 */
export function withLock<T>(
  lock: string,
  work: () => T | Promise<T>,
  onWait?: (tries: number) => void,
): Promise<T>;
