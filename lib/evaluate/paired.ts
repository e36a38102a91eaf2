/**
 * Is one system better than another? Both answer the same items, and seed by seed they are trained on the
 * same terms.
 */
import { Random } from "../support/random";
import { drawSeedsAndItems, type Interval, type Predictions, percentiles, summary } from "./intervals";

/**
 * McNemar's exact two-sided test, from the items on which exactly one of two systems is right (as
 * statsmodels' `mcnemar(exact=True)`).
 * @throws if a count is not a whole number from 0
 */
export function mcnemar(onlyFirstRight: number, onlySecondRight: number): number {
  for (const count of [onlyFirstRight, onlySecondRight]) {
    if (!Number.isInteger(count) || count < 0) throw new Error(`${count} is not a number of items`);
  }
  const n = onlyFirstRight + onlySecondRight,
    fewer = Math.min(onlyFirstRight, onlySecondRight);
  let logChoose = 0,
    tail = 0;
  for (let k = 0; k <= fewer; k++) {
    if (k > 0) logChoose += Math.log((n - k + 1) / k);
    tail += Math.exp(logChoose - n * Math.LN2);
  }
  return Math.min(1, 2 * tail);
}

/**
 * Holm's correction (1979), in the order given: `holm` < .05 errs anywhere among all the comparisons at most
 * 1 time in 20. What has no p (NaN) is no comparison.
 * @param least comparisons that are corrected for, where they were chosen out of more than are given
 */
export function holm<Comparison extends { readonly p: number }>(
  comparisons: readonly Comparison[],
  least = 0,
): (Comparison & { readonly holm: number })[] {
  const order = [...comparisons.keys()]
    .filter((i) => !Number.isNaN(comparisons[i].p))
    .sort((a, b) => comparisons[a].p - comparisons[b].p);
  const adjusted = new Array<number>(comparisons.length).fill(Number.NaN);
  const all = Math.max(least, order.length);
  let before = 0;
  order.forEach(
    (at, rank) => (adjusted[at] = before = Math.min(1, Math.max(before, (all - rank) * comparisons[at].p))),
  );
  return comparisons.map((one, i) => ({ ...one, holm: adjusted[i] }));
}

interface Paired {
  /** First minus second for every seed, each the mean over test sets. */
  readonly differences: readonly number[];
  readonly mean: number;
  /** 95 %, seeds and items drawn anew, the same ones of both systems. */
  readonly interval: Interval;
}

/**
 * The difference of a metric between two systems.
 * @param one one[set][seed], and the same items and seeds of `other`
 * @throws if the two were not tested on the same sets, seeds and items
 */
export function pairedDifference(
  one: readonly (readonly Predictions[])[],
  other: readonly (readonly Predictions[])[],
  metric: (predictions: Predictions) => number,
  {
    random = new Random(0),
    bootstrapSamples = 1000,
  }: { readonly random?: Random; readonly bootstrapSamples?: number } = {},
): Paired {
  if (one.length !== other.length)
    throw new Error(`${one.length} test sets cannot be paired with ${other.length}`);
  one.forEach((seeds, set) => {
    const n = other[set].length;
    if (seeds.length !== n)
      throw new Error(`test set ${set}: ${seeds.length} seeds cannot be paired with ${n}`);
    seeds.forEach((predictions, seed) =>
      [seeds[0], other[set][seed]].forEach((each) => sameItems(predictions, each)),
    );
  });
  const bySeed = (runs: typeof one) =>
    runs[0].map((_, seed) => summary(runs.map((set) => metric(set[seed]))).mean);
  const [first, second] = [bySeed(one), bySeed(other)];
  const differences = first.map((value, seed) => value - second[seed]);
  const [a, b] = drawSeedsAndItems([one, other], metric, { random, bootstrapSamples });
  const interval = percentiles(a.map((value, i) => value - b[i]));
  return { differences, mean: summary(differences).mean, interval };
}

function sameItems(one: Predictions, other: Predictions): void {
  const n = Math.max(one.gold.length, other.gold.length);
  for (let item = 0; item < n; item++) {
    if (one.gold[item] !== other.gold[item])
      throw new Error(`these predictions are not of the same items: the gold labels differ at item ${item}`);
  }
}
