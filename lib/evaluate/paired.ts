/**
 * Is one system better than another? Both answer the same items, and seed by seed they are trained on the
 * same terms.
 */
import { Random } from "../support/random";
import { drawSeedsAndItems, type Interval, type Predictions, percentiles, summary } from "./intervals";

/** Differences of at most this share of the whole count as equal, so that rounding decides no test. */
const TIE = 1e-9;

/**
 * Fisher's two-sided sign-flip test: how often would paired differences, with signs tossed anew, sum to at
 * least as much? All 2^n signs are counted for n ≤ 20 (as scipy.stats.permutation_test does with
 * `permutation_type="samples"`); beyond, `draws` of them.
 * @throws if there is no difference or one is not finite
 */
export function signFlip(
  differences: readonly number[],
  { random = new Random(0), draws = 100_000 }: { readonly random?: Random; readonly draws?: number } = {},
): number {
  const n = differences.length;
  if (n === 0 || !differences.every(Number.isFinite)) {
    throw new Error(`[${differences}]: the sign-flip test takes finite differences, at least one`);
  }
  const total = differences.reduce((a, b) => a + b, 0);
  const bound = Math.abs(total) - TIE * differences.reduce((a, b) => a + Math.abs(b), 0);
  let extreme = 0;
  if (n > 20) {
    for (let draw = 0; draw < draws; draw++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += random.uint32() >>> 31 ? differences[i] : -differences[i];
      if (Math.abs(sum) >= bound) extreme++;
    }
    return (extreme + 1) / (draws + 1);
  }
  // The first sign stays: turning all signs over changes no absolute sum.
  const sums = new Float64Array(2 ** (n - 1)).fill(total);
  for (let i = 1, size = 1; i < n; i++, size *= 2) {
    for (let j = 0; j < size; j++) sums[size + j] = sums[j] - 2 * differences[i];
  }
  for (const sum of sums) if (Math.abs(sum) >= bound) extreme++;
  return extreme / sums.length;
}

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

/** The two counts that McNemar's test takes, of two systems' predictions of the same items. */
export function discordant(
  one: Predictions,
  other: Predictions,
): readonly [onlyFirstRight: number, onlySecondRight: number] {
  sameItems(one, other);
  const right = ({ gold, predicted }: Predictions, i: number) => gold[i] === predicted[i];
  const count = (a: Predictions, b: Predictions) =>
    a.gold.filter((_, i) => right(a, i) && !right(b, i)).length;
  return [count(one, other), count(other, one)];
}

/**
 * Holm's correction (1979), in the order given: `holm` < .05 errs anywhere among all the comparisons at most
 * 1 time in 20. What has no p (NaN) is no comparison.
 */
export function holm<Comparison extends { readonly p: number }>(
  comparisons: readonly Comparison[],
): (Comparison & { readonly holm: number })[] {
  const order = [...comparisons.keys()]
    .filter((i) => !Number.isNaN(comparisons[i].p))
    .sort((a, b) => comparisons[a].p - comparisons[b].p);
  const adjusted = new Array<number>(comparisons.length).fill(Number.NaN);
  let before = 0;
  order.forEach(
    (at, rank) =>
      (adjusted[at] = before = Math.min(1, Math.max(before, (order.length - rank) * comparisons[at].p))),
  );
  return comparisons.map((one, i) => ({ ...one, holm: adjusted[i] }));
}

/**
 * Says so if the sign-flip test cannot reach p < .05 with so many seeds, whatever is measured: its smallest p
 * is 2 / 2^n, and Holm's correction multiplies the smallest of several by their number.
 */
export function fewSeeds(seeds: number, comparisons = 1): string | undefined {
  const smallest = (n: number) => Math.min(1, (comparisons * 2) / 2 ** n);
  if (smallest(seeds) < 0.05) return undefined;
  let enough = seeds;
  while (smallest(enough) >= 0.05) enough++;
  const among = comparisons === 1 ? "" : `, corrected for ${comparisons} comparisons,`;
  const p = Number(smallest(seeds).toPrecision(3));
  return (
    `${seeds} ${seeds === 1 ? "seed" : "seeds"} cannot show a difference at p < .05: ` +
    `the smallest p of the sign-flip test${among} is ${p}. It takes ${enough} seeds.`
  );
}

export interface Paired {
  /** First minus second for every seed, each the mean over test sets. */
  readonly differences: readonly number[];
  readonly mean: number;
  /** 95 %, seeds and items drawn anew, the same ones of both systems. */
  readonly interval: Interval;
  /** Of the sign-flip test over seeds. */
  readonly p: number;
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
  return { differences, mean: summary(differences).mean, interval, p: signFlip(differences, { random }) };
}

function sameItems(one: Predictions, other: Predictions): void {
  const n = Math.max(one.gold.length, other.gold.length);
  for (let item = 0; item < n; item++) {
    if (one.gold[item] !== other.gold[item])
      throw new Error(`these predictions are not of the same items: the gold labels differ at item ${item}`);
  }
}
