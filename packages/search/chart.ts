/** The rungs of a search as a chart: every candidate from rung to rung, as long as it is kept. */
import {
  beside,
  between,
  fields,
  having,
  intervalOf,
  numbers,
  places,
  refuseNone,
  seedRows,
  series,
} from "../../lib/show/marks";
import { decimals, plural, rounded } from "../../lib/show/numbers";
import { type Chart, chart, greys, pageWidth, palette, type Titles } from "../../lib/show/style";
import type { JudgedRung, Standing } from "./search";

/** What became of a candidate in a rung; each differs in colour and shape. */
const FATES = ["chosen", "goes on", "dropped"] as const;
type Fate = (typeof FATES)[number];
const COLOURS = [palette.vermillion, palette.blue, greys.middle];
const SHAPES = ["diamond", "circle", "cross"];

const SPREAD = 0.84; // of a rung's place on the axis

/**
 * Means as points with their 95 % intervals, seeds as small hollow points, the candidates of a rung side by
 * side from the best to the worst; lines join what is kept with its place in the next rung. A candidate
 * without a score has no point.
 * @throws if no candidate has a score
 */
export function rungsChart(
  rungs: readonly JudgedRung[],
  { metric, ...titles }: Titles & { readonly metric: string },
): Chart {
  const last = rungs.length - 1;
  const fateOf = ({ kept }: Standing, rung: number): Fate =>
    kept ? (rung === last ? "chosen" : "goes on") : "dropped";
  const drawn = rungs.flatMap(({ standings }, rung) =>
    standings.flatMap((standing, rank) =>
      Number.isNaN(standing.score)
        ? []
        : [{ standing, rung, at: rung + beside(rank, standings.length, SPREAD / standings.length) }],
    ),
  );
  refuseNone(drawn, "candidate");
  const winner = rungs[last].standings[0].candidate.name;
  const values = drawn.flatMap(({ standing, rung, at }) => {
    const { candidate, score, low, high, seeds } = standing,
      row = { system: candidate.name, fate: fateOf(standing, rung), at: rounded(at) },
      estimate = { value: score, low, high, seeds };
    const width = SPREAD / rungs[rung].standings.length;
    return [
      { ...row, value: rounded(score), ...intervalOf(estimate) },
      ...seedRows(estimate, { ...row, at: rounded(at + Math.min(0.03, width / 4)) }),
    ];
  });
  /** A line a candidate and step, drawn in the colour of what it becomes. */
  const joins = drawn.flatMap(({ standing, rung, at }) => {
    const next = drawn.find(
      (one) => one.rung === rung + 1 && one.standing.candidate.name === standing.candidate.name,
    );
    const name = standing.candidate.name;
    return next === undefined
      ? []
      : [
          {
            fate: name === winner ? "chosen" : "goes on",
            from: rounded(at),
            to: rounded(next.at),
            start: rounded(standing.score),
            end: rounded(next.standing.score),
          },
        ];
  });
  const x = places(
      "candidates × seeds of each",
      rungs.map(({ seeds, candidates }) => `${candidates} × ${seeds}`),
    ),
    y = numbers(metric, { zero: false, padding: 8 }, { format: ".2~f" });
  const { color, shape } = series(
    FATES,
    { color: COLOURS, shape: SHAPES },
    { field: "fate", symbolSize: 120, labelLimit: 0 },
  );
  const sentences = rungs.map(({ seeds, standings }, rung) => {
    const kept = standings.filter((one) => one.kept),
      [lowest, first] = [standings[kept.length - 1], standings[kept.length]].map(({ score }) =>
        Number.isNaN(score) ? "no score" : decimals(score, 3),
      );
    const cut = rung === last ? `chosen is that with ${lowest}` : `on go those with ${lowest} or more`;
    return `${plural(seeds, "seed")}: ${standings.length} candidates, ${cut}, the first dropped has ${first}`;
  });
  return chart(titles, `${metric} of every candidate, rung by rung. ${sentences.join("; ")}`, {
    data: { values: [...joins, ...values] },
    width: pageWidth - 70,
    height: 300,
    layer: [
      {
        ...having("start"),
        mark: { type: "rule", size: 1.2, opacity: 0.55 },
        encoding: {
          ...between("x", x, "from", "to"),
          ...between("y", y, "start", "end"),
          color,
        },
      },
      {
        ...having("value"),
        mark: { type: "rule", size: 1.5, opacity: 0.7 },
        encoding: { x, ...between("y", y, "low", "high"), color },
      },
      {
        ...having("value"),
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: {
          x,
          y: { ...y, field: "value" },
          color,
          shape,
          tooltip: fields("system", "fate", "value", "low", "high", "n"),
        },
      },
      {
        ...having("seed"),
        mark: { type: "point", filled: false, size: 14, strokeWidth: 1, opacity: 0.8 },
        encoding: {
          x,
          y: { ...y, field: "seedValue" },
          color,
          shape,
          tooltip: fields("system", "fate", "seed", "seedValue"),
        },
      },
    ],
  });
}
