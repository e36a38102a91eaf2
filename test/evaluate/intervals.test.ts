import assert from "node:assert/strict";
import { test } from "node:test";
import { confusionOf, metricsOf } from "../../lib/evaluate/confusion";
import { quantile, seedsAndItems, summary, wilson } from "../../lib/evaluate/intervals";
import { Random } from "../../lib/support/random";

const round = (x: number) => Math.round(x * 1000) / 1000;
const accuracy = ({ gold, predicted }: { gold: readonly number[]; predicted: readonly number[] }) =>
  metricsOf(confusionOf(gold, predicted, 2)).accuracy;

// statsmodels 0.14: proportion_confint(52, 65, method="wilson") = (0.6872, 0.8791)
test("Wilson's interval of 52 in 65 equals statsmodels'", () => {
  const { low, high } = wilson(52, 65);
  assert.deepEqual([round(low), round(high)], [0.687, 0.879]);
});

test("Wilson's interval of 0 in 10 starts at 0 and ends above it", () => {
  const { low, high } = wilson(0, 10);
  assert.deepEqual([low, round(high)], [0, 0.278]);
});

test("sd divides by n - 1", () => {
  assert.equal(round(summary([1, 2, 3, 4]).sd), 1.291);
});

test("the median of an even number of values is the mean of the middle two", () => {
  assert.equal(summary([4, 1, 3, 2]).median, 2.5);
});

test("quantiles interpolate as numpy's", () => {
  assert.equal(round(quantile([1, 2, 3, 4], 0.4)), 2.2);
});

test("the interval over seeds and items is wider than over items alone when seeds differ", () => {
  const gold = Array.from({ length: 100 }, (_, i) => i % 2);
  const good = { gold, predicted: gold },
    bad = { gold, predicted: gold.map(() => 0) };
  const spread = seedsAndItems([[good, bad, good, bad, good, bad]], accuracy, { random: new Random(1) });
  const steady = seedsAndItems([[bad, bad, bad, bad, bad, bad]], accuracy, { random: new Random(1) });
  assert.ok(spread.high - spread.low > 1.5 * (steady.high - steady.low));
});
