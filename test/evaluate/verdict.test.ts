/** The verdict on two systems: simulated ones, of which it is known whether they differ. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ComparisonOptions, compare, type SystemRun } from "../../lib/evaluate/comparison";
import { Random } from "../../lib/support/random";

/** Every system against one. */
const verdictsOf = (
  runs: readonly SystemRun[],
  { against, ...options }: ComparisonOptions & { readonly against: string },
) =>
  compare(runs, { bootstrapSamples: 200, ...options, baseline: against }).rows.flatMap(
    ({ baseline }) => baseline ?? [],
  );

interface Simulation {
  readonly seeds: number;
  /** How much more readily the first system finds positives and negatives than the second; 0: both are alike. */
  readonly gap: number;
  readonly systems?: readonly string[];
}

const ITEMS = 66;

/** Runs of systems that err by item, by seed and by both. */
function simulated({ seeds, gap, systems = ["one", "other"] }: Simulation, random: Random): SystemRun[] {
  const uniform = () => (random.uint32() + 1) / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const gold = Array.from({ length: ITEMS }, () => (uniform() < 0.3 ? 1 : 0)),
    difficulty = gold.map(normal);
  return systems.flatMap((system, place) => {
    const ofItem = difficulty.map((value) => value + 0.7 * normal());
    return Array.from({ length: seeds }, (_, i) => {
      const ofSeed = 0.4 * normal();
      const predicted = gold.map((label, item) => {
        const found = (0.3 + (place === 0 ? gap : 0)) * (label === 1 ? 1 : -1);
        return found + ofItem[item] + ofSeed + 0.5 * normal() > 0.4 ? 1 : 0;
      });
      return { system, testSet: "test", seed: i + 1, gold, predicted };
    });
  });
}

test("systems that are alike are called clearly different at most once in twenty times", () => {
  const random = new Random(1),
    times = 100;
  const wrong = Array.from({ length: times }, () =>
    verdictsOf(simulated({ seeds: 4, gap: 0 }, random), { against: "other", bootstrapSamples: 100 }),
  ).filter(([{ clear }]) => clear !== "no").length;
  assert.ok(wrong <= times / 20, `${wrong} of ${times}`);
});

test("a large difference is clear, in its direction, and larger than what is visible", () => {
  const runs = simulated({ seeds: 4, gap: 1 }, new Random(2));
  const [one] = verdictsOf(runs, { against: "other" }),
    [other] = verdictsOf(runs, { against: "one" });
  assert.deepEqual([one.clear, other.clear], ["better", "worse"]);
  assert.ok(one.difference > one.visible && one.low > 0, JSON.stringify(one));
});

test("one seed or two give no verdict, whatever the difference", () => {
  for (const seeds of [1, 2]) {
    const [one] = verdictsOf(simulated({ seeds, gap: 3 }, new Random(3)), { against: "other" });
    assert.equal(one.clear, "no");
    assert.ok(Number.isNaN(one.p));
  }
});

test("p is corrected for all systems that are judged against the same one", () => {
  const systems = ["one", "two", "three", "other"],
    runs = simulated({ seeds: 4, gap: 1, systems }, new Random(4));
  const correctedOf = (names: readonly string[]) =>
    verdictsOf(
      runs.filter(({ system }) => names.includes(system)),
      { against: "other" },
    )[0].holm;
  assert.equal(correctedOf(systems), 3 * correctedOf(["one", "other"]));
});

test("the metric that is judged is the one asked for", () => {
  const gold = Array.from({ length: 60 }, (_, item) => (item < 12 ? 1 : 0));
  const always = (system: string, label: number) =>
    [1, 2, 3].map((seed) => ({ system, testSet: "test", seed, gold, predicted: gold.map(() => label) }));
  const runs = [...always("no", 0), ...always("yes", 1)];
  const clear = (metric: "accuracy" | "f1") => verdictsOf(runs, { against: "yes", metric })[0].clear;
  assert.deepEqual([clear("accuracy"), clear("f1")], ["better", "worse"]);
});
