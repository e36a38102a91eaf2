/**
 * TensorFlow's StatelessRandomUniformFullInt in plain TypeScript, so that a seed gives the same dropout mask
 * on wasm as on native TensorFlow. Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1,
 * 2, 3"); the key is made from the seed as in tensorflow/core/kernels/stateless_random_ops.cc (GenerateKey).
 */

/** The high 32 bits of a × b, both unsigned 32-bit. */
function highProduct(a: number, b: number): number {
  const [aHigh, aLow, bHigh, bLow] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 65536) + (carry >>> 16)) >>> 0;
}

/**
 * Ten rounds on block[0..3], in place: a step of training needs some 100,000 blocks, so nothing is allocated.
 */
function philox(block: Uint32Array, key0: number, key1: number): void {
  let [a, b, c, d] = block;
  let [k0, k1] = [key0, key1];
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd2511f53, a);
    const high1 = highProduct(0xcd9e8d57, c);
    const low0 = Math.imul(0xd2511f53, a);
    const low1 = Math.imul(0xcd9e8d57, c);
    a = (high1 ^ b ^ k0) >>> 0;
    b = low1 >>> 0;
    c = (high0 ^ d ^ k1) >>> 0;
    d = low0 >>> 0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  block[0] = a;
  block[1] = b;
  block[2] = c;
  block[3] = d;
}

/** `count` random 32-bit words, as int32, that depend on the seed, two int32, alone. */
export function bitsFrom(seed: ArrayLike<number>, count: number): Int32Array {
  const sign = (x: number) => (x < 0 ? 0xffffffff : 0); // TensorFlow widens the seeds to 64 bits
  const mixed = Uint32Array.of(seed[0], sign(seed[0]), seed[1], sign(seed[1]));
  philox(mixed, 0x3ec8f720, 0x02461e29);
  const words = new Int32Array(count);
  const block = new Uint32Array(4);
  for (let i = 0; i < count; i += 4) {
    block[0] = i / 4;
    block[1] = 0;
    block[2] = mixed[2];
    block[3] = mixed[3];
    philox(block, mixed[0], mixed[1]);
    for (let j = 0; j < 4 && i + j < count; j++) words[i + j] = block[j];
  }
  return words;
}
