/**
 * The grammar of all charts, each part once: axes, scales that tell series apart without colour alone, marks
 * of intervals and seeds, panels.
 */
import type { Interval } from "../evaluate/intervals";
import { emsOf } from "../support/width";
import { rounded } from "./numbers";
import { greys, type Json, pageWidth, type Spec } from "./style";

/** A mean with its 95 % interval and the value of every seed. */
export interface Estimate extends Interval {
  readonly value: number;
  readonly seeds?: readonly number[];
}

/** Values in the order of their first appearance, once each. */
export const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** @throws if there is nothing to draw */
export function refuseNone(rows: readonly unknown[], what: string): void {
  if (rows.length === 0) throw new Error(`no ${what} to draw: did every run crash?`);
}

/** The rows of a chart that have a value of the field; one data set holds rows of several kinds. */
export const having = (field: string) => ({ transform: [{ filter: `isValid(datum.${field})` }] });

/** What a pointer is told of a mark. */
export const fields = (...names: readonly string[]) => names.map((field) => ({ field }));

/** An axis of numbers, for any field. */
export const numbers = (title: string, scale: Spec, axis: Spec = {}) => ({
  type: "quantitative",
  title,
  scale,
  axis: { tickCount: 5, ...axis },
});

/** An axis of names, in the order given. */
export const names = (
  field: string,
  sort: readonly string[],
  title: string | null = null,
  axis: Spec = {},
) => ({
  field,
  type: "nominal",
  sort,
  title,
  axis: { ticks: false, domain: false, labelPadding: 6, labelLimit: 0, ...axis },
});

/** Pixels of the longest name on such an axis. */
export const labelWidth = (labels: readonly string[]) => Math.ceil(11 * Math.max(...labels.map(emsOf)));

/** An axis of names at 0, 1, 2 …, between which marks may stand (field "at"). */
export const places = (title: string, labels: readonly string[]) => ({
  ...numbers(
    title,
    { domain: [-0.5, labels.length - 0.5], nice: false },
    {
      tickCount: undefined,
      values: labels.map((_, i) => i),
      labelExpr: `${JSON.stringify(labels)}[datum.value]`,
      grid: false,
    },
  ),
  field: "at",
});

/** How far from its place the i-th of n neighbours stands, each `width` wide. */
export const beside = (i: number, n: number, width: number) => (i - (n - 1) / 2) * width;

/** A legend of strokes, for lines that differ in dash. */
export const strokes = { symbolType: "stroke", symbolSize: 300, symbolStrokeWidth: 2 };

/**
 * Tells series apart by all channels given at once (color, strokeDash, shape), with one legend for them; what
 * a channel has is used again where there are more names.
 */
export const series = (
  names: readonly string[],
  channels: Readonly<Record<string, readonly Json[]>>,
  { field = "series", ...legend }: Spec = {},
): Spec =>
  Object.fromEntries(
    Object.entries(channels).map(([channel, range]) => [
      channel,
      {
        field,
        type: "nominal",
        scale: { domain: names, range: names.map((_, i) => range[i % range.length]) },
        legend,
      },
    ]),
  );

/** From white (0) to a colour (1). */
export const shade = (field: string, colour: string, legend: Spec | null) => ({
  field,
  type: "quantitative",
  scale: { domain: [0, 1], range: [greys.white, colour], interpolate: "rgb" },
  legend,
});

/** A bar or rule along an axis from one field to another. */
export const between = (axis: "x" | "y", scale: Spec, from: string, to: string): Spec => ({
  [axis]: { ...scale, field: from },
  [`${axis}2`]: { field: to },
});

/** A dashed line across the axis, to compare with. */
export const threshold = (axis: "x" | "y", scale: Spec, at: number): Spec => ({
  mark: { type: "rule", strokeDash: [6, 3], color: greys.text },
  encoding: { [axis]: { ...scale, datum: rounded(at) } },
});

/** The interval of a mean and the number of its seeds, as fields of its row. */
export const intervalOf = ({ low, high, seeds = [] }: Estimate) => ({
  low: rounded(low),
  high: rounded(high),
  n: seeds.length,
});

/** A row for every seed. */
export const seedRows = <Row extends Spec>({ seeds = [] }: Estimate, row: Row) =>
  seeds.map((value, seed) => ({ ...row, seed: seed + 1, seedValue: rounded(value) }));

/** How many panels stand side by side, at most `most`: the rows are filled evenly. */
export const evenColumns = (panels: number, most: number) => Math.ceil(panels / Math.ceil(panels / most));

const GAP = 16;

/** Pixels of each of some panels side by side, beside `margin` for axes. */
export const panelWidth = (columns: number, margin = 60) =>
  Math.floor((pageWidth - margin - GAP * (columns - 1)) / columns);

/** How many panels of a width fit beside the margin, at least one. */
export const panelsOf = (width: number, margin: number) =>
  Math.max(1, Math.floor((pageWidth - margin + GAP) / (width + GAP)));

/**
 * One panel for each name (field "panel"), `columns` side by side; where the last row is not full, every
 * panel has an axis of its own.
 */
export const inFacets = (
  panels: readonly string[],
  columns: number,
  spec: Spec,
  resolve: Spec = panels.length % columns === 0 ? {} : { axis: { x: "independent" } },
): Spec => ({
  facet: { field: "panel", type: "nominal", sort: panels, header: { labelPadding: 6 } },
  columns,
  spacing: { row: 18, column: GAP },
  spec,
  resolve,
});

/** The row with the highest value, the first of equals. */
export const highest = <Row extends { readonly value: number }>(rows: readonly Row[]): Row =>
  rows.reduce((a, b) => (b.value > a.value ? b : a));
