/**
 * One seeded generator, passed in wherever chance is needed, so that a run can be repeated bit for bit.
 * xoshiro128** (Blackman and Vigna 2018, https://prng.di.unimi.it), seeded through splitmix32.
 */
export type RandomState = readonly [number, number, number, number];

export class Random {
  private s: [number, number, number, number];

  /** @throws if the seed is not an integer from 0 to 2^32 - 1 */
  constructor(seed: number | RandomState) {
    if (typeof seed !== "number") {
      this.s = [...seed];
      return;
    }
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new Error(`seed ${seed} is not an integer from 0 to 4294967295`);
    }
    let x = seed | 0;
    const splitmix = () => {
      x = (x + 0x9e3779b9) | 0;
      let z = x ^ (x >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z ^= z >>> 15;
      z = Math.imul(z, 0x735a2d97);
      return (z ^ (z >>> 15)) >>> 0;
    };
    this.s = [splitmix(), splitmix(), splitmix(), splitmix()];
  }

  /** The generator's state, to be stored in a checkpoint and given to the constructor again. */
  get state(): RandomState {
    return [...this.s];
  }

  /** An integer from 0 to 2^32 - 1. */
  uint32(): number {
    const s = this.s;
    const times5 = Math.imul(s[1], 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** A number in [0, 1) with 32 random bits. */
  uniform(): number {
    return this.uint32() / 4294967296;
  }

  /** An integer from 0 to n - 1. */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** A number from the standard normal distribution (Box and Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** The items in a new, random order (Fisher and Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [result[i], result[j]] = [result[j], result[i]];
    }
    return result;
  }

  /** A new generator whose stream depends on this one's next number and is otherwise its own. */
  fork(): Random {
    return new Random(this.uint32());
  }
}
