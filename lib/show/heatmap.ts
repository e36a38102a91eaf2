/**
 * A table of numbers as coloured cells, one panel a condition: what is high is darker, and every cell prints
 * its number.
 */
import {
  type Chart,
  chart,
  decimals,
  distinct,
  greys,
  inFacets,
  pageWidth,
  palette,
  rounded,
  type Titles,
} from "./style";
import { emsOf, wrap } from "./width";

export interface HeatCell {
  readonly panel: string;
  readonly row: string;
  readonly column: string;
  /** 0 to 1; null is a grey cell that prints `remark` alone, line by line. */
  readonly value: number | null;
  /** A small second line, for instance how many items the number stands on. */
  readonly remark?: string;
  /** The test set behind the cell (show/lines.ts), where it is of one. */
  readonly testSet?: string;
}

/**
 * Rows × columns as cells from white (0) to blue (1), in the order in which names first occur; numbers turn
 * white on dark cells.
 * @throws if there is no cell
 */
export function heatMap(
  cells: readonly HeatCell[],
  { metric, ...titles }: Titles & { readonly metric: string },
): Chart {
  if (cells.length === 0) throw new Error("no cell to draw: did every run crash?");
  const panels = distinct(cells.map(({ panel }) => panel)),
    rows = distinct(cells.map(({ row }) => row)),
    columns = distinct(cells.map(({ column }) => column));
  const values = cells.map(({ panel, row, column, value, remark = "", testSet }) => ({
    panel,
    row,
    column,
    value: value === null ? null : rounded(value),
    text: value === null ? "" : decimals(value),
    remark,
    ...(testSet !== undefined && { testSet }),
  }));
  const width = 41,
    height = 36,
    letter = 9,
    label = Math.ceil(11 * Math.max(...rows.map(emsOf))) + 12;
  const across = Math.max(
    1,
    Math.min(panels.length, Math.floor((pageWidth - label + 16) / (width * columns.length + 16))),
  );
  const wrapped = JSON.stringify(
    Object.fromEntries(columns.map((column) => [column, wrap(column, (width - 4) / letter)])),
  );
  const axis = { ticks: false, domain: false, labelPadding: 6, labelLimit: 0 };
  const encoding = {
    x: {
      field: "column",
      type: "nominal",
      sort: columns,
      title: null,
      axis: { ...axis, labelAngle: 0, labelFontSize: letter, labelExpr: `(${wrapped})[datum.value]` },
    },
    y: { field: "row", type: "nominal", sort: rows, title: null, axis },
  };
  const ink = { condition: { test: "datum.value > 0.6", value: greys.white }, value: palette.black };
  const text = (field: string, known: boolean, mark: { readonly dy: number; readonly fontSize: number }) => ({
    transform: [{ filter: `${known ? "" : "!"}isValid(datum.value)` }],
    mark: { type: "text", lineBreak: "\n", ...mark },
    encoding: { ...encoding, text: { field }, color: known ? ink : { value: greys.text } },
  });
  const spec = {
    width: width * columns.length,
    height: height * rows.length,
    layer: [
      {
        mark: { type: "rect", stroke: greys.white, strokeWidth: 2, invalid: null },
        encoding: {
          ...encoding,
          tooltip: ["panel", "row", "column", "value", "remark"].map((field) => ({ field })),
          color: {
            condition: { test: "!isValid(datum.value)", value: greys.faint },
            field: "value",
            type: "quantitative",
            scale: { domain: [0, 1], range: [greys.white, palette.blue], interpolate: "rgb" },
            legend: { title: metric, gradientLength: 180, format: ".1f", tickCount: 5 },
          },
        },
      },
      text("text", true, { dy: -5, fontSize: 12 }),
      text("remark", true, { dy: 9, fontSize: 9 }),
      text("remark", false, { dy: -4, fontSize: 9 }),
    ],
  };
  const best = panels.map((panel) => {
    const own = cells.filter((cell) => cell.panel === panel && cell.value !== null);
    if (own.length === 0) return `${panel}: no number`;
    const top = own.reduce((a, b) => ((b.value ?? 0) > (a.value ?? 0) ? b : a));
    return `${panel}: ${top.row}, ${top.column} ${decimals(top.value ?? 0)}`;
  });
  return chart(
    { description: `${titles.title}. Highest ${metric} of each panel: ${best.join("; ")}.`, ...titles },
    {
      data: { values },
      ...inFacets(panels, across, spec),
    },
  );
}
