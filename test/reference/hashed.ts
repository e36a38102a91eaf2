/**
 * Numbers that TypeScript and Python compute alike from a name, so that reference weights need not be stored:
 * hashed.py is the same.
 */

/**
 * `count` numbers k / 2^24, 0 ≤ k < 2^24: FNV-1a of the name starts a counter, murmur3's finaliser mixes it.
 */
export function hashed(name: string, count: number): Float64Array {
  let start = 0x811c9dc5;
  for (const byte of Buffer.from(name)) start = Math.imul(start ^ byte, 0x01000193);
  return Float64Array.from({ length: count }, (_, i) => {
    let x = (start + i) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 8) / 2 ** 24;
  });
}
