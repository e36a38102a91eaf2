/**
 * A language model that counts: n-grams of characters, interpolated as by Witten and Bell (1991; Chen and
 * Goodman 1998, section 2.4), which needs no constant. The baseline, and the judge of others' text.
 */
import type { Random } from "../../lib/support/random";
import { remembered } from "../../lib/support/remembered";
import { COUNT, check } from "../../lib/support/settings";
import type { Window } from "./text";
import type { Writer } from "./writer";

interface Followers {
  /** Character → how often it came next. */
  readonly counts: Map<number, number>;
  total: number;
}

export class NGrams implements Writer {
  /** Of each context, from the empty one to order - 1 characters, what came next. */
  private readonly contexts = new Map<string, Followers>();

  /** @param size the number of characters that there are */
  constructor(
    ids: readonly number[],
    private readonly size: number,
    private readonly order: number,
  ) {
    check("order", order, COUNT);
    ids.forEach((id, place) => {
      for (let n = 0; n < order && n <= place; n++) {
        const context = ids.slice(place - n, place).join();
        const followers = remembered(this.contexts, context, () => ({ counts: new Map(), total: 0 }));
        followers.counts.set(id, (followers.counts.get(id) ?? 0) + 1);
        followers.total++;
      }
    });
  }

  /** What came behind the end of what was read, of the shortest context to the longest that is known. */
  private known(read: readonly number[]): Followers[] {
    return Array.from({ length: this.order }, (_, n) => n)
      .filter((n) => n <= read.length)
      .flatMap((n) => this.contexts.get(read.slice(read.length - n).join()) ?? []);
  }

  /** (count + kinds · the shorter context's probability) / (total + kinds), from 1 / size upwards */
  private probability(read: readonly number[], next: number): number {
    return this.known(read).reduce(
      (shorter, { counts, total }) =>
        ((counts.get(next) ?? 0) + counts.size * shorter) / (total + counts.size),
      1 / this.size,
    );
  }

  /** Draws from the same mixture: from the longest context down, until one is taken. */
  private draw(read: readonly number[], random: Random): number {
    for (const { counts, total } of this.known(read).reverse()) {
      let at = random.uniform() * (total + counts.size);
      if (at < total)
        for (const [id, count] of counts) {
          if (at < count) return id;
          at -= count;
        }
    }
    return random.integer(this.size);
  }

  likelihoods(pieces: readonly Window[]): number[][] {
    return pieces.map(({ read, next }) =>
      next.map((id, step) => Math.log(this.probability(read.slice(0, step + 1), id))),
    );
  }

  read(
    pieces: readonly Window[],
    kept: (piece: number, step: number) => boolean,
    random: Random,
  ): number[][] {
    return pieces.map(({ read: gold }, piece) => {
      const read: number[] = [];
      gold.forEach((id, step) => read.push(step === 0 || kept(piece, step) ? id : this.draw(read, random)));
      return read;
    });
  }
}
