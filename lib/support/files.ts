/** Files that are never half written: what every room that stores something uses. */
import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readFileSync, readSync } from "node:fs";
import { homedir } from "node:os";
import { projectRoot } from "../../setup/files.cjs";
import { literally } from "./pattern";

export {
  cacheFolder,
  isAlive,
  isHeld,
  projectRoot,
  withLock,
  writeBeside,
  writing,
} from "../../setup/files.cjs";

/** Words that are shared name no folder of this machine: "." is the project's, "~" the user's own. */
export function withoutFolders(text: string, home = homedir()): string {
  const named = (folder: string) => new RegExp(`${literally(folder)}(?![\\p{L}\\p{N}_-])`, "gu");
  const inProject = text.replaceAll(`${projectRoot}/`, "").replace(named(projectRoot), ".");
  return home === "/" ? inProject : inProject.replace(named(home), "~"); // "/": of a user whom a container does not know
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

/** The rows of a file that has one a line. @throws with file and line if one is no JSON */
export function readJsonLines<T>(path: string): T[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line, i) => {
      try {
        return line === "" ? [] : [JSON.parse(line) as T];
      } catch (error) {
        throw new Error(`${path}, line ${i + 1}: ${(error as Error).message}: copy it again`);
      }
    });
}
