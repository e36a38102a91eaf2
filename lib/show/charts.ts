/**
 * The charts of an experiment, as pure functions from rows to Vega-Lite v5 JSON. No fact is told by colour
 * alone: lines differ in dash, marks in shape, panels are named. Drawing is draw.ts's work.
 */
import { type Confusion, metricsOf } from "../evaluate/confusion";
import {
  type Chart,
  chart,
  decimals,
  distinct,
  greys,
  inFacets,
  type Json,
  pageWidth,
  palette,
  rounded,
  type Titles,
} from "./style";
import { emsOf } from "./width";

/** One epoch of a run. */
export interface EpochRow {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
}

/** The history of one run: `system` names the panel in which its lines stand. */
export interface Curve {
  readonly system: string;
  readonly seed: number;
  /** Where one panel shows the runs of several. */
  readonly testSet?: string;
  readonly history: readonly EpochRow[];
  /** The epoch that is kept; by default the first with the best validation accuracy. */
  readonly bestEpoch?: number;
}

/**
 * A value to compare with, drawn as a dashed line: in all panels, or in the one that is named (a system, a
 * touch).
 */
export interface Baseline {
  readonly name: string;
  readonly value: number;
  readonly panel?: string;
}

interface WithBaselines extends Titles {
  readonly baselines?: readonly Baseline[];
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** A baseline without a panel of its own is repeated in each. */
const inPanels = (baselines: readonly Baseline[], names: readonly string[]) =>
  baselines.flatMap(({ name, value, panel }) =>
    names
      .filter((one) => panel === undefined || panel === one)
      .map((one) => ({ panel: one, series: name, value: rounded(value) })),
  );

/** Tells series apart by colour and by dash at once, with one legend for both. */
function series(
  names: readonly string[],
  colours: readonly string[],
  dashes: readonly (readonly number[])[],
): { readonly [channel: string]: Json } {
  const legend = names.length === 0 ? null : { symbolType: "stroke", symbolSize: 300, symbolStrokeWidth: 2 };
  const scale = (range: readonly Json[]) => ({
    domain: names,
    range: names.map((_, i) => range[i % range.length]),
  });
  return {
    color: { field: "series", type: "nominal", scale: scale(colours), legend },
    strokeDash: { field: "series", type: "nominal", scale: scale(dashes), legend },
  };
}

const baselineColours = [palette.vermillion, palette.green, palette.purple, palette.black];
const baselineDashes = [
  [6, 3],
  [2, 2],
  [10, 3, 2, 3],
  [4, 2, 4, 2],
];

/** How many panels stand side by side, at most `most`: the rows are filled evenly. */
const evenColumns = (panels: number, most: number) => Math.ceil(panels / Math.ceil(panels / most));

/** Whole epochs alone are labelled: Vega draws ticks between few of them, whatever tickMinStep says. */
const epochAxis = {
  tickCount: 5,
  tickMinStep: 1,
  grid: false,
  format: "d",
  labelExpr: "datum.value % 1 ? '' : datum.label",
  tickWidth: { condition: { test: "datum.value % 1", value: 0 }, value: 1 },
};

const filter = (test: string) => [{ filter: test }];

/** The first epoch with the best validation accuracy. */
function bestRow({ history, bestEpoch }: Curve): EpochRow {
  const best = history.find(({ epoch }) => epoch === bestEpoch);
  return best ?? history.reduce((a, b) => (b.validationAccuracy > a.validationAccuracy ? b : a));
}

/**
 * Loss and accuracy against epoch, training dashed and validation solid; one panel a system with epochs of
 * its own, a thin line for every run, a thick one for their mean, and a diamond where a run's kept epoch is.
 * @throws if there is no run, or a run without epochs
 */
export function learningCurves(
  curves: readonly Curve[],
  { baselines = [], ...titles }: WithBaselines,
): Chart {
  const empty = curves.find(({ history }) => history.length === 0);
  if (curves.length === 0 || empty)
    throw new Error(
      empty ? `${empty.system}, seed ${empty.seed}: no epoch to draw` : "no run to draw a learning curve of",
    );
  const systems = distinct(curves.map(({ system }) => system)),
    oneSet = distinct(curves.map(({ testSet }) => testSet)).length === 1;
  const values = curves.flatMap((curve) =>
    curve.history.flatMap((row) => {
      const best = row.epoch === bestRow(curve).epoch;
      // A line through few epochs is hard to see: it gets points.
      const { epoch } = row,
        { seed, testSet } = curve,
        where = { panel: curve.system, seed, ...(oneSet ? {} : { testSet }) },
        run = { ...where, epoch, short: curve.history.length <= 4 };
      return [
        { ...run, series: "training", loss: rounded(row.trainLoss), accuracy: rounded(row.trainAccuracy) },
        {
          ...run,
          series: "validation",
          loss: rounded(row.validationLoss),
          accuracy: rounded(row.validationAccuracy),
          ...(best ? { kept: "kept epoch" } : {}),
        },
      ];
    }),
  );
  const names = ["training", "validation", ...distinct(baselines.map(({ name }) => name))];
  const told = series(
    names,
    [palette.sky, palette.blue, ...baselineColours],
    [[5, 3], [1, 0], ...baselineDashes],
  );
  const columns = evenColumns(systems.length, 3);
  const across = systems.length === 1 ? 2 : columns;
  const width = Math.floor((pageWidth - 60 - (across - 1) * 16) / across) - (systems.length === 1 ? 30 : 0);

  const panel = (measure: "loss" | "accuracy"): { readonly [part: string]: Json } => {
    const x = {
      field: "epoch",
      type: "quantitative",
      title: "epoch",
      axis: epochAxis,
      scale: { nice: false },
    };
    const y = {
      field: measure,
      type: "quantitative",
      title: measure,
      axis: { tickCount: 5, minExtent: 30 },
      scale: { zero: false },
    };
    const tooltip = ["panel", "series", "seed", "epoch", measure].map((field) => ({ field }));
    const spec = {
      width,
      height: systems.length === 1 ? 220 : 130,
      layer: [
        {
          transform: filter("isValid(datum.seed)"),
          mark: { type: "line", size: 1, strokeOpacity: 0.4 },
          encoding: { x, y, ...told, detail: [{ field: "seed" }, { field: "testSet" }], tooltip },
        },
        {
          transform: filter("isValid(datum.seed)"),
          mark: { type: "line", size: 2.5 },
          encoding: { x, y: { ...y, aggregate: "mean" }, ...told },
        },
        {
          transform: filter("datum.short"),
          mark: { type: "point", filled: true, size: 30, opacity: 1 },
          encoding: { x, y: { ...y, aggregate: "mean" }, color: told.color },
        },
        {
          transform: filter("isValid(datum.kept)"),
          mark: {
            type: "point",
            filled: true,
            fill: palette.orange,
            stroke: palette.black,
            strokeWidth: 1,
            size: 50,
            opacity: 1,
          },
          encoding: {
            x,
            y,
            shape: {
              field: "kept",
              type: "nominal",
              scale: { domain: ["kept epoch"], range: ["diamond"] },
              legend: { symbolSize: 60, padding: 3 },
            },
            tooltip,
          },
        },
        ...(measure === "accuracy" && baselines.length > 0
          ? [
              {
                transform: filter("isValid(datum.value)"),
                mark: { type: "rule", size: 1.5 },
                encoding: {
                  y: { ...y, field: "value" },
                  ...told,
                  tooltip: [{ field: "series" }, { field: "value" }],
                },
              },
            ]
          : []),
      ],
    };
    return systems.length === 1 ? spec : inFacets(systems, columns, spec, { scale: { x: "independent" } });
  };

  const sentences = systems.map((system) => {
    const runs = curves.filter((curve) => curve.system === system),
      best = runs.map(bestRow),
      epochs = best.map(({ epoch }) => epoch);
    const span =
      Math.min(...epochs) === Math.max(...epochs)
        ? `epoch ${epochs[0]}`
        : `epochs ${Math.min(...epochs)} to ${Math.max(...epochs)}`;
    const seeds = distinct(runs.map(({ seed }) => seed)).length,
      sets = distinct(runs.map(({ testSet }) => testSet)).length;
    const counted = `${plural(seeds, "seed")}${sets > 1 ? ` on ${sets} test sets` : ""}`;
    return `${system}: validation accuracy ${decimals(mean(best.map((row) => row.validationAccuracy)))} at the kept epoch (${span}, ${counted})`;
  });
  return chart(
    { description: `${titles.title}. ${sentences.join("; ")}.`, ...titles },
    {
      data: { values: [...values, ...inPanels(baselines, systems)] },
      [systems.length === 1 ? "hconcat" : "vconcat"]: [panel("loss"), panel("accuracy")],
      spacing: 24,
    },
  );
}

/** One system's score on one touch, or on the mean over touches. */
export interface Score {
  readonly touch: string;
  readonly system: string;
  readonly value: number;
  /** Ends of the interval. */
  readonly low: number;
  readonly high: number;
  /** The value of every seed. */
  readonly seeds?: readonly number[];
}

/**
 * A metric as bars, one panel a touch and one bar a system, with its interval as a line and every seed as a
 * point; baselines are dashed lines through the panel.
 */
export function touchBars(
  scores: readonly Score[],
  { baselines = [], metric = "accuracy", ...titles }: WithBaselines & { readonly metric?: string },
): Chart {
  if (scores.length === 0) throw new Error("no scores to draw: did every run crash?");
  const touches = distinct(scores.map(({ touch }) => touch)),
    systems = distinct(scores.map(({ system }) => system));
  const names = distinct(baselines.map(({ name }) => name));
  const columns = evenColumns(touches.length, 3);
  const labels = Math.ceil(11 * Math.max(...systems.map(emsOf))) + 12,
    numbers = 32;
  const values = [
    ...scores.map(({ touch, system, value, low, high, seeds = [] }) => ({
      panel: touch,
      system,
      score: rounded(value),
      label: decimals(value),
      low: rounded(low),
      high: rounded(high),
      n: seeds.length,
    })),
    ...scores.flatMap(({ touch, system, seeds = [] }) =>
      seeds.map((value, seed) => ({ panel: touch, system, seed: seed + 1, seedValue: rounded(value) })),
    ),
    ...inPanels(baselines, touches),
  ];
  const x = {
    type: "quantitative",
    title: metric,
    scale: { domain: [0, 1] },
    axis: { tickCount: 5, format: ".1~f" },
  };
  const y = {
    field: "system",
    type: "nominal",
    sort: systems,
    title: null,
    axis: { ticks: false, domain: false, labelPadding: 6, labelLimit: 0 },
  };
  const tooltip = ["panel", "system", "score", "low", "high", "n"].map((field) => ({ field }));
  const spec = {
    width: Math.floor((pageWidth - labels - (columns - 1) * 16 - 16) / columns) - numbers,
    height: systems.length * 26,
    layer: [
      {
        transform: filter("isValid(datum.score)"),
        mark: { type: "bar", color: palette.sky, fillOpacity: 0.6, height: 18 },
        encoding: { x: { ...x, field: "score" }, y, tooltip },
      },
      ...(names.length > 0
        ? [
            {
              transform: filter("isValid(datum.value)"),
              mark: { type: "rule" },
              encoding: {
                x: { ...x, field: "value" },
                ...series(names, baselineColours, baselineDashes),
                // The first is wide, so that another one of the same value does not hide it.
                strokeWidth: {
                  condition: { test: `datum.series === ${JSON.stringify(names[0])}`, value: 2.5 },
                  value: 1.5,
                },
                tooltip: [{ field: "series" }, { field: "value" }],
              },
            },
          ]
        : []),
      {
        transform: filter("isValid(datum.seed)"),
        mark: { type: "point", filled: true, color: palette.blue, size: 14, opacity: 1 },
        encoding: {
          x: { ...x, field: "seedValue" },
          y,
          yOffset: { field: "seed", type: "ordinal", scale: { paddingOuter: 1 } },
          tooltip: ["panel", "system", "seed", "seedValue"].map((field) => ({ field })),
        },
      },
      {
        transform: filter("isValid(datum.score)"),
        mark: { type: "rule", size: 2, color: palette.black },
        encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y, tooltip },
      },
      {
        transform: filter("isValid(datum.score)"),
        mark: { type: "text", align: "left", dx: 6, fontSize: 11, color: palette.black },
        encoding: { x: { value: "width" }, y, text: { field: "label" } },
      },
    ],
  };
  const best = touches.map((touch) => {
    const here = scores.filter((score) => score.touch === touch),
      top = here.reduce((a, b) => (b.value > a.value ? b : a));
    return `${touch}: ${top.system} ${decimals(top.value)} (${decimals(top.low)} to ${decimals(top.high)})`;
  });
  return chart(
    {
      description: `${titles.title}. Highest ${metric} in each panel, with its interval: ${best.join("; ")}.`,
      ...titles,
    },
    {
      data: { values },
      ...inFacets(touches, columns, spec),
    },
  );
}

/** The confusion of one system: counts[gold][predicted]. */
export interface NamedConfusion {
  readonly name: string;
  readonly counts: Confusion;
}

/**
 * Confusion matrices side by side: gold classes are rows, predicted ones columns; a cell shows the count and
 * its share of the gold class, and is the darker the larger this share.
 * @param labels of the classes, in the order of the counts
 * @throws if a matrix does not have as many rows as there are labels
 */
export function confusionMatrix(
  systems: readonly NamedConfusion[],
  { labels, ...titles }: Titles & { readonly labels: readonly string[] },
): Chart {
  const odd = systems.find(({ counts }) => counts.length !== labels.length);
  if (systems.length === 0 || odd)
    throw new Error(
      odd
        ? `${odd.name}: ${odd.counts.length} classes, but ${labels.length} labels (${labels.join(", ")})`
        : "no confusion to draw",
    );
  const values = systems.flatMap(({ name, counts }) =>
    counts.flatMap((row, gold) => {
      const all = row.reduce((a, b) => a + b, 0);
      return row.map((count, predicted) => {
        const share = all === 0 ? 0 : count / all;
        return {
          panel: name,
          gold: labels[gold],
          predicted: labels[predicted],
          count,
          share: rounded(share),
          percent: all === 0 ? "–" : `${Math.round(100 * share)} %`,
        };
      });
    }),
  );
  const names = systems.map(({ name }) => name);
  const label = Math.ceil(11 * Math.max(...labels.map(emsOf))),
    cell = Math.max(58, label + 8);
  const columns = evenColumns(
    names.length,
    Math.max(1, Math.floor((pageWidth - label - 40) / (cell * labels.length + 16))),
  );
  const axis = { labelAngle: 0, ticks: false, domain: false, labelPadding: 6, labelLimit: 0 };
  const encoding = {
    x: {
      field: "predicted",
      type: "nominal",
      sort: labels,
      title: "predicted",
      axis,
      scale: { paddingInner: 0.04 },
    },
    y: { field: "gold", type: "nominal", sort: labels, title: "gold", axis, scale: { paddingInner: 0.04 } },
  };
  const text = (field: string, dy: number, fontSize: number, fontWeight: string) => ({
    mark: { type: "text", dy, fontSize, fontWeight, color: palette.black },
    encoding: { ...encoding, text: { field } },
  });
  const spec = {
    width: cell * labels.length,
    height: 50 * labels.length,
    layer: [
      {
        mark: { type: "rect" },
        encoding: {
          ...encoding,
          tooltip: ["panel", "gold", "predicted", "count", "percent"].map((field) => ({ field })),
          color: {
            field: "share",
            type: "quantitative",
            scale: { domain: [0, 1], range: [greys.white, palette.sky], interpolate: "rgb" },
            legend: null,
          },
        },
      },
      text("count", -7, 15, "bold"),
      text("percent", 11, 11, "normal"),
    ],
  };
  const sentences = systems.map(({ name, counts }) => {
    const right = labels.map((one, c) => `${one} ${counts[c][c]} of ${counts[c].reduce((a, b) => a + b, 0)}`);
    return `${name}: right ${right.join(", ")} (accuracy ${decimals(metricsOf(counts).accuracy)})`;
  });
  return chart(
    { description: `${titles.title}. ${sentences.join("; ")}.`, ...titles },
    { data: { values }, ...inFacets(names, columns, spec) },
  );
}
