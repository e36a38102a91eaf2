/** A score against a number that was varied (lines of context, size of the data), one series a system. */
import { grouped } from "../support/groups";
import {
  beside,
  between,
  distinct,
  type Estimate,
  fields,
  having,
  intervalOf,
  numbers,
  places,
  refuseNone,
  seedRows,
  series,
  strokes,
} from "./marks";
import { rounded, withInterval } from "./numbers";
import { type Chart, chart, pageWidth, seriesColours, seriesShapes, type Titles } from "./style";

interface TrendPoint extends Estimate {
  readonly series: string;
  readonly x: number;
}

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
  refuseNone(points, "point");
  const bySystem = grouped(points, (point) => point.series),
    systems = [...bySystem.keys()],
    xs = distinct(points.map(({ x }) => x)).sort((a, b) => a - b);
  const step = Math.min(0.12, 0.7 / systems.length);
  const values = points.flatMap((point) => {
    const { x, value } = point,
      row = { series: point.series, x },
      at = xs.indexOf(x) + beside(systems.indexOf(point.series), systems.length, step);
    return [
      { ...row, at: rounded(at), value: rounded(value), ...intervalOf(point) },
      ...seedRows(point, { ...row, at: rounded(at + step / 3) }),
    ];
  });
  const x = places(across, xs.map(String)),
    y = numbers(metric, { zero: true }, { format: ".1~f" });
  const legend = { symbolSize: 120, columns: 2, labelLimit: 0 };
  const { color, strokeDash } = series(
    systems,
    { color: seriesColours, strokeDash: DASHES },
    { ...strokes, ...legend },
  );
  const { shape } = series(systems, { shape: seriesShapes }, legend);
  const tooltip = fields("series", "x", "value", "low", "high", "n");
  const sentences = [...bySystem].map(([name, some]) => {
    const own = [...some].sort((a, b) => a.x - b.x);
    return `${name}: ${own.map((point) => `${point.x} ${withInterval(point.value, point)}`).join(", ")}`;
  });
  return chart(titles, `${metric} against ${across}, with its interval: ${sentences.join("; ")}`, {
    data: { values },
    width: pageWidth - 70,
    height: 280,
    layer: [
      {
        ...having("value"),
        mark: { type: "line", size: 1.5, strokeOpacity: 0.6 },
        encoding: { x, y: { ...y, field: "value" }, color, strokeDash },
      },
      {
        ...having("value"),
        mark: { type: "rule", size: 2 },
        encoding: { x, ...between("y", y, "low", "high"), color, tooltip },
      },
      {
        ...having("value"),
        mark: { type: "point", filled: true, size: 70, opacity: 1 },
        encoding: { x, y: { ...y, field: "value" }, color, shape, tooltip },
      },
      {
        ...having("seed"),
        mark: { type: "point", filled: false, size: 18, strokeWidth: 1, opacity: 0.8 },
        encoding: {
          x,
          y: { ...y, field: "seedValue" },
          color,
          shape,
          tooltip: fields("series", "x", "seed", "seedValue"),
        },
      },
    ],
  });
}
