/**
 * A table of numbers as coloured cells, one panel a condition: what is high is darker, and every cell prints
 * its number.
 */

import { wrap } from "../support/width";
import {
  distinct,
  evenColumns,
  fields,
  highest,
  inFacets,
  labelWidth,
  names,
  panelsOf,
  refuseNone,
  shade,
} from "./marks";
import { decimals, rounded } from "./numbers";
import { type Chart, chart, greys, palette, type Spec, type Titles } from "./style";

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
  refuseNone(cells, "cell");
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
    letter = 9;
  const across = evenColumns(panels.length, panelsOf(width * columns.length, labelWidth(rows) + 12));
  const wrapped = JSON.stringify(
    Object.fromEntries(columns.map((column) => [column, wrap(column, (width - 4) / letter)])),
  );
  const encoding = {
    x: names("column", columns, null, {
      labelAngle: 0,
      labelFontSize: letter,
      labelExpr: `(${wrapped})[datum.value]`,
    }),
    y: names("row", rows),
  };
  const ink = { condition: { test: "datum.value > 0.6", value: greys.white }, value: palette.black };
  const text = (field: string, known: boolean, style: Spec) => ({
    transform: [{ filter: `${known ? "" : "!"}isValid(datum.value)` }],
    mark: { type: "text", lineBreak: "\n", ...style },
    encoding: { ...encoding, text: { field }, color: known ? ink : { value: greys.text } },
  });
  const legend = { title: metric, gradientLength: 180, format: ".1f", tickCount: 5 };
  const spec = {
    width: width * columns.length,
    height: height * rows.length,
    layer: [
      {
        mark: { type: "rect", stroke: greys.white, strokeWidth: 2, invalid: null },
        encoding: {
          ...encoding,
          tooltip: fields("panel", "row", "column", "value", "remark"),
          color: {
            condition: { test: "!isValid(datum.value)", value: greys.faint },
            ...shade("value", palette.blue, legend),
          },
        },
      },
      text("text", true, { dy: -5, fontSize: 12 }),
      text("remark", true, { dy: 9, fontSize: 9 }),
      text("remark", false, { dy: -4, fontSize: 9 }),
    ],
  };
  const best = panels.map((panel) => {
    const own = cells.flatMap(({ value, ...cell }) =>
      cell.panel === panel && value !== null ? [{ ...cell, value }] : [],
    );
    if (own.length === 0) return `${panel}: no number`;
    const { row, column, value } = highest(own);
    return `${panel}: ${row}, ${column} ${decimals(value)}`;
  });
  return chart(titles, `Highest ${metric} of each panel: ${best.join("; ")}`, {
    data: { values },
    ...inFacets(panels, across, spec),
  });
}
