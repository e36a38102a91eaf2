import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { scoreBy } from "../../lib/evaluate/comparison";
import { percentiles, seedsAndItems, wilson } from "../../lib/evaluate/intervals";
import { holm, mcnemar, pairedDifference } from "../../lib/evaluate/paired";
import { Random } from "../../lib/support/random";

interface Reference {
  readonly mcnemar: readonly { readonly counts: readonly [number, number]; readonly p: number }[];
  readonly holm: readonly { readonly p: readonly number[]; readonly adjusted: readonly number[] }[];
  readonly wilson: readonly {
    readonly counts: readonly [number, number];
    readonly interval: readonly [number, number];
  }[];
  readonly bootstrap: {
    readonly one: readonly number[];
    readonly other: readonly number[];
    readonly low: number;
    readonly high: number;
  };
}

// SciPy 1.17.1 and statsmodels 0.15.0, by make_statistics.py
const reference = JSON.parse(
  readFileSync(join(__dirname, "..", "reference", "statistics.json"), "utf8"),
) as Reference;
const accuracy = scoreBy("accuracy"),
  f1 = scoreBy("f1");
const near = (value: number, expected: number, within = 1e-9) =>
  assert.ok(Math.abs(value - expected) <= within, `${value}, expected ${expected}`);

for (const { counts, p } of reference.mcnemar) {
  test(`McNemar's exact test of ${counts.join(" against ")} equals statsmodels'`, () =>
    near(mcnemar(...counts), p));
}

for (const { p, adjusted } of reference.holm) {
  test(`Holm's correction of ${p.join(", ")} equals statsmodels'`, () => {
    holm(p.map((value) => ({ p: value }))).forEach((one, i) => near(one.holm, adjusted[i]));
  });
}

for (const { counts, interval } of reference.wilson) {
  test(`Wilson's interval of ${counts.join(" in ")} equals statsmodels'`, () => {
    const { low, high } = wilson(...counts);
    near(low, interval[0]);
    near(high, interval[1]);
  });
}

test("the paired interval over items equals SciPy's bootstrap but for the chance of drawing", () => {
  const { one, other, low, high } = reference.bootstrap,
    gold = one.map(() => 1);
  const { interval } = pairedDifference(
    [[{ gold, predicted: one }]],
    [[{ gold, predicted: other }]],
    accuracy,
    { bootstrapSamples: 20_000 },
  );
  near(interval.low, low, 0.004);
  near(interval.high, high, 0.004);
});

const random = new Random(3);
const golds = Array.from({ length: 5 }, () => Array.from({ length: 66 }, () => random.integer(2)));
const runsOf = (share: number, seeds: number) =>
  golds.map((gold) =>
    Array.from({ length: seeds }, () => ({
      gold,
      predicted: gold.map((label) => (random.uniform() < share ? label : 1 - label)),
    })),
  );

test("what both systems share cancels in the paired interval", () => {
  const one = runsOf(0.7, 4);
  const other = one.map((set) =>
    set.map(({ gold, predicted }) => ({
      gold,
      predicted: predicted.map((value, i) => (i === 0 ? 1 - value : value)),
    })),
  );
  const { low, high } = pairedDifference(one, other, accuracy).interval,
    alone = seedsAndItems(one, accuracy);
  assert.ok(high - low < (alone.high - alone.low) / 2, `${low} ${high}`);
});

test("a system does not differ from itself", () => {
  const one = runsOf(0.7, 3),
    { mean, interval } = pairedDifference(one, one, f1);
  assert.deepEqual({ mean, interval }, { mean: 0, interval: { low: 0, high: 0 } });
});

test("differences are means over test sets, seed by seed", () => {
  const gold = [1, 1],
    right = { gold, predicted: [1, 1] },
    half = { gold, predicted: [1, 0] },
    wrong = { gold, predicted: [0, 0] };
  const { differences } = pairedDifference(
    [
      [right, half],
      [half, right],
    ],
    [
      [wrong, wrong],
      [wrong, half],
    ],
    accuracy,
    { bootstrapSamples: 10 },
  );
  assert.deepEqual(differences, [0.75, 0.5]);
});

test("systems tested on other items cannot be paired", () => {
  assert.throws(
    () =>
      pairedDifference(
        [[{ gold: [1, 0], predicted: [1, 0] }]],
        [[{ gold: [1, 1], predicted: [1, 0] }]],
        accuracy,
      ),
    /differ at item 1/,
  );
});

test("a thousand draws of ten seeds and 326 items of two systems take less than a second", () => {
  const one = runsOf(0.7, 10),
    other = runsOf(0.6, 10),
    { user } = process.cpuUsage();
  pairedDifference(one, other, f1);
  assert.ok(process.cpuUsage().user - user < 1e6);
});

test("percentiles of 0 … 1000 are 25 and 975", () => {
  assert.deepEqual(percentiles(Array.from({ length: 1001 }, (_, i) => i)), { low: 25, high: 975 });
});
