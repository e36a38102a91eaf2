/** What can be had of two goods at once: how well systems do, against how fast they are. */
import {
  between,
  type Estimate,
  fields,
  intervalOf,
  numbers,
  refuseNone,
  series,
} from "../../lib/show/marks";
import { rounded, withInterval } from "../../lib/show/numbers";
import {
  type Chart,
  chart,
  pageWidth,
  palette,
  seriesColours,
  seriesShapes,
  type Titles,
} from "../../lib/show/style";

export interface ParetoPoint extends Estimate {
  readonly system: string;
  /** The more the better, above 0. */
  readonly x: number;
}

/** The points that no other one reaches in both, from the slowest to the fastest. */
export function front<Point extends ParetoPoint>(points: readonly Point[]): Point[] {
  const beats = (a: Point, b: Point) => a.x >= b.x && a.value >= b.value && (a.x > b.x || a.value > b.value);
  return points.filter((one) => !points.some((other) => beats(other, one))).sort((a, b) => a.x - b.x);
}

/** Shapes that stand with another colour where both are used again. */
const shapesOf = (count: number) =>
  Array.from(
    { length: count },
    (_, i) => seriesShapes[(i + Math.floor(i / seriesColours.length)) % seriesShapes.length],
  );

/**
 * Points with their intervals upright over a logarithmic axis, and a line through those that no other one
 * beats in both (Pareto's front).
 * @param x title of the axis
 * @throws if there is no point
 */
export function pareto(
  points: readonly ParetoPoint[],
  { x: across, metric, ...titles }: Titles & { readonly x: string; readonly metric: string },
): Chart {
  refuseNone(points, "point");
  const best = front(points);
  const values = points.map((point) => ({
    system: point.system,
    x: rounded(point.x),
    value: rounded(point.value),
    ...intervalOf(point),
    ...(best.includes(point) && { front: "yes" }),
  }));
  const x = { ...numbers(across, { type: "log", padding: 20 }), field: "x" },
    y = numbers(metric, { zero: false, padding: 10 }, { format: ".2~f" });
  const legend = { field: "system", symbolSize: 120, columns: 2, labelLimit: 0 };
  const { color, shape } = series(
    points.map(({ system }) => system),
    { color: seriesColours, shape: shapesOf(points.length) },
    legend,
  );
  const tooltip = fields("system", "x", "value", "low", "high");
  const sentence = points
    .map((point) => `${point.system} ${withInterval(point.value, point)} at ${rounded(point.x)}`)
    .join(", ");
  return chart(
    titles,
    `${metric} against ${across}: ${sentence}; none is better in both than ${best.map(({ system }) => system).join(", ")}`,
    {
      data: { values },
      width: pageWidth - 70,
      height: 280,
      layer: [
        {
          transform: [{ filter: "isValid(datum.front)" }],
          mark: { type: "line", color: palette.black, size: 1, strokeDash: [4, 3], strokeOpacity: 0.6 },
          encoding: { x, y: { ...y, field: "value" } },
        },
        {
          mark: { type: "rule", size: 2 },
          encoding: { x, ...between("y", y, "low", "high"), color, tooltip },
        },
        {
          mark: { type: "point", filled: true, size: 80, opacity: 1 },
          encoding: {
            x,
            y: { ...y, field: "value" },
            color,
            shape,
            tooltip,
          },
        },
      ],
    },
  );
}
