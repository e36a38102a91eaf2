import assert from "node:assert/strict";
import { test } from "node:test";
import { confusionMatrix, learningCurves, scoreBars } from "../../lib/show/charts";
import { type Chart, greys, palette } from "../../lib/show/style";
import { drawSvg } from "../../packages/chart-picture";
import { valuesOf, warningsOf } from "./chart";

const history = [
  { epoch: 1, trainLoss: 0.7, trainAccuracy: 0.5, validationLoss: 0.69, validationAccuracy: 0.52 },
  { epoch: 2, trainLoss: 0.4, trainAccuracy: 0.8, validationLoss: 0.51234567, validationAccuracy: 0.75 },
  { epoch: 3, trainLoss: 0.2, trainAccuracy: 0.9, validationLoss: 0.6, validationAccuracy: 0.75 },
];
const title = "漫画";
const one = learningCurves(
  [
    { system: "last", seed: 1, history, bestEpoch: 2 },
    { system: "last", seed: 2, history, bestEpoch: 2 },
  ],
  { title },
);
const three = learningCurves(
  ["all", "last", "fixed"].map((system) => ({ system, seed: 1, history, bestEpoch: 2 })),
  { title },
);
const bars = scoreBars(
  ["ギャグ", "少女漫画"].flatMap((testSet) =>
    ["last", "fixed"].map((system) => ({
      testSet,
      system,
      value: 0.7,
      low: 0.6,
      high: 0.8,
      seeds: [0.65, 0.75],
    })),
  ),
  { title },
);
const matrix = confusionMatrix(
  [
    {
      name: "last",
      counts: [
        [51, 5],
        [6, 4],
      ],
    },
    {
      name: "fixed",
      counts: [
        [49, 7],
        [5, 5],
      ],
    },
  ],
  { labels: ["喜楽以外", "喜楽"], title },
);
const charts = { one, three, bars, matrix };

/** What is found under `key` anywhere in a chart. */
function all(part: unknown, key: string): unknown[] {
  if (part === null || typeof part !== "object") return [];
  return Object.entries(part).flatMap(([name, value]) =>
    (name === key ? [value] : []).concat(all(value, key)),
  );
}

for (const [name, chart] of Object.entries(charts)) {
  test(`vega-lite compiles ${name} without a warning`, () => assert.deepEqual(warningsOf(chart), []));

  test(`every colour of ${name} is from the palette`, () => {
    const colours = JSON.stringify(chart).match(/#[0-9A-Fa-f]{3,8}\b/g) ?? [];
    const allowed: string[] = [...Object.values(palette), ...Object.values(greys)];
    assert.deepEqual(
      colours.filter((colour) => !allowed.includes(colour)),
      [],
    );
  });

  test(`the description of ${name} is a sentence with numbers`, () =>
    assert.match(chart.description, /漫画\..*\d\.\d\d.*\.$/));
}

test("a learning curve has a row for each epoch, seed and set, rounded to five digits", () => {
  assert.deepEqual(valuesOf(one).slice(2, 4), [
    { panel: "last", seed: 1, epoch: 2, short: true, series: "training", loss: 0.4, accuracy: 0.8 },
    {
      panel: "last",
      seed: 1,
      epoch: 2,
      short: true,
      series: "validation",
      loss: 0.51235,
      accuracy: 0.75,
      kept: "kept epoch",
    },
  ]);
  assert.equal(valuesOf(one).filter(({ seed }) => seed !== undefined).length, 12);
});

test("the words under a curve count seeds, not lines of the plot", () => {
  const curves = ["ギャグ", "萌え系"].flatMap((testSet) =>
    [1, 2, 3].map((seed) => ({ system: "last", seed, testSet, history, bestEpoch: 2 })),
  );
  assert.match(learningCurves(curves, { title }).description, /\(epoch 2, 3 seeds on 2 test sets\)/);
  assert.match(one.description, /\(epoch 2, 2 seeds\)/);
});

test("the runs of two test sets are lines of their own in one panel", () => {
  const curves = ["ギャグ", "萌え系"].map((testSet) => ({
    system: "last",
    seed: 1,
    testSet,
    history,
    bestEpoch: 2,
  }));
  const chart = learningCurves(curves, { title });
  assert.deepEqual(
    (all(chart, "detail")[0] as { field: string }[]).map(({ field }) => field),
    ["seed", "testSet"],
  );
  assert.equal(new Set(valuesOf(chart).map(({ testSet }) => testSet)).size, 2);
});

test("the kept epoch is that which the run says", () => {
  const kept = (chart: Chart) =>
    valuesOf(chart)
      .filter((row) => row.kept !== undefined)
      .map(({ epoch }) => epoch);
  assert.deepEqual(kept(three), [2, 2, 2]);
  assert.deepEqual(
    kept(learningCurves([{ system: "last", seed: 1, history, bestEpoch: 3 }], { title })),
    [3],
  );
});

test("training and validation differ in dash as well as in colour", () => {
  const dash = all(one, "strokeDash")[0] as { scale: { domain: string[]; range: number[][] } };
  assert.deepEqual(dash.scale.domain, ["training", "validation"]);
  assert.deepEqual(dash.scale.range, [
    [5, 3],
    [1, 0],
  ]);
});

test("several systems are small multiples, one is two panels", () => {
  assert.deepEqual([all(three, "facet").length, all(one, "facet").length], [2, 0]);
});

test("bars hold scores and seeds", () => {
  assert.deepEqual(valuesOf(bars)[0], {
    panel: "ギャグ",
    system: "last",
    score: 0.7,
    label: "0.70",
    low: 0.6,
    high: 0.8,
    n: 2,
  });
  assert.deepEqual(
    valuesOf(bars).filter(
      ({ panel, system, seed }) => panel === "ギャグ" && system === "last" && seed !== undefined,
    ),
    [
      { panel: "ギャグ", system: "last", seed: 1, seedValue: 0.65 },
      { panel: "ギャグ", system: "last", seed: 2, seedValue: 0.75 },
    ],
  );
});

test("a cell of the confusion matrix has its count and its share of the gold class", () => {
  assert.deepEqual(valuesOf(matrix).slice(0, 2), [
    { panel: "last", gold: "喜楽以外", predicted: "喜楽以外", count: 51, share: 0.91071, percent: "91 %" },
    { panel: "last", gold: "喜楽以外", predicted: "喜楽", count: 5, share: 0.089286, percent: "9 %" },
  ]);
});

test("a class without items has no share", () => {
  const empty = confusionMatrix(
    [
      {
        name: "last",
        counts: [
          [3, 0],
          [0, 0],
        ],
      },
    ],
    { labels: ["0", "1"], title },
  );
  assert.equal(valuesOf(empty)[3].percent, "–");
});

test("nothing to draw is an error that says what is missing", () => {
  assert.throws(() => learningCurves([], { title }), /no run/);
  assert.throws(
    () => learningCurves([{ system: "last", seed: 4, history: [], bestEpoch: 1 }], { title }),
    /last, seed 4: no epoch 1/,
  );
  assert.throws(() => scoreBars([], { title }), /no scores/);
  assert.throws(
    () => confusionMatrix([{ name: "last", counts: [[1]] }], { labels: ["0", "1"], title }),
    /last: 1 classes, but 2 labels/,
  );
});

test("epochs are labelled by whole numbers, in every panel by its own", async () => {
  const curves = [1, 3, 8, 100].map((epochs) => ({
    system: `${epochs}`,
    seed: 1,
    bestEpoch: 1,
    history: Array.from({ length: epochs }, (_, i) => ({ ...history[0], epoch: i + 1 })),
  }));
  const svg = await drawSvg(learningCurves(curves, { title }));
  const axes = [...svg.matchAll(/aria-label="X-axis titled 'epoch'.*?role-axis-title/gs)].map(([axis]) =>
    [...axis.matchAll(/>(\d[\d.]*)<\/text>/g)].map(([, label]) => Number(label)),
  );
  assert.deepEqual(axes.slice(0, 4), [[1], [1, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8], [20, 40, 60, 80, 100]]);
});

test("no mark fades as a whole: resvg ends the process when such a layer lies off the picture", () => {
  for (const chart of Object.values(charts))
    assert.deepEqual(
      all(chart, "opacity").filter((opacity) => opacity !== 1),
      [],
    );
});

test("panels that do not fill the last row have an axis each", () => {
  const bars = (testSets: readonly string[]) =>
    scoreBars(
      testSets.map((testSet) => ({ testSet, system: "last", value: 0.7, low: 0.6, high: 0.8 })),
      { title },
    );
  assert.deepEqual(
    [bars(["a", "b", "c", "d", "e"]), bars(["a", "b", "c"])].map((chart) => chart.resolve),
    [{ axis: { x: "independent" } }, {}],
  );
});
