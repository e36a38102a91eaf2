/** How sure a number is: intervals for proportions, for means over seeds, and by resampling items. */
import { Random } from "../support/random";
import { COUNT, check } from "../support/settings";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The two-sided 95 % point of the normal distribution. */
const Z95 = 1.959963984540054;

/** Wilson's 95 % score interval of a proportion (Wilson 1927). */
export function wilson(successes: number, n: number): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const p = successes / n,
    z2 = (Z95 * Z95) / n;
  const centre = (p + z2 / 2) / (1 + z2);
  const half = (Z95 / (1 + z2)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

interface Summary {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (n - 1); NaN for one value. */
  readonly sd: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * n, mean, sd, median, minimum and maximum of values, for instance of one metric over seeds.
 * @throws if there are none
 */
export function summary(values: readonly number[]): Summary {
  if (values.length === 0) throw new Error("no values to summarise: did every run crash?");
  const n = values.length,
    sorted = [...values].sort((a, b) => a - b);
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
  return {
    n,
    mean,
    sd,
    median: (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2,
    min: sorted[0],
    max: sorted[n - 1],
  };
}

/** The middle 95 % of values; NaN, of draws in which a metric is undefined, is left out. */
export function percentiles(values: ArrayLike<number>): Interval {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort() as unknown as readonly number[];
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** Linear interpolation between sorted values, as numpy's default. */
export function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q,
    low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
}

/** One seed's predictions of the items of one test set. */
export interface Predictions {
  readonly gold: readonly number[];
  readonly predicted: readonly number[];
  /** Of every class for each item, where they are known: [items, C], each row's sum 1. */
  readonly probabilities?: readonly (readonly number[])[];
}

/**
 * The 95 % interval of the mean over test sets (touches) and seeds of a metric: seeds and items are drawn
 * anew, both with replacement, so that it covers the chance of training and of the test lines. A seed is
 * drawn for all test sets at once.
 * @param runs runs[set][seed]
 */
export function seedsAndItems(
  runs: readonly (readonly Predictions[])[],
  metric: (one: Predictions) => number,
  {
    random = new Random(0),
    bootstrapSamples = 1000,
  }: { readonly random?: Random; readonly bootstrapSamples?: number } = {},
): Interval {
  return percentiles(drawSeedsAndItems([runs], metric, { random, bootstrapSamples })[0]);
}

/**
 * What seedsAndItems draws, for several systems at once: each draw takes the same seeds and the same items of
 * all of them.
 * @param systems systems[system][set][seed]
 * @param metric must not keep the arrays that it is given: they are filled anew for every draw
 * @returns values[system][draw], each the mean over test sets and seeds
 */
export function drawSeedsAndItems(
  systems: readonly (readonly (readonly Predictions[])[])[],
  metric: (one: Predictions) => number,
  { random, bootstrapSamples }: { readonly random: Random; readonly bootstrapSamples: number },
): Float64Array[] {
  check("bootstrapSamples", bootstrapSamples, COUNT);
  const [sets, seeds] = [systems[0].length, systems[0][0].length];
  const values = systems.map(() => new Float64Array(bootstrapSamples));
  const chosen = new Array<number>(seeds).fill(0);
  const buffers = systems[0].map((set) => [0, 1, 2].map(() => new Array<number>(set[0].gold.length).fill(0)));
  for (let draw = 0; draw < bootstrapSamples; draw++) {
    for (let i = 0; i < seeds; i++) chosen[i] = random.integer(seeds);
    for (let set = 0; set < sets; set++) {
      const [items, gold, predicted] = buffers[set],
        n = items.length;
      for (let i = 0; i < n; i++) items[i] = random.integer(n);
      systems.forEach((system, s) => {
        for (const seed of chosen) {
          const from = system[set][seed];
          for (let i = 0; i < n; i++) {
            gold[i] = from.gold[items[i]];
            predicted[i] = from.predicted[items[i]];
          }
          const one: Predictions = {
            gold,
            predicted,
            // asked for by few metrics
            get probabilities() {
              return from.probabilities && items.map((item) => from.probabilities![item]);
            },
          };
          values[s][draw] += metric(one) / (seeds * sets);
        }
      });
    }
  }
  return values;
}
