/**
 * Features of texts in files. A pack is a line of JSON, [[text key, length], …], and the numbers of all its
 * texts; it is named by its own hash.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256, writeBeside } from "../support/files";

/** The features of a text by its key. */
export type Store = Map<string, Float32Array>;

export function writePack(folder: string, entries: readonly (readonly [string, Float32Array])[]): void {
  const header = `${JSON.stringify(entries.map(([name, data]) => [name, data.length]))}\n`;
  const numbers = entries.map(
    ([, { buffer, byteOffset, byteLength }]) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  const bytes = Buffer.concat([Buffer.from(header), ...numbers]);
  writeBeside(join(folder, `${sha256(bytes).slice(0, 16)}.pack`), bytes);
}

/** The texts of a pack; none where it is damaged, so that they are computed again. */
function unpacked(name: string, bytes: Buffer): [string, Float32Array][] {
  const end = bytes.indexOf("\n");
  if (end < 0 || !name.startsWith(sha256(bytes).slice(0, 16))) return [];
  const { buffer } = Uint8Array.from(bytes.subarray(end + 1)); // aligned
  try {
    let at = 0;
    return (JSON.parse(bytes.toString("utf8", 0, end)) as [string, number][]).map(([key, length]) => {
      at += 4 * length;
      return [key, new Float32Array(buffer, at - 4 * length, length)];
    });
  } catch {
    return [];
  }
}

export function readPacks(folder: string): Store {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".pack")) : [];
  return new Map(names.flatMap((name) => unpacked(name, readFileSync(join(folder, name)))));
}
