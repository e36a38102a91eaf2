/**
 * Charts on the stability of training: every run as a point over its box, and loss against score. A run that
 * failed or diverged differs in shape, not in colour alone.
 */
import { ENDINGS, type Ending } from "../../lib/evaluate/ending";
import { quantile, summary } from "../../lib/evaluate/intervals";
import { countEndings, countsInWords } from "../../lib/show/endings";
import {
  beside,
  between,
  distinct,
  evenColumns,
  fields,
  having,
  inFacets,
  numbers,
  panelWidth,
  places,
  refuseNone,
  series,
  threshold,
} from "../../lib/show/marks";
import { decimals, rounded } from "../../lib/show/numbers";
import { type Chart, chart, pageWidth, palette, type Titles } from "../../lib/show/style";

const { vermillion, blue, green, purple } = palette;
const colours = (names: readonly string[]) =>
  series(names, { color: [vermillion, blue, green, purple] }, { symbolType: "square", labelLimit: 0 });
const shapes = series(
  ENDINGS,
  { shape: ["circle", "M-1,-1L1,1M1,-1L-1,1", "triangle-down"] },
  { field: "ending", labelLimit: 0, symbolStrokeColor: palette.black, symbolFillColor: "transparent" },
);
const median = (values: readonly number[]) => summary(values).median;

export interface SeedPoint {
  readonly panel: string;
  /** Its place on the axis, for instance a learning rate. */
  readonly group: string;
  readonly series: string;
  readonly value: number;
  readonly ending: Ending;
  readonly seed: number;
}

interface BoxTitles extends Titles {
  /** Titles of the axes. */
  readonly across: string;
  readonly metric: string;
  /** A horizontal line: at or below it a run has failed. */
  readonly line: { readonly name: string; readonly value: number };
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
  refuseNone(points, "run");
  const panels = distinct(points.map(({ panel }) => panel)),
    groups = distinct(points.map(({ group }) => group)),
    kinds = distinct(points.map((point) => point.series));
  const width = 0.84 / kinds.length,
    columns = evenColumns(panels.length, 2);
  const boxes = panels
    .flatMap((panel) =>
      groups.flatMap((group, g) =>
        kinds.map((kind, k) => ({
          box: { panel, group, series: kind },
          at: g + beside(k, kinds.length, width),
          own: points.filter(
            (point) => point.panel === panel && point.group === group && point.series === kind,
          ),
        })),
      ),
    )
    .filter(({ own }) => own.length > 0);
  const values = boxes.flatMap(({ box, at, own }) => {
    const sorted = own.map(({ value }) => value).sort((a, b) => a - b),
      end = (q: number) => rounded(quantile(sorted, q));
    return [
      {
        ...box,
        at: rounded(at),
        from: rounded(at - 0.42 * width),
        to: rounded(at + 0.42 * width),
        low: end(0),
        lower: end(0.25),
        median: end(0.5),
        upper: end(0.75),
        high: end(1),
        n: own.length,
      },
      ...own.map(({ value, ending, seed }, i) => ({
        ...box,
        at: rounded(at + ((i + 0.5) / own.length - 0.5) * 0.7 * width),
        value: rounded(value),
        ending,
        seed,
      })),
    ];
  });
  const x = places(across, groups),
    y = numbers(metric, { zero: false, padding: 8 }),
    color = colours(kinds);
  const sides = between("x", x, "from", "to");
  const spec = {
    width: panelWidth(columns),
    height: 190,
    layer: [
      threshold("y", y, line.value),
      {
        ...having("median"),
        mark: { type: "rule", size: 1 },
        encoding: { x, ...between("y", y, "low", "high"), ...color },
      },
      {
        ...having("median"),
        mark: { type: "rect", fillOpacity: 0.18 },
        encoding: {
          ...sides,
          ...between("y", y, "lower", "upper"),
          ...color,
          tooltip: fields("group", "series", "low", "lower", "median", "upper", "high", "n"),
        },
      },
      {
        ...having("median"),
        mark: { type: "rule", size: 2.5 },
        encoding: { ...sides, y: { ...y, field: "median" }, ...color },
      },
      {
        ...having("ending"),
        mark: { type: "point", filled: false, size: 30, strokeWidth: 1.3, opacity: 0.9 },
        encoding: {
          x,
          y: { ...y, field: "value" },
          ...color,
          ...shapes,
          tooltip: fields("group", "series", "seed", "value", "ending"),
        },
      },
    ],
  };
  const sentences = boxes.map(({ box, own }) => {
    const middle = decimals(median(own.map(({ value }) => value)));
    const { en } = countsInWords(countEndings(own.map(({ ending }) => ending)), own.length);
    return `${Object.values(box).filter(Boolean).join(", ")}: median ${middle}, ${en}`;
  });
  return chart(titles, `The dashed line is ${line.name} (${decimals(line.value)}). ${sentences.join("; ")}`, {
    data: { values },
    ...inFacets(panels, columns, spec),
  });
}

interface LossPoint {
  /** Tells points apart by colour. */
  readonly series: string;
  readonly loss: number;
  readonly score: number;
  readonly ending: Ending;
  readonly name: string;
}

/**
 * Every run by its last training loss (logarithmic) and its score.
 * @param lines where on the axis of the loss upright dashed lines stand, for instance at the loss of guessing
 * @throws if there is no point
 */
export function lossAgainstScore(
  points: readonly LossPoint[],
  { metric, lines, ...titles }: Titles & { readonly metric: string; readonly lines: readonly number[] },
): Chart {
  refuseNone(points, "run");
  const x = numbers(
      "training loss of the last epoch (nats)",
      { type: "log", nice: false, padding: 8 },
      { grid: false },
    ),
    y = numbers(metric, { zero: false });
  const sentences = ENDINGS.flatMap((ending) => {
    const own = points.filter((point) => point.ending === ending);
    if (own.length === 0) return [];
    const loss = median(own.map((point) => point.loss)).toPrecision(2);
    return `${own.length} ${ending}: median loss ${loss}, median score ${decimals(median(own.map(({ score }) => score)))}`;
  });
  return chart(titles, sentences.join("; "), {
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
      ...lines.map((at) => threshold("x", x, at)),
      {
        mark: { type: "point", filled: false, size: 40, strokeWidth: 1.4, opacity: 0.85 },
        encoding: {
          x: { ...x, field: "loss" },
          y: { ...y, field: "score" },
          ...colours(distinct(points.map((point) => point.series))),
          ...shapes,
          tooltip: fields("name", "series", "loss", "score", "ending"),
        },
      },
    ],
  });
}
