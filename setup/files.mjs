// @ts-check
/** Folders that are never half made, and what tells whether they are current; files and lock: files.cjs. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isAlive, projectRoot } from "./files.cjs";

/** Where set-up notes what it chose, and where its log and its lock are. */
export const stateFolder = join(projectRoot, ".setup");

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
 * Makes the folder `path` by `work`, which fills a folder beside it: that gets the name `path` when it is
 * finished, never before. Call it while holding the lock that guards `path`.
 * @param {string} path @param {(made: string) => Promise<void>} work
 */
export async function makeBeside(path, work) {
  sweep(path);
  const [made, old] = [`${path}.${process.pid}.tmp`, `${path}.old.${process.pid}.tmp`]; // sweep knows whose they are
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
