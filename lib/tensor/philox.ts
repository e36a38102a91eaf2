/**
 * TensorFlow's stateless_random_uniform in plain TypeScript, so that a seed gives the same dropout mask on wasm as on native TensorFlow.
 * Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"); the key is made from the seed as in
 * tensorflow/core/kernels/stateless_random_ops.cc (GenerateKey), the float as in tsl/lib/random/random_distributions_utils.h.
 */
type Block = readonly [number, number, number, number];
type Key = readonly [number, number];

/** High and low 32 bits of a × b, both unsigned 32-bit. */
function multiply(a: number, b: number): [number, number] {
  const [ah, al, bh, bl] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const low = al * bl;
  const middle = ah * bl + (low >>> 16);
  const carry = (middle & 0xffff) + al * bh;
  return [(ah * bh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0, Math.imul(a, b) >>> 0];
}

function philox(counter: Block, key: Key): Block {
  let [a, b, c, d] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [high0, low0] = multiply(0xd2511f53, a);
    const [high1, low1] = multiply(0xcd9e8d57, c);
    [a, b, c, d] = [(high1 ^ b ^ k0) >>> 0, low1, (high0 ^ d ^ k1) >>> 0, low0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [a, b, c, d];
}

const bits = new Uint32Array(1);
const asFloat = new Float32Array(bits.buffer);

/** 23 random bits as a number in [0, 1). */
function toUniform(random: number): number {
  bits[0] = (random & 0x7fffff) | 0x3f800000;
  return asFloat[0] - 1;
}

/** `count` numbers in [0, 1) that depend on the seed, two int32, alone. */
export function uniformFrom(seed: ArrayLike<number>, count: number): Float32Array {
  const sign = (x: number) => (x < 0 ? 0xffffffff : 0); // TensorFlow widens the seeds to 64 bits
  const mixed = philox([seed[0] >>> 0, sign(seed[0]), seed[1] >>> 0, sign(seed[1])], [0x3ec8f720, 0x02461e29]);
  const numbers = new Float32Array(count);
  for (let i = 0; i < count; i += 4) {
    const block = philox([i / 4, 0, mixed[2], mixed[3]], [mixed[0], mixed[1]]);
    for (let j = 0; j < 4 && i + j < count; j++) numbers[i + j] = toUniform(block[j]);
  }
  return numbers;
}
