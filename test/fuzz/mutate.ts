/** Damage that knows a file's format, so that it gets past the first check; the same for the same seed. */

/** Numbers from 0 to 1 (mulberry32). */
export type Random = () => number;
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const below = (random: Random, n: number): number => Math.floor(random() * n);
const oneOf = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)];

const NUMBERS = [0, 1, -1, 2, 0.5, 255, 65536, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 31), 1e308, 1e-320];
const TEXTS = ["", " ", "\0", "\ud800", "漫画", "__proto__", "constructor", "../..", "=1+1", "NaN", "1e999"];
const NAMES = [...TEXTS, "x".repeat(100_000)];
const VALUES: readonly unknown[] = [
  null,
  true,
  [],
  {},
  [[]],
  [null],
  "x".repeat(100_000),
  new Array(10_000).fill(0),
  ...NUMBERS,
  ...TEXTS,
];

type Container = Record<string, unknown> | unknown[];
const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null;

/** All places of a value. */
function placesOf(value: unknown): { readonly in: Container; readonly key: string }[] {
  if (!isContainer(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ in: value, key }, ...placesOf(inner)]);
}

/** A JSON value with one to three of its places changed, taken out, named anew or exchanged. */
export function mutateJson(value: unknown, random: Random): unknown {
  const root = { value: JSON.parse(JSON.stringify(value)) as unknown };
  for (let turn = 1 + below(random, 3); turn > 0; turn--) {
    const places = placesOf(root);
    if (places.length === 0) break;
    const // a place further up is as likely as all below it
      { in: container, key } = random() < 0.5 ? oneOf(random, places) : oneOf(random, places.slice(0, 12)),
      at = container as Record<string, unknown>,
      other = oneOf(random, places);
    const kind = below(random, 6);
    if (kind < 3) at[key] = structuredClone(oneOf(random, VALUES));
    else if (kind === 3) Array.isArray(container) ? container.splice(Number(key), 1) : delete at[key];
    else if (kind === 4)
      at[key] =
        (other.in as Record<string, unknown>)[other.key] === at
          ? null
          : structuredClone((other.in as Record<string, unknown>)[other.key]);
    else if (!Array.isArray(container)) at[oneOf(random, NAMES)] = at[key];
  }
  return root.value ?? null;
}

/** A file with one to four places changed: bits, numbers of 1 to 8 bytes, pieces doubled or taken out. */
export function mutateBytes(bytes: Buffer, random: Random, from = 0, to = bytes.length): Buffer {
  let made = Buffer.from(bytes);
  for (let turn = 1 + below(random, 4); turn > 0; turn--) {
    const at = from + below(random, Math.max(1, Math.min(to, made.length) - from)),
      length = 1 + below(random, 16),
      number = oneOf(random, [0n, 1n, 255n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 40n, 2n ** 63n, 2n ** 64n - 1n]);
    const kind = below(random, 16);
    if (kind < 9 && at < made.length)
      made[at] = kind < 6 ? below(random, 256) : made[at] ^ (1 << below(random, 8));
    else if (kind < 11 && at + 8 <= made.length) made.writeBigUInt64LE(number, at);
    else if (kind < 13 && at + 4 <= made.length) made.writeUInt32LE(Number(number & 0xffffffffn), at);
    else if (kind === 13) made = Buffer.concat([made.subarray(0, at), made.subarray(at + length)]);
    else if (kind === 14) made = Buffer.concat([made.subarray(0, at + length), made.subarray(at)]);
    else if (turn === 1 && random() < 0.3) made = made.subarray(0, at);
  }
  return made;
}

/** A letter or byte of a file, 50,000 times. */
export function withRun(damaged: Buffer | string, random: Random): Buffer | string {
  const at = below(random, damaged.length),
    count = 50_000;
  if (typeof damaged === "string")
    return damaged.slice(0, at) + damaged.slice(at, at + 1).repeat(count) + damaged.slice(at);
  return Buffer.concat([damaged.subarray(0, at), Buffer.alloc(count, damaged[at]), damaged.subarray(at)]);
}

/** A length or a field's number as a protocol buffer writes it. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return Buffer.from([...bytes, value]);
}

/**
 * A protocol buffer, of which one to four messages at the top are changed inside, doubled, taken out or
 * exchanged, each with its right length.
 */
export function mutateProtocolBuffer(bytes: Buffer, random: Random): Buffer {
  const parts: { readonly key: number; body: Buffer }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const key = bytes[at++]; // fields below 16 of the kind with a length
    let length = 0;
    for (let shift = 1, byte = 0x80; byte >= 0x80; shift *= 0x80)
      length += ((byte = bytes[at++]) & 0x7f) * shift;
    parts.push({ key, body: bytes.subarray(at, (at += length)) });
  }
  for (let turn = 1 + below(random, 4); turn > 0; turn--) {
    const at =
      random() < 0.4 ? Math.max(0, parts.length - 1 - below(random, 3)) : below(random, parts.length);
    const kind = below(random, 8);
    if (kind < 5) parts[at].body = mutateBytes(parts[at].body, random);
    else if (kind === 5) parts.splice(at, 1);
    else if (kind === 6) parts.splice(at, 0, { ...oneOf(random, parts) });
    else parts[at].body = oneOf(random, parts).body;
  }
  return Buffer.concat(parts.flatMap(({ key, body }) => [Buffer.of(key), varint(body.length), body]));
}

/** Rows and cells exchanged, doubled and filled otherwise; quotes and line ends put in and taken out. */
export function mutateTable(text: string, delimiter: string, random: Random): string {
  const rows = text.split("\n").map((row) => row.split(delimiter));
  const cells = [
    ...TEXTS,
    '"',
    '""',
    '"a',
    'a"b',
    '"a\nb"',
    "\r",
    "#REF!",
    "1,5",
    "9".repeat(400),
    "あ".repeat(20_000),
  ];
  for (let turn = 1 + below(random, 4); turn > 0; turn--) {
    const at = below(random, rows.length),
      row = rows[at],
      cell = below(random, row.length);
    const kind = below(random, 8);
    if (kind < 4) row[cell] = oneOf(random, cells);
    else if (kind === 4) row.splice(cell, 1);
    else if (kind === 5) row.splice(cell, 0, oneOf(random, cells));
    else if (kind === 6) rows.splice(at, 0, [...oneOf(random, rows)]);
    else rows.splice(at, 1, [...row].reverse());
  }
  return rows.map((row) => row.join(delimiter)).join(oneOf(random, ["\n", "\n", "\n", "\r\n", "\r"]));
}
