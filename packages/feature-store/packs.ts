/**
 * Features of texts in files. A pack is a line of JSON, [[text key, length], …], and the numbers of all its
 * texts; it is named by its own hash.
 */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { sha256, writeBeside } from "../../lib/support/files";

/** What is written at once, and read at once when it is checked. */
export const PACK_BYTES = 64 * 2 ** 20;

/** Of one pack: packs of 4 GB, as were written before, are no longer read. */
const LARGEST_PACK = 2 ** 30;

/** Where the numbers of a text begin in a file, and how many they are. */
export interface Place {
  readonly path: string;
  /** In bytes. */
  readonly start: number;
  readonly length: number;
}

type Entry = readonly [key: string, features: Float32Array];

/** Writes a pack. @returns the place of each text's numbers */
export function writePack(folder: string, entries: readonly Entry[]): (readonly [string, Place])[] {
  const header = Buffer.from(`${JSON.stringify(entries.map(([key, data]) => [key, data.length]))}\n`);
  const numbers = entries.map(
    ([, { buffer, byteOffset, byteLength }]) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  const bytes = Buffer.concat([header, ...numbers]),
    path = join(folder, `${sha256(bytes).slice(0, 16)}.pack`);
  writeBeside(path, bytes);
  return placesOf(
    path,
    header.length,
    entries.map(([key, { length }]) => [key, length]),
  );
}

function placesOf(
  path: string,
  first: number,
  header: readonly (readonly [string, number])[],
): (readonly [string, Place])[] {
  let start = first;
  return header.map(([key, length]) => {
    start += 4 * length;
    return [key, { path, start: start - 4 * length, length }];
  });
}

interface Pack {
  readonly places: readonly (readonly [string, Place])[];
  readonly bytes: Buffer;
}

/** A pack; without a text where it is damaged, so that they are computed again. */
function readPack(folder: string, name: string): Pack {
  const path = join(folder, name),
    none = { places: [], bytes: Buffer.alloc(0) };
  if (statSync(path).size > LARGEST_PACK) return none;
  const bytes = readFileSync(path),
    end = bytes.indexOf("\n");
  if (end < 0 || !name.startsWith(sha256(bytes).slice(0, 16))) return none;
  try {
    const places = placesOf(path, end + 1, JSON.parse(bytes.toString("utf8", 0, end)));
    const isWhole = places.every(
      ([, { start, length }]) =>
        Number.isInteger(length) && length >= 0 && start + 4 * length <= bytes.length,
    );
    return isWhole ? { places, bytes } : none;
  } catch {
    return none;
  }
}

/** The packs of a folder, one after the other, so that not all are in memory. */
export function* packsOf(folder: string): Generator<Pack> {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".pack")) : [];
  for (const name of names.sort()) yield readPack(folder, name);
}

/** Numbers out of bytes, wherever they begin. */
export function numbersAt(bytes: Buffer, start: number, length: number): Float32Array {
  const numbers = new Float32Array(length);
  new Uint8Array(numbers.buffer).set(bytes.subarray(start, start + 4 * length));
  return numbers;
}

/** Files that are read from again and again; what is deleted meanwhile can still be read. */
export class OpenFiles {
  private readonly files = new Map<string, number>();

  /** @throws if the file is not there, or ends too early */
  read({ path, start, length }: Place): Float32Array {
    const file = this.files.get(path) ?? openSync(path, "r");
    this.files.set(path, file);
    const numbers = new Float32Array(length),
      size = readSync(file, new Uint8Array(numbers.buffer), 0, 4 * length, start);
    if (size < 4 * length) throw new Error(`${path} has been cut off: delete it and run again`);
    return numbers;
  }

  close(): void {
    for (const file of this.files.values()) closeSync(file);
    this.files.clear();
  }
}
