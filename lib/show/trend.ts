/** A score against a number that was varied (lines of context, size of the data), one series a system. */
import { type Chart, chart, decimals, distinct, pageWidth, palette, rounded, type Titles } from "./style";

export interface TrendPoint {
  readonly series: string;
  readonly x: number;
  /** Its mean, the ends of its interval, and the value of every seed. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly seeds?: readonly number[];
}

const COLOURS = [
  palette.blue,
  palette.vermillion,
  palette.green,
  palette.purple,
  palette.orange,
  palette.sky,
  palette.black,
];
const SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right"];
const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
  [10, 3, 2, 3],
  [4, 2, 4, 2],
  [1, 3],
  [8, 2],
];

/**
 * Means joined by lines, intervals as upright rules, seeds as small hollow points to their right; each series
 * with a colour, a dash and a shape of its own. The values of x stand at equal distances; the series at one x
 * stand side by side, so that no interval hides another.
 * @param x title of the axis
 * @throws if there is no point
 */
export function trend(
  points: readonly TrendPoint[],
  { x: across, metric, ...titles }: Titles & { readonly x: string; readonly metric: string },
): Chart {
  if (points.length === 0) throw new Error("no point to draw: did every run crash?");
  const names = distinct(points.map(({ series }) => series)),
    places = distinct(points.map(({ x }) => x)).sort((a, b) => a - b);
  const step = Math.min(0.12, 0.7 / names.length);
  const values = points.flatMap(({ series, x, value, low, high, seeds = [] }) => {
    const at = rounded(places.indexOf(x) + (names.indexOf(series) - (names.length - 1) / 2) * step);
    return [
      { series, x, at, value: rounded(value), low: rounded(low), high: rounded(high), n: seeds.length },
      ...seeds.map((seedValue, seed) => ({
        series,
        x,
        at: rounded(at + step / 3),
        seed: seed + 1,
        seedValue: rounded(seedValue),
      })),
    ];
  });
  const legend = { symbolType: "stroke", symbolSize: 120, symbolStrokeWidth: 2, columns: 2, labelLimit: 0 };
  const axis = {
    values: places.map((_, i) => i),
    labelExpr: `${JSON.stringify(places.map(String))}[datum.value]`,
    grid: false,
  };
  const xAxis = {
    field: "at",
    type: "quantitative",
    title: across,
    axis,
    scale: { domain: [-0.5, places.length - 0.5], nice: false },
  };
  const y = {
    type: "quantitative",
    title: metric,
    scale: { zero: true },
    axis: { tickCount: 5, format: ".1~f" },
  };
  const scale = (range: readonly (string | readonly number[])[]) => ({
    domain: names,
    range: names.map((_, i) => range[i % range.length]),
  });
  const color = { field: "series", type: "nominal", scale: scale(COLOURS), legend };
  const shape = {
    field: "series",
    type: "nominal",
    scale: scale(SHAPES),
    legend: { symbolSize: 120, columns: 2, labelLimit: 0 },
  };
  const strokeDash = { field: "series", type: "nominal", scale: scale(DASHES), legend };
  const means = [{ filter: "isValid(datum.value)" }],
    tooltip = ["series", "x", "value", "low", "high", "n"].map((field) => ({ field }));
  const sentences = names.map((name) => {
    const own = points.filter(({ series }) => series === name).sort((a, b) => a.x - b.x);
    return `${name}: ${own.map(({ x, value, low, high }) => `${x} ${decimals(value)} (${decimals(low)} to ${decimals(high)})`).join(", ")}`;
  });
  return chart(
    {
      description: `${titles.title}. ${metric} against ${across}, with its interval: ${sentences.join("; ")}.`,
      ...titles,
    },
    {
      data: { values },
      width: pageWidth - 70,
      height: 280,
      layer: [
        {
          transform: means,
          mark: { type: "line", size: 1.5, strokeOpacity: 0.6 },
          encoding: { x: xAxis, y: { ...y, field: "value" }, color, strokeDash },
        },
        {
          transform: means,
          mark: { type: "rule", size: 2 },
          encoding: { x: xAxis, y: { ...y, field: "low" }, y2: { field: "high" }, color, tooltip },
        },
        {
          transform: means,
          mark: { type: "point", filled: true, size: 70, opacity: 1 },
          encoding: { x: xAxis, y: { ...y, field: "value" }, color, shape, tooltip },
        },
        {
          transform: [{ filter: "isValid(datum.seed)" }],
          mark: { type: "point", filled: false, size: 18, strokeWidth: 1, opacity: 0.8 },
          encoding: {
            x: xAxis,
            y: { ...y, field: "seedValue" },
            color,
            shape,
            tooltip: ["series", "x", "seed", "seedValue"].map((field) => ({ field })),
          },
        },
      ],
    },
  );
}
