/** The table of contents of a zip file whose entries are stored as they are: how torch.save writes. */
import { brief } from "../../lib/support/printable";
import type { OpenFile } from "./numbers";

interface ZipEntry {
  readonly start: number;
  readonly size: number;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const ENTRY = 0x02014b50;

/** A 64-bit field of the zip64 extra block: the k-th of those that the 32-bit header left at 0xffffffff. */
function wide(extra: Buffer, k: number, path: string): number {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) return Number(extra.readBigUInt64LE(at + 4 + 8 * k));
  }
  throw new Error(`${path}: a zip entry without its 64-bit size; download the file again`);
}

/**
 * The entries of a zip file by name (PKWARE APPNOTE 4.3, with zip64).
 * @throws if there is no table of contents (the file is cut off) or an entry is compressed
 */
export function zipEntries(file: OpenFile): Map<string, ZipEntry> {
  const tail = file.read(Math.max(0, file.size - 66_000), Math.min(file.size, 66_000));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  if (end < 0)
    throw new Error(
      `${file.path}: the zip file's table of contents is missing: the file is cut off; download it again`,
    );
  let count = tail.readUInt16LE(end + 10);
  let [size, start] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (end >= 20 && tail.readUInt32LE(end - 20) === LOCATOR64) {
    const record = file.read(Number(tail.readBigUInt64LE(end - 12)), 56);
    if (record.readUInt32LE(0) !== END64)
      throw new Error(`${file.path}: a damaged zip file; download it again`);
    [count, size, start] = [32, 40, 48].map((at) => Number(record.readBigUInt64LE(at)));
  }
  const table = file.read(start, size);
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; entries.size < count; ) {
    if (at + 46 > size || table.readUInt32LE(at) !== ENTRY)
      throw new Error(`${file.path}: a damaged zip file; download it again`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      table.readUInt16LE(at + field),
    );
    const name = table.toString("utf8", at + 46, at + 46 + nameLength);
    if (table.readUInt16LE(at + 10) !== 0)
      throw new Error(`${file.path}: entry ${brief(name)} is compressed; torch.save does not compress`);
    const extra = table.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const fields = [24, 20, 42].map((field) => table.readUInt32LE(at + field)); // size, stored size, local header
    let wides = 0;
    const [entrySize, , header] = fields.map((value) =>
      value === 0xffffffff ? wide(extra, wides++, file.path) : value,
    );
    const local = file.read(header, 30); // its name and extra block have lengths of their own
    entries.set(name, {
      start: header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28),
      size: entrySize,
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}
