/** The way from the slowest configuration to the fastest, a row for each thing that is added. */
import { between, labelWidth, names, numbers, refuseNone } from "../../lib/show/marks";
import { decimals, rounded } from "../../lib/show/numbers";
import { type Chart, chart, pageWidth, palette, type Titles } from "../../lib/show/style";
import { median, ratioOf, type Stage, verdictOf } from "./measured";

const MARKS = {
  start: { colour: palette.black, shape: "square" },
  faster: { colour: palette.blue, shape: "triangle-left" },
  "no difference": { colour: palette.orange, shape: "circle" },
  slower: { colour: palette.vermillion, shape: "triangle-right" },
} as const;

/** Each stage with its time, and how many times as fast it is as the one before. */
export function wayOf(stages: readonly Stage[]) {
  return stages.map(({ stage, seconds }, i) => {
    const before = stages[i - 1],
      step = before && ratioOf(before.seconds, seconds),
      verdict = step && verdictOf(step);
    return {
      ...{ stage, seconds: median(seconds), low: Math.min(...seconds), high: Math.max(...seconds) },
      before: before && median(before.seconds),
      ratio: step?.ratio,
      kind: verdict === undefined ? "start" : verdict === "nothing" ? "no difference" : verdict,
    } as const;
  });
}

/**
 * Bars from the time before to the time with what is added, on a logarithmic axis, on which equal lengths are
 * equal factors; points with the lowest and highest repeat.
 * @throws if there is no stage
 */
export function waterfall(stages: readonly Stage[], titles: Titles): Chart {
  refuseNone(stages, "stage");
  const way = wayOf(stages),
    kinds = (Object.keys(MARKS) as (keyof typeof MARKS)[]).filter((kind) =>
      way.some((one) => one.kind === kind),
    );
  const values = way.map(({ before, ratio, ...one }) => ({
    ...{ stage: one.stage, kind: one.kind, seconds: rounded(one.seconds) },
    ...{ low: rounded(one.low), high: rounded(one.high) },
    ...(before !== undefined && { before: rounded(before) }),
    said: `${decimals(one.seconds)} s${ratio === undefined ? "" : `, ${decimals(ratio)} ×`}`,
  }));
  const labels = stages.map(({ stage }) => stage),
    y = names("stage", labels, null, { labelPadding: 10 }),
    x = numbers("seconds an epoch", { type: "log", nice: false, padding: 40 }, { tickCount: 6 });
  const scale = (what: "colour" | "shape") => ({
    field: "kind",
    type: "nominal",
    scale: { domain: kinds, range: kinds.map((kind) => MARKS[kind][what]) },
    legend: { symbolSize: 120, columns: 4, labelLimit: 0 },
  });
  const sentence = values.map(({ stage, said }) => `${stage} ${said}`).join("; ");
  return chart(titles, `Seconds an epoch, and how many times as fast as the row above: ${sentence}`, {
    data: { values },
    width: pageWidth - labelWidth(labels) - 60,
    height: { step: 34 },
    layer: [
      {
        transform: [{ filter: "isValid(datum.before)" }],
        mark: { type: "bar", height: 12, opacity: 0.35 },
        encoding: { y, ...between("x", x, "before", "seconds"), color: scale("colour") },
      },
      {
        mark: { type: "rule", size: 2 },
        encoding: { y, ...between("x", x, "low", "high"), color: scale("colour") },
      },
      {
        mark: { type: "point", filled: true, size: 90, opacity: 1 },
        encoding: {
          y,
          x: { ...x, field: "seconds" },
          color: scale("colour"),
          shape: scale("shape"),
          tooltip: ["stage", "seconds", "low", "high"].map((field) => ({ field })),
        },
      },
      {
        mark: { type: "text", dy: -13, fontSize: 11 },
        encoding: { y, x: { ...x, field: "seconds" }, text: { field: "said", type: "nominal" } },
      },
    ],
  });
}
