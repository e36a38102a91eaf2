/** Golden scores: metrics, intervals, tests and the counting baseline on predictions drawn by lib/random. */

import { baselineRuns, MAJORITY, TFIDF } from "../../lib/evaluate/baselines";
import { compareAll, type NamedRun, pooled } from "../../lib/evaluate/comparison";
import {
  type Confusion,
  classScores,
  confusionOf,
  majority,
  metricsOf,
  sumOfConfusions,
} from "../../lib/evaluate/confusion";
import { hasFailed, labelCounts, majorityAccuracy } from "../../lib/evaluate/ending";
import { percentiles, quantile, seedsAndItems, summary, wilson } from "../../lib/evaluate/intervals";
import { holm, mcnemar, pairedDifference } from "../../lib/evaluate/paired";
import { movedItems, votes } from "../../lib/evaluate/votes";
import { Random } from "../../lib/support/random";
import { seedEffects } from "../../packages/stability";
import {
  beside,
  fitLogistic,
  fitTfidf,
  predict,
  probabilities,
  TFIDF_DEFAULTS,
  type TfidfOptions,
  transform,
} from "../../packages/tfidf";
import { golden } from "./check";

const THREE = [
  [31, 4, 2],
  [6, 17, 5],
  [1, 3, 11],
];
const CONFUSIONS = [
  THREE,
  [
    [40, 7, 3],
    [2, 9, 8],
    [0, 5, 21],
  ],
  [
    [12, 0, 3],
    [4, 0, 2],
    [0, 0, 0],
  ],
];

const scores = (confusion: Confusion, positive: number) => {
  const { n, precision, recall, f1, accuracy, macroF1 } = metricsOf(confusion, positive);
  return [n, precision, recall, f1, accuracy, macroF1];
};
const means = (confusion: Confusion) => Object.values(metricsOf(confusion)) as number[];
const ends = ({ low, high }: { readonly low: number; readonly high: number }) => [low, high];

/** Runs of one system: right with a chance of its own in every seed, else any class. */
function runsOf(system: string, skill: number, { seeds = 4, classes = 3 } = {}): NamedRun[] {
  const random = new Random(Math.round(1000 * skill));
  return ["a", "b"].flatMap((testSet, set) => {
    const items = Array.from({ length: 16 + 9 * set }, (_, i) => `${testSet}${i}`);
    const gold = items.map((_, i) => (i * i + set) % classes);
    return Array.from({ length: seeds }, (_, seed) => {
      const chance = skill + 0.1 * random.normal();
      const predicted = gold.map((label) => (random.uniform() < chance ? label : random.integer(classes)));
      return { system, testSet, seed, items, gold, predicted };
    });
  });
}

const [ONE, TWO, WEAK] = [runsOf("one", 0.62), runsOf("two", 0.5), runsOf("weak", 0.31, { seeds: 3 })];
const gridOf = (runs: readonly NamedRun[]) =>
  ["a", "b"].map((set) => runs.filter(({ testSet, seed }) => testSet === set && (seed ?? 0) < 3));
const macroF1 = ({ gold, predicted }: Pick<NamedRun, "gold" | "predicted">) =>
  metricsOf(confusionOf(gold, predicted, 3)).macroF1;

/** Short texts whose words hint at their class, some with the words of another. */
const WORDS = [
  "うまい",
  "最高だ",
  "まずい",
  "最悪だ",
  "ふつう",
  "まあまあ",
  "店",
  "味が",
  "駅前の",
  "また",
  "とても",
  "ABC",
  "ｱﾞ",
];
const TEXTS = (() => {
  const random = new Random(5);
  return Array.from({ length: 120 }, (_, i) => {
    const label = i % 3;
    const words = Array.from({ length: 2 + random.integer(5) }, () =>
      random.uniform() < 0.25 ? WORDS[2 * label + random.integer(2)] : WORDS[random.integer(WORDS.length)],
    );
    const context = i % 4 === 0 ? [] : [WORDS[random.integer(WORDS.length)]];
    return { id: `${i}`, text: words.join(i % 5 === 0 ? "  " : ""), context, label };
  });
})();
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const SPLIT = { name: "golden", train: upTo(0, 50), validation: upTo(50, 60), test: upTo(60, 120) };
const LEARNT = [...SPLIT.train, ...SPLIT.validation];
const at = <T>(all: readonly T[], items: readonly number[]) => items.map((item) => all[item]);
const texts = (items: readonly number[]) => at(TEXTS, items).map(({ text }) => text);
const LABELS = TEXTS.map(({ label }) => label);

/** Where undefined, lib's own: a default that has no name there. */
type Constants = {
  readonly bootstrap: { readonly bootstrapSamples?: number; readonly seed?: number };
  readonly tfidf: TfidfOptions;
  readonly logistic: { readonly c?: number };
};
const CONSTANTS: Constants = {
  bootstrap: { bootstrapSamples: undefined, seed: undefined },
  tfidf: TFIDF_DEFAULTS,
  logistic: { c: undefined },
};

/** Options with the generator of a seed. */
const drawn = <T extends { readonly seed?: number }>({ seed, ...options }: T) => ({
  ...options,
  random: seed === undefined ? undefined : new Random(seed),
});

golden({
  component: "metrics",
  constants: CONSTANTS,
  cases: {
    "scores of confusions": () => ({
      each: CONFUSIONS.flatMap((confusion) => [0, 1, 2].flatMap((positive) => scores(confusion, positive))),
      sum: scores(sumOfConfusions(CONFUSIONS), 2),
      majority: [[0, 1, 1], [2, 2, 0, 0], [1]].flatMap((labels) => Object.values(majority(labels))),
    }),
    "scores of more than two classes": () => ({
      byClass: CONFUSIONS.flatMap((confusion) =>
        [0, 1, 2].flatMap((c) => Object.values(classScores(confusion, c)) as number[]),
      ),
      means: CONFUSIONS.flatMap(means),
    }),
    "failed runs": () => {
      const counts = labelCounts({
        train: { labels: [0, 0, 1, 2, 0] },
        validation: { labels: [1, 1, 0, 2, 1, 0, 2] },
      });
      const ends = [1 / 7, 2 / 7, 3 / 7].map((validationAccuracy) => [{ validationAccuracy }]);
      return {
        majority: [majorityAccuracy(counts)],
        failed: ends.map((history) => Number(hasFailed(history, counts))),
      };
    },
    "intervals and summaries": () => {
      const values = [0.31, 0.7, 0.52, 0.52, 0.18, 0.94];
      return {
        wilson: [
          [0, 0],
          [0, 9],
          [7, 9],
          [9, 9],
          [140, 326],
        ].flatMap(([k, n]) => ends(wilson(k, n))),
        summary: Object.values(summary(values)) as number[],
        quantiles: [0, 0.1, 0.5, 0.77, 1].map((q) => quantile([1, 2, 4, 8, 16], q)),
        percentiles: ends(percentiles(values)),
        seeds: Object.values(seedEffects([values.slice(0, 3), values.slice(3), [0.2, 0.3, 0.9]])) as number[],
      };
    },
    bootstrap: ({ bootstrap }) => ({ one: ends(seedsAndItems(gridOf(ONE), macroF1, drawn(bootstrap))) }),
    "paired tests": ({ bootstrap }) => {
      const paired = pairedDifference(gridOf(ONE), gridOf(TWO), macroF1, drawn(bootstrap));
      const ps = [
        [0, 0],
        [1, 8],
        [12, 3],
        [40, 61],
      ].map(([a, b]) => mcnemar(a, b));
      return {
        differences: [...paired.differences, paired.mean, ...ends(paired.interval)],
        p: ps,
        holm: holm(ps.map((p) => ({ p }))).map((one) => one.holm),
      };
    },
    votes: () => {
      const [before, after] = [ONE, TWO].map((runs) => [...votes(runs).values()]);
      const moved = movedItems(WEAK.slice(0, 2), ONE.slice(0, 1));
      return {
        called: before.flatMap(({ called }) => called),
        predicted: [...before, ...after].map(({ predicted }) => predicted),
        moved: [...moved].flatMap(([id, effect]) => [
          before.findIndex((vote) => vote.id === id),
          Number(effect === "helped"),
        ]),
      };
    },
    "comparison table": ({ bootstrap }) => {
      const groups = { all: [...ONE, ...TWO, ...WEAK], pooled: pooled([...ONE, ...WEAK]) };
      const options = { ...drawn(bootstrap), metric: "macroF1", baseline: "weak" } as const;
      const rows = Object.values(compareAll(groups, options)).flatMap((comparison) => comparison.rows);
      const against = rows.flatMap(({ baseline, best }) =>
        [baseline, best].flatMap((versus) => versus ?? []),
      );
      const numbers = (row: object) =>
        Object.values(row).filter((value) => typeof value === "number") as number[];
      return { rows: rows.flatMap(numbers), against: against.flatMap(numbers) };
    },
    "TF-IDF and logistic regression": ({ tfidf, logistic: { c = 10 } }) => {
      const known = fitTfidf(texts(LEARNT), tfidf);
      const [learnt, tested] = [transform(known, texts(LEARNT)), transform(known, texts(SPLIT.test))];
      const of = (labels: readonly number[], classes: number) =>
        probabilities(fitLogistic(learnt, labels, classes, { c }), tested)
          .slice(0, 12)
          .flat();
      return {
        columns: [known.columns.size],
        two: of(
          at(LABELS, LEARNT).map((label) => Math.min(label, 1)),
          2,
        ),
        three: of(at(LABELS, LEARNT), 3),
      };
    },
    "baselines of a split": ({ logistic: { c } }) => {
      const runs = baselineRuns({ items: TEXTS, labels: LABELS, splits: [SPLIT] });
      const predicted = (system: string) => runs.find((run) => run.system === system)?.predicted ?? [];
      if (c === undefined) return { majority: predicted(MAJORITY), counting: predicted(TFIDF) };
      const blocks = [(i: number) => TEXTS[i].text, (i: number) => TEXTS[i].context.join("\n")].map(
        (textOf) => {
          const known = fitTfidf(LEARNT.map(textOf));
          return [LEARNT, SPLIT.test].map((items) => transform(known, items.map(textOf)));
        },
      );
      const [learnt, tested] = [0, 1].map((part) => beside(blocks[0][part], blocks[1][part]));
      const fitted = fitLogistic(learnt, at(LABELS, LEARNT), 3, { c });
      return { majority: predicted(MAJORITY), counting: predict(fitted, tested) };
    },
  },
  changes: [
    { constant: "bootstrap.bootstrapSamples", to: 2000, of: "bootstrap" },
    { constant: "bootstrap.seed", to: 1, of: "bootstrap" },
    { constant: "bootstrap.seed", to: 1, of: "paired tests" },
    { constant: "bootstrap.seed", to: 1, of: "comparison table" },
    { constant: "tfidf.shortest", to: 2, of: "TF-IDF and logistic regression" },
    { constant: "tfidf.longest", to: 3, of: "TF-IDF and logistic regression" },
    { constant: "tfidf.minimumTexts", to: 1, of: "TF-IDF and logistic regression" },
    { constant: "logistic.c", to: 1, of: "TF-IDF and logistic regression" },
    { constant: "logistic.c", to: 1, of: "baselines of a split" },
    { constant: "logistic.c", to: 100, of: "baselines of a split" },
  ],
});
