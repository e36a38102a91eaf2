/**
 * Successive halving (Jamieson and Talwalkar 2016; the inner loop of Hyperband, Li et al. 2018), with seeds
 * as what is spent: the first rung runs all candidates with few seeds, each further one the best share of
 * them with more. What the papers spend more of, rung by rung, is epochs; here every run is whole, so that a
 * candidate is judged by its own schedule, and its earlier runs count on.
 */
import { shown } from "../../lib/support/printable";
import { COUNT, check, FRACTION, type Rule } from "../../lib/support/settings";

export interface Halving {
  /** Of each rung: how many seeds its candidates have run in all by its end. */
  readonly seeds: readonly number[];
  /** The share of a rung's candidates that the next one keeps, rounded up; at least one is dropped. */
  readonly keep: number;
}

export interface Rung {
  readonly candidates: number;
  /** In all, and those that were not run in the rung before. */
  readonly seeds: number;
  readonly added: readonly number[];
}

const GROWING: Rule = {
  words: "a list of growing whole numbers, each rung's seeds in all, for instance [2, 4, 8]",
  fits: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((seeds, i) => COUNT.fits(seeds) && (i === 0 || seeds > value[i - 1])),
};
const KEEP: Rule = {
  words: `${FRACTION.words}: the share that a rung keeps, for instance 1/3`,
  fits: FRACTION.fits,
};

/** How many of so many candidates stay; 1e-9 for shares that no float holds: 1/3 of 9 are 3. */
export const keptOf = (candidates: number, keep: number): number =>
  Math.max(1, Math.min(candidates - 1, Math.ceil(candidates * keep - 1e-9)));

/**
 * The rungs of so many candidates.
 * @throws if seeds do not grow, `keep` is no share, or a rung would have one candidate, which nothing is to
 *   be chosen from
 */
export function rungsOf(candidates: number, { seeds, keep }: Halving): Rung[] {
  check("seeds", seeds, GROWING);
  check("keep", keep, KEEP);
  const sizes = seeds.map((_, rung) =>
    Array.from({ length: rung }).reduce((left: number) => keptOf(left, keep), candidates),
  );
  const alone = sizes.indexOf(1);
  if (alone >= 0)
    throw new Error(
      `seeds = ${shown(seeds)} are too many rungs for ${candidates} candidates with keep = ${keep} (${sizes.slice(0, alone + 1).join(", ")}): give ${alone} number${alone === 1 ? "" : "s"} of seeds, or keep more`,
    );
  return seeds.map((of, rung) => {
    const before = rung === 0 ? 0 : seeds[rung - 1];
    return {
      candidates: sizes[rung],
      seeds: of,
      added: Array.from({ length: of - before }, (_, i) => before + i + 1),
    };
  });
}

/** What candidates are ranked by. */
export interface Ranked {
  /** The metric's mean over seeds; NaN without a result. */
  readonly score: number;
  /** Runs that crashed or diverged. */
  readonly broken: number;
}

/**
 * Best first: by the fewest broken runs, then by the highest score. Equals stay in their order, and what has
 * no score comes last.
 */
export const ranked = <R extends Ranked>(all: readonly R[]): R[] => {
  const scoreOf = ({ score }: Ranked) => (Number.isNaN(score) ? -Infinity : score);
  return [...all].sort((a, b) => {
    const [one, other] = [scoreOf(a), scoreOf(b)];
    return a.broken - b.broken || (one === other ? 0 : other - one);
  });
};
