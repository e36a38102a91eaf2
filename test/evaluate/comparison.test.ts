import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, compareAll, pooled, rowOf, type SystemRun } from "../../lib/evaluate/comparison";
import { Random } from "../../lib/support/random";

const random = new Random(5),
  testSets = ["ギャグ", "少女漫画"];
const golds = testSets.map(() => Array.from({ length: 60 }, () => random.integer(2)));
const runsOf = (system: string, share: number, seeds: readonly (number | null)[]): SystemRun[] =>
  seeds.flatMap((seed) =>
    testSets.map((testSet, set) => {
      const predicted = golds[set].map((label) => (random.uniform() < share ? label : 1 - label));
      const ending =
        system !== "all" ? "successful" : seed === 1 ? "failed" : seed === 2 ? "diverged" : "successful";
      const endings = seed === null ? undefined : ([ending] as const);
      return { system, testSet, seed, gold: golds[set], predicted, endings };
    }),
  );
const seeds = [0, 1, 2, 3, 4, 5];
const fixed = runsOf("fixed", 0.6, seeds),
  last = runsOf("last", 0.9, seeds),
  all = runsOf("all", 0.5, seeds),
  tfidf = runsOf("TF-IDF", 0.8, [null]);
const { rows, points, notes } = compare([...tfidf, ...fixed, ...last, ...all], {
  metric: "accuracy",
  baseline: "TF-IDF",
  bootstrapSamples: 200,
});
const row = (system: string) => rows.find((one) => one.system === system) ?? assert.fail(system);
const round = (x: number) => Math.round(x * 1e6) / 1e6;

test("a point is the mean of the metric over test sets", () => {
  const right = last
    .filter(({ seed }) => seed === 3)
    .map(({ gold, predicted }) => gold.filter((label, i) => label === predicted[i]).length / 60);
  const point = points.find(({ system, seed }) => system === "last" && seed === 3);
  assert.equal(round(point?.value ?? 0), round((right[0] + right[1]) / 2));
});

test("the mean over seeds lies in its interval", () => {
  const { seeds: n, mean, low, high } = row("last");
  assert.ok(n === 6 && low < mean && mean < high);
});

test("a system without chance is paired with every seed", () => {
  const { baseline, mean } = row("last");
  assert.equal(round(baseline?.difference ?? 0), round(mean - row("TF-IDF").mean));
  assert.equal(baseline?.seeds, 6);
});

test("every system is compared with the best one too", () => {
  assert.deepEqual(
    rows.map(({ system, best }) => [system, best?.other]),
    [
      ["TF-IDF", "last"],
      ["fixed", "last"],
      ["last", undefined],
      ["all", "last"],
    ],
  );
  assert.ok((row("fixed").best?.difference ?? 0) < 0);
});

test("the median is that of the points", () => {
  const values = points
    .filter(({ system }) => system === "fixed")
    .map(({ value }) => value)
    .sort((a, b) => a - b);
  assert.equal(row("fixed").median, (values[2] + values[3]) / 2);
});

test("a row that is not there is named", () =>
  assert.throws(
    () => rowOf(compare(last, { bootstrapSamples: 2 }), "lsat"),
    /no row "lsat"; there are last/,
  ));

test("p is corrected for all systems that are compared with the baseline", () => {
  const ps = rows.flatMap(({ baseline }) => baseline ?? []).sort((a, b) => a.p - b.p);
  assert.equal(ps[0].holm, Math.min(1, ps.length * ps[0].p));
});

test("comparisons with the best, which was chosen, are corrected for all pairs", () => {
  const { length } = rows,
    ps = rows.flatMap(({ best }) => best ?? []).sort((a, b) => a.p - b.p);
  assert.equal(ps[0].holm, Math.min(1, ((length * (length - 1)) / 2) * ps[0].p));
});

test("the baseline is not compared with itself", () => assert.equal(row("TF-IDF").baseline, undefined));

test("failed runs and diverged ones are counted apart and named", () => {
  assert.deepEqual([row("all").failed, row("all").diverged, row("all").runs], [2, 2, 12]);
  assert.ok(notes.includes("Runs that failed, all in the means: all 2 of 12."));
  assert.ok(notes.includes("Runs that diverged, all in the means: all 2 of 12."));
});

test("pooled test sets keep what became of every run", () => {
  const { rows: some } = compare(pooled([...tfidf, ...all]), { metric: "accuracy", bootstrapSamples: 2 });
  assert.deepEqual(
    some.map(({ seeds: n, failed, diverged, runs }) => [n, failed, diverged, runs]),
    [
      [1, 0, 0, 0],
      [6, 2, 2, 12],
    ],
  );
});

test("two seeds are too few to judge by, and the table says so once", () => {
  const two = [...tfidf, ...last.filter(({ seed }) => (seed ?? 0) < 2), ...fixed];
  const { notes: said, rows: some } = compare(two, { baseline: "TF-IDF", bootstrapSamples: 10 });
  assert.ok(Number.isNaN(some[1].baseline?.p));
  assert.equal(said.filter((note) => note.includes("Fewer than 3 seeds")).length, 1);
  assert.ok(!notes.some((note) => note.includes("seeds show nothing")));
});

test("two systems are compared on the seeds that both have", () => {
  const { rows: some } = compare([...fixed, ...last.filter(({ seed }) => (seed ?? 0) < 4)], {
    metric: "accuracy",
    baseline: "fixed",
    bootstrapSamples: 10,
  });
  assert.equal(some[1].baseline?.seeds, 4);
});

test("a seed without all test sets is left out and named", () => {
  const { rows: some, notes: said } = compare(
    last.filter(({ seed, testSet }) => seed !== 2 || testSet === "ギャグ"),
    { bootstrapSamples: 10 },
  );
  assert.equal(some[0].seeds, 5);
  assert.deepEqual(said, ["last: left out, since a test set is missing: seed 2."]);
});

test("two systems without chance are judged by their items alone", () => {
  const { rows: some } = compare([...tfidf, ...runsOf("majority", 0.5, [null])], {
    metric: "accuracy",
    baseline: "TF-IDF",
    bootstrapSamples: 10,
  });
  const { difference = 0, p = 1 } = some[1].baseline ?? {};
  assert.ok(difference < 0 && p < 1);
});

test("a row does not depend on the others in the table", () => {
  assert.deepEqual(compare(last, { metric: "accuracy", bootstrapSamples: 200 }).rows[0].low, row("last").low);
});

test("a run that is there twice is refused", () =>
  assert.throws(() => compare([...last, last[0]]), /"last", seed 0, is there twice on ギャグ/));

test("a baseline that is not there is refused", () =>
  assert.throws(() => compare(last, { baseline: "fixed" }), /the baseline "fixed" has no seed/));

test("several comparisons are corrected together", () => {
  const groups = compareAll(
    { one: [...tfidf, ...last], two: [...tfidf, ...fixed] },
    { metric: "accuracy", baseline: "TF-IDF", bootstrapSamples: 10 },
  );
  const [one, two] = [groups.one.rows[1], groups.two.rows[1]].map(({ baseline }) => baseline!);
  const first = Math.min(one.p, two.p);
  assert.equal(Math.min(one.holm, two.holm), Math.min(1, 2 * first));
});

const threes = [0, 1].map((seed) => ({
  system: "three",
  testSet: "t",
  seed,
  gold: [0, 0, 1, 1, 2, 2],
  predicted: [0, 2, 1, 1, 2, seed],
}));

test("of more than two classes F1 is refused until the class is named", () => {
  assert.throws(
    () => compare(threes, { bootstrapSamples: 2 }),
    /f1 of 3 classes \(0, 1, 2\) is that of one: name it \(positive\), or take macroF1 or weightedF1/,
  );
  const [low, high] = [0, 2].map(
    (positive) => compare(threes, { positive, bootstrapSamples: 2 }).rows[0].mean,
  );
  assert.deepEqual([low, high].map(round), [0.583333, 0.5]);
});

test("a class that occurs in no answer and no item counts in macro F1 only if it is named", () => {
  const two = threes.map((run) => ({ ...run, gold: [0, 0, 0, 1, 1, 1], predicted: [0, 0, 0, 1, 1, 1] }));
  const all = compare(two, { metric: "macroF1", classes: ["bad", "good", "none"], bootstrapSamples: 2 });
  assert.deepEqual(
    [compare(two, { metric: "macroF1", bootstrapSamples: 2 }).rows[0].mean, round(all.rows[0].mean)],
    [1, 0.666667],
  );
  assert.ok(all.notes.includes("No item of t is none: counted as 0 in macro scores of it."));
});

test("pooled test sets are one, in the same order for every system", () => {
  const [one, other] = [last, [...last].reverse()].map((runs) => pooled(runs).find(({ seed }) => seed === 3));
  assert.deepEqual(one?.gold, [...golds[0], ...golds[1]]);
  assert.deepEqual([...(other?.gold ?? [])].sort(), [...(one?.gold ?? [])].sort());
});
