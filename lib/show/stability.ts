/**
 * Charts on the stability of training: every run as a point over its box, loss against score, and the
 * gradients' norms over the steps. A run that failed or diverged differs in shape, not in colour alone.
 */
import { ENDINGS, type Ending } from "../evaluate/ending";
import { quantile } from "../evaluate/intervals";
import { STAGE_NORM } from "../train/fit";
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
  type Titles,
} from "./style";

export interface SeedPoint {
  readonly panel: string;
  /** Its place on the axis, for instance a learning rate. */
  readonly group: string;
  readonly series: string;
  readonly value: number;
  readonly ending: Ending;
  readonly seed: number;
}

const shapes = {
  field: "ending",
  type: "nominal",
  scale: { domain: ENDINGS, range: ["circle", "M-1,-1L1,1M1,-1L-1,1", "triangle-down"] },
  legend: { labelLimit: 0, symbolStrokeColor: palette.black, symbolFillColor: "transparent" },
};
const COLOURS = [palette.vermillion, palette.blue, palette.green, palette.purple];
const rounded = (value: number) => Number(value.toPrecision(5));
const median = (values: readonly number[]) =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );

interface BoxTitles extends Titles {
  /** Titles of the axes. */
  readonly across: string;
  readonly metric: string;
  /** A horizontal line: at or below it a run has failed. */
  readonly line?: { readonly name: string; readonly value: number };
}

/**
 * One box a group and series: quartiles, median, whiskers to the extremes, and every run as a point
 * (scattered sideways in the order given).
 * @throws if there is no point
 */
export function seedBoxes(
  points: readonly SeedPoint[],
  { across, metric, line, ...titles }: BoxTitles,
): Chart {
  if (points.length === 0) throw new Error("no run to draw");
  const names = distinct(points.map(({ panel }) => panel)),
    groups = distinct(points.map(({ group }) => group)),
    series = distinct(points.map((point) => point.series));
  const width = 0.84 / series.length,
    columns = names.length === 1 ? 1 : 2;
  const boxes = names
    .flatMap((panel) =>
      groups.flatMap((group, g) =>
        series.map((one, s) => {
          const own = points.filter(
            (point) => point.panel === panel && point.group === group && point.series === one,
          );
          return { panel, group, series: one, own, at: g + (s - (series.length - 1) / 2) * width };
        }),
      ),
    )
    .filter(({ own }) => own.length > 0);
  const values = boxes.flatMap(({ own, at, ...names }) => {
    const sorted = own.map(({ value }) => value).sort((a, b) => a - b),
      end = (q: number) => rounded(quantile(sorted, q));
    const box = {
      ...names,
      at: rounded(at),
      from: rounded(at - 0.42 * width),
      to: rounded(at + 0.42 * width),
      low: end(0),
      lower: end(0.25),
      median: end(0.5),
      upper: end(0.75),
      high: end(1),
      n: own.length,
    };
    return [
      box,
      ...own.map(({ value, ending, seed }, i) => ({
        ...names,
        at: rounded(at + ((i + 0.5) / own.length - 0.5) * 0.7 * width),
        value: rounded(value),
        ending,
        seed,
      })),
    ];
  });
  const axis = {
    values: groups.map((_, i) => i),
    labelExpr: `${JSON.stringify(groups)}[datum.value]`,
    grid: false,
  };
  const x = {
    field: "at",
    type: "quantitative",
    title: across,
    axis,
    scale: { domain: [-0.5, groups.length - 0.5], nice: false },
  };
  const y = {
    type: "quantitative",
    title: metric,
    scale: { zero: false, padding: 8 },
    axis: { tickCount: 5 },
  };
  const color = {
    field: "series",
    type: "nominal",
    scale: { domain: series, range: COLOURS.slice(0, series.length) },
    legend: { symbolType: "square", labelLimit: 0 },
  };
  const ofBox = { transform: [{ filter: "isValid(datum.median)" }] },
    tooltip = ["group", "series", "low", "lower", "median", "upper", "high", "n"].map((field) => ({ field }));
  const spec = {
    width: Math.floor((pageWidth - 60 - 16 * (columns - 1)) / columns),
    height: 190,
    layer: [
      ...(line === undefined
        ? []
        : [
            {
              mark: { type: "rule", strokeDash: [6, 3], color: greys.text },
              encoding: { y: { ...y, datum: rounded(line.value) } },
            },
          ]),
      {
        ...ofBox,
        mark: { type: "rule", size: 1 },
        encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
      },
      {
        ...ofBox,
        mark: { type: "rect", fillOpacity: 0.18 },
        encoding: {
          x: { ...x, field: "from" },
          x2: { field: "to" },
          y: { ...y, field: "lower" },
          y2: { field: "upper" },
          color,
          tooltip,
        },
      },
      {
        ...ofBox,
        mark: { type: "rule", size: 2.5 },
        encoding: { x: { ...x, field: "from" }, x2: { field: "to" }, y: { ...y, field: "median" }, color },
      },
      {
        transform: [{ filter: "isValid(datum.ending)" }],
        mark: { type: "point", filled: false, size: 30, strokeWidth: 1.3, opacity: 0.9 },
        encoding: {
          x,
          y: { ...y, field: "value" },
          color,
          shape: shapes,
          tooltip: ["group", "series", "seed", "value", "ending"].map((field) => ({ field })),
        },
      },
    ],
  };
  const sentences = boxes.map(({ panel, group, series: one, own }) => {
    const [, failed, diverged] = ENDINGS.map((one) => own.filter(({ ending }) => ending === one).length);
    return `${[panel, group, one].filter(Boolean).join(", ")}: median ${decimals(median(own.map(({ value }) => value)))}, ${failed} of ${own.length} failed${diverged > 0 ? `, ${diverged} diverged` : ""}`;
  });
  const dashed = line === undefined ? "" : ` The dashed line is ${line.name} (${decimals(line.value)}).`;
  return chart(
    { description: `${titles.title}.${dashed} ${sentences.join("; ")}.`, ...titles },
    { data: { values }, ...inFacets(names, columns, spec) },
  );
}

export interface LossPoint {
  /** Tells points apart by colour. */
  readonly series: string;
  readonly loss: number;
  readonly score: number;
  readonly ending: Ending;
  readonly name: string;
}

/** Every run by its last training loss (logarithmic) and its score. @throws if there is no point */
export function lossAgainstScore(
  points: readonly LossPoint[],
  {
    metric,
    lines = [],
    ...titles
  }: Titles & {
    readonly metric: string;
    /** Where on the axis of the loss upright dashed lines stand, for instance at the loss of guessing. */
    readonly lines?: readonly number[];
  },
): Chart {
  if (points.length === 0) throw new Error("no run to draw");
  const series = distinct(points.map((point) => point.series));
  const x = {
    field: "loss",
    type: "quantitative",
    title: "training loss of the last epoch (nats)",
    scale: { type: "log", nice: false, padding: 8 },
    axis: { tickCount: 5, grid: false },
  };
  const sentences = ENDINGS.map((ending) => ({
    ending,
    own: points.filter((point) => point.ending === ending),
  }))
    .filter(({ own }) => own.length > 0)
    .map(
      ({ ending, own }) =>
        `${own.length} ${ending}: median loss ${median(own.map(({ loss }) => loss)).toPrecision(2)}, median score ${decimals(median(own.map(({ score }) => score)))}`,
    );
  return chart(
    { description: `${titles.title}. ${sentences.join("; ")}.`, ...titles },
    {
      data: {
        values: points.map(({ loss, score, ...rest }) => ({
          ...rest,
          loss: rounded(Math.max(loss, 1e-6)),
          score: rounded(score),
        })),
      },
      width: pageWidth - 70,
      height: 260,
      layer: [
        ...lines.map((at) => ({
          mark: { type: "rule", strokeDash: [6, 3], color: greys.text },
          encoding: { x: { ...x, field: undefined, datum: rounded(at) } },
        })),
        {
          mark: { type: "point", filled: false, size: 40, strokeWidth: 1.4, opacity: 0.85 },
          encoding: {
            x,
            y: {
              field: "score",
              type: "quantitative",
              title: metric,
              scale: { zero: false },
              axis: { tickCount: 5 },
            },
            color: {
              field: "series",
              type: "nominal",
              scale: { domain: series, range: COLOURS.slice(0, series.length) },
              legend: { symbolType: "square", labelLimit: 0 },
            },
            shape: shapes,
            tooltip: ["name", "series", "loss", "score", "ending"].map((field) => ({ field })),
          },
        },
      ],
    },
  );
}

/** What a run logged of one step, by name (readMetrics). */
type StepLine = Readonly<Record<string, number>>;

/** The stages that have a norm among the steps of a run, from the embeddings up. */
const stagesIn = (steps: readonly StepLine[]) =>
  distinct(
    steps.flatMap((line) =>
      Object.keys(line)
        .filter((key) => key.startsWith(STAGE_NORM))
        .map((key) => key.slice(STAGE_NORM.length)),
    ),
  );

const STAGE_COLOURS = [
  palette.black,
  palette.sky,
  palette.blue,
  palette.green,
  palette.orange,
  palette.vermillion,
  palette.purple,
];
const STAGE_DASHES = [
  [1, 0],
  [2, 2],
  [5, 2],
  [12, 2],
  [8, 2, 2, 2],
  [3, 1],
  [10, 3],
];
const MOST_STAGES = STAGE_COLOURS.length,
  MOST_PLACES = 80;

/** As people count layers, from 1. */
const nameOf = (stage: string) => stage.replace(/^layer\.(\d+)$/, (_, layer) => `layer ${Number(layer) + 1}`);

/** Of a deep network as many stages as can be told apart, the lowest and the highest among them. */
const drawn = (stages: readonly string[]) =>
  stages.length <= MOST_STAGES
    ? stages
    : Array.from(
        { length: MOST_STAGES },
        (_, i) => stages[Math.round((i * (stages.length - 1)) / (MOST_STAGES - 1))],
      );

/**
 * The norm of the gradients of embeddings, layers, pooler and head against the step (logarithmic): the median
 * over a panel's runs. Long runs are drawn in means over a few steps.
 * @throws if no run has norms by stage (trained without gradientNorms)
 */
export function gradientNorms(
  runs: Readonly<Record<string, readonly (readonly StepLine[])[]>>,
  titles: Titles,
): Chart {
  const names = Object.keys(runs),
    stages = stagesIn(names.flatMap((panel) => runs[panel].map((steps) => steps[0] ?? {})));
  if (stages.length === 0) throw new Error("no norms to draw: these runs were trained without gradientNorms");
  const shown = drawn(stages),
    values = names.flatMap((panel) => {
      const bin = Math.ceil(Math.max(...runs[panel].map((steps) => steps.length)) / MOST_PLACES),
        places = new Map<string, number[]>();
      for (const steps of runs[panel])
        for (const line of steps)
          for (const stage of shown) {
            const norm = line[STAGE_NORM + stage],
              key = `${stage} ${Math.floor((line.step - 1) / bin)}`;
            if (norm > 0) places.set(key, [...(places.get(key) ?? []), norm]);
          }
      return [...places].map(([key, norms]) => {
        const [stage, place] = key.split(" ");
        return { panel, stage: nameOf(stage), step: Number(place) * bin + 1, norm: rounded(median(norms)) };
      });
    });
  const labels = shown.map(nameOf),
    columns = Math.min(2, names.length);
  const scale = (range: readonly Json[]) => ({ domain: labels, range: labels.map((_, i) => range[i]) });
  const legend = { symbolType: "stroke", symbolSize: 300, symbolStrokeWidth: 2, columns: 4 };
  const spec = {
    width: Math.floor((pageWidth - 60 - 16 * (columns - 1)) / columns),
    height: 220,
    mark: { type: "line", size: 1.6 },
    encoding: {
      x: {
        field: "step",
        type: "quantitative",
        title: "step",
        axis: { tickCount: 5, grid: false },
        scale: { nice: false },
      },
      y: {
        field: "norm",
        type: "quantitative",
        title: "norm of the gradients",
        scale: { type: "log", nice: false },
        axis: { tickCount: 5 },
      },
      color: { field: "stage", type: "nominal", scale: scale(STAGE_COLOURS), legend },
      strokeDash: { field: "stage", type: "nominal", scale: scale(STAGE_DASHES), legend },
      tooltip: ["panel", "stage", "step", "norm"].map((field) => ({ field })),
    },
  };
  const sentences = names.map((panel) => {
    const over = (stage: string) =>
      median(
        values.filter((value) => value.panel === panel && value.stage === stage).map(({ norm }) => norm),
      ).toPrecision(2);
    return `${panel}: ${labels.map((stage) => `${stage} ${over(stage)}`).join(", ")}`;
  });
  return chart(
    { description: `${titles.title}. Median over the steps: ${sentences.join("; ")}.`, ...titles },
    { data: { values }, ...inFacets(names, columns, spec) },
  );
}
