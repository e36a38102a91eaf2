/**
 * Files → text: UTF-8, UTF-16 with its mark, Shift_JIS (CP932, as Excel in Japan saves), EUC-JP, ISO-2022-JP.
 * An encoding other than UTF-8 is named on the console, since nothing in a file says which one it is.
 */

import { readFileSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { existing } from "../../lib/support/nearest";
import { remark } from "../../lib/support/printable";

/** The text, or undefined if a byte has no meaning in the encoding. */
function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes); // takes a BOM away
  } catch {
    return undefined;
  }
}

/** Share of some characters among those that are not ASCII. */
const shareOf = (text: string, characters: RegExp): number =>
  (text.match(characters)?.length ?? 0) / Math.max(1, text.replace(/[\x00-\x7f]/g, "").length);

/**
 * Many bytes have a meaning in both. Kana tell them apart: they are about half of Japanese prose, Shift_JIS
 * begins them with a byte that EUC-JP lacks, and EUC-JP read as Shift_JIS is mostly half-width katakana.
 */
const LEGACY = [
  { encoding: "EUC-JP", likely: (text: string) => shareOf(text, /[\u3041-\u30ff]/g) >= 0.2 },
  { encoding: "Shift_JIS", likely: (text: string) => shareOf(text, /[\uff61-\uff9f]/g) < 0.5 },
] as const;

const MOST_BYTES = 2 ** 30; // a few kB of gz can stand for all memory

function unzipped(file: Buffer, path: string): Buffer {
  try {
    return gunzipSync(file, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    throw new Error(
      `${path} is no whole gzip file of at most 1 GiB (${(error as Error).message}): copy it again, or unpack it`,
    );
  }
}

/**
 * The text of a file, also with .gz.
 * @throws if it is not there, or in none of these encodings, or none beyond doubt
 */
export function readText(path: string): string {
  if (statSync(existing(path)).isDirectory()) throw new Error(`${path} is a folder: name a file in it`);
  const file = readFileSync(path),
    bytes = path.endsWith(".gz") ? unzipped(file, path) : file;
  const read = (encoding: string, text = decoded(bytes, encoding)) => {
    if (text === undefined) throw new Error(`${path} is broken as ${encoding}: save it as UTF-8`);
    if (text.includes("\0"))
      throw new Error(`${path} holds NUL characters, as UTF-16 without its mark does: save it as UTF-8`);
    if (encoding !== "UTF-8") remark(`${path} is read as ${encoding}`);
    return text;
  };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return read("UTF-16LE");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return read("UTF-16BE");
  const utf8 = decoded(bytes, "UTF-8");
  // seven bits with escape sequences, which are valid UTF-8 as well
  if (utf8 !== undefined) return utf8.includes("\u001b$") ? read("ISO-2022-JP") : read("UTF-8", utf8);
  for (const { encoding, likely } of LEGACY) {
    const text = decoded(bytes, encoding);
    if (text !== undefined && likely(text)) return read(encoding, text);
  }
  throw new Error(
    `${path} is neither UTF-8 nor Shift_JIS or EUC-JP beyond doubt: save it as UTF-8 (Excel: CSV UTF-8)`,
  );
}
