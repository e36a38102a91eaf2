/**
 * The charts of an experiment, as pure functions from rows to Vega-Lite v5 JSON. No fact is told by colour
 * alone: lines differ in dash, marks in shape, panels are named. Drawing is the work of
 * packages/chart-picture.
 */
import { type Confusion, metricsOf } from "../evaluate/confusion";
import { summary } from "../evaluate/intervals";
import { grouped } from "../support/groups";
import type { EpochRecord } from "../train/fit";
import {
  between,
  distinct,
  type Estimate,
  evenColumns,
  fields,
  having,
  highest,
  inFacets,
  intervalOf,
  labelWidth,
  names,
  numbers,
  panelsOf,
  panelWidth,
  refuseNone,
  seedRows,
  series,
  shade,
  strokes,
} from "./marks";
import { decimals, plural, rounded, withInterval } from "./numbers";
import { type Chart, chart, palette, type Spec, type Titles } from "./style";

/** The history of one run: `system` names the panel in which its lines stand. */
export interface Curve {
  readonly system: string;
  readonly seed: number;
  /** Where one panel shows the runs of several. */
  readonly testSet?: string;
  readonly history: readonly Pick<
    EpochRecord,
    "epoch" | "trainLoss" | "trainAccuracy" | "validationLoss" | "validationAccuracy"
  >[];
  /** The epoch that is kept. */
  readonly bestEpoch: number;
}

/** Whole epochs alone are labelled: Vega draws ticks between few of them, whatever tickMinStep says. */
const epochAxis = {
  tickMinStep: 1,
  grid: false,
  format: "d",
  labelExpr: "datum.value % 1 ? '' : datum.label",
  tickWidth: { condition: { test: "datum.value % 1", value: 0 }, value: 1 },
};

function keptOf({ system, seed, history, bestEpoch }: Curve) {
  const kept = history.find(({ epoch }) => epoch === bestEpoch);
  if (kept === undefined) throw new Error(`${system}, seed ${seed}: no epoch ${bestEpoch} to draw`);
  return kept;
}

/**
 * Loss and accuracy against epoch, training dashed and validation solid; one panel a system with epochs of
 * its own, a thin line for every run, a thick one for their mean, and a diamond where a run's kept epoch is.
 * @throws if there is no run, or a run without its kept epoch
 */
export function learningCurves(curves: readonly Curve[], titles: Titles): Chart {
  refuseNone(curves, "run");
  const bySystem = grouped(curves, ({ system }) => system),
    systems = [...bySystem.keys()],
    alone = systems.length === 1,
    oneSet = distinct(curves.map(({ testSet }) => testSet)).length === 1;
  const values = curves.flatMap((curve) => {
    const { system, seed, testSet, history } = curve,
      kept = keptOf(curve);
    return history.flatMap((row) => {
      // A line through few epochs is hard to see: it gets points.
      const run = {
        panel: system,
        seed,
        ...(!oneSet && { testSet }),
        epoch: row.epoch,
        short: history.length <= 4,
      };
      return [
        { ...run, series: "training", loss: rounded(row.trainLoss), accuracy: rounded(row.trainAccuracy) },
        {
          ...run,
          series: "validation",
          loss: rounded(row.validationLoss),
          accuracy: rounded(row.validationAccuracy),
          ...(row === kept && { kept: "kept epoch" }),
        },
      ];
    });
  });
  const lines = series(
    ["training", "validation"],
    {
      color: [palette.sky, palette.blue],
      strokeDash: [
        [5, 3],
        [1, 0],
      ],
    },
    strokes,
  );
  const columns = evenColumns(systems.length, 3);
  const x = { ...numbers("epoch", { nice: false }, epochAxis), field: "epoch" };
  const panel = (measure: "loss" | "accuracy"): Spec => {
    const y = { ...numbers(measure, { zero: false }, { minExtent: 30 }), field: measure },
      mean = { x, y: { ...y, aggregate: "mean" } };
    const tooltip = fields("panel", "series", "seed", "epoch", measure);
    const spec = {
      width: alone ? panelWidth(2) - 30 : panelWidth(columns),
      height: alone ? 220 : 130,
      layer: [
        {
          mark: { type: "line", size: 1, strokeOpacity: 0.4 },
          encoding: { x, y, ...lines, detail: fields("seed", "testSet"), tooltip },
        },
        { mark: { type: "line", size: 2.5 }, encoding: { ...mean, ...lines } },
        {
          transform: [{ filter: "datum.short" }],
          mark: { type: "point", filled: true, size: 30, opacity: 1 },
          encoding: { ...mean, color: lines.color },
        },
        {
          ...having("kept"),
          mark: {
            type: "point",
            filled: true,
            fill: palette.orange,
            stroke: palette.black,
            strokeWidth: 1,
            size: 50,
            opacity: 1,
          },
          encoding: {
            x,
            y,
            ...series(["kept epoch"], { shape: ["diamond"] }, { field: "kept", symbolSize: 60, padding: 3 }),
            tooltip,
          },
        },
      ],
    };
    return alone ? spec : inFacets(systems, columns, spec, { scale: { x: "independent" } });
  };

  const sentences = [...bySystem].map(([system, runs]) => {
    const count = (of: (curve: Curve) => unknown) => distinct(runs.map(of)).length,
      sets = count(({ testSet }) => testSet);
    const { min, max } = summary(runs.map(({ bestEpoch }) => bestEpoch)),
      { mean } = summary(runs.map((run) => keptOf(run).validationAccuracy));
    const span = min === max ? `epoch ${min}` : `epochs ${min} to ${max}`;
    const counted = `${plural(
      count(({ seed }) => seed),
      "seed",
    )}${sets > 1 ? ` on ${sets} test sets` : ""}`;
    return `${system}: validation accuracy ${decimals(mean)} at the kept epoch (${span}, ${counted})`;
  });
  return chart(titles, sentences.join("; "), {
    data: { values },
    [alone ? "hconcat" : "vconcat"]: [panel("loss"), panel("accuracy")],
    spacing: 24,
  });
}

/** One system's score on one test set, or on the mean over them. */
export interface Score extends Estimate {
  readonly testSet: string;
  readonly system: string;
}

/**
 * A metric as bars, one panel a test set and one bar a system, with its interval as a line and every seed as
 * a point.
 * @throws if there is no score
 */
export function scoreBars(
  scores: readonly Score[],
  { metric = "accuracy", ...titles }: Titles & { readonly metric?: string },
): Chart {
  refuseNone(scores, "scores");
  const bySet = grouped(scores, ({ testSet }) => testSet),
    testSets = [...bySet.keys()],
    systems = distinct(scores.map(({ system }) => system));
  const columns = evenColumns(testSets.length, 3),
    room = 32; // for the numbers beside the bars
  const values = scores.flatMap((score) => {
    const bar = { panel: score.testSet, system: score.system },
      { value } = score;
    return [
      { ...bar, score: rounded(value), label: decimals(value), ...intervalOf(score) },
      ...seedRows(score, bar),
    ];
  });
  const x = numbers(metric, { domain: [0, 1] }, { format: ".1~f" }),
    y = names("system", systems);
  const tooltip = fields("panel", "system", "score", "low", "high", "n");
  const spec = {
    width: panelWidth(columns, labelWidth(systems) + 28) - room,
    height: systems.length * 26,
    layer: [
      {
        ...having("score"),
        mark: { type: "bar", color: palette.sky, fillOpacity: 0.6, height: 18 },
        encoding: { x: { ...x, field: "score" }, y, tooltip },
      },
      {
        ...having("seed"),
        mark: { type: "point", filled: true, color: palette.blue, size: 14, opacity: 1 },
        encoding: {
          x: { ...x, field: "seedValue" },
          y,
          yOffset: { field: "seed", type: "ordinal", scale: { paddingOuter: 1 } },
          tooltip: fields("panel", "system", "seed", "seedValue"),
        },
      },
      {
        ...having("score"),
        mark: { type: "rule", size: 2, color: palette.black },
        encoding: { ...between("x", x, "low", "high"), y, tooltip },
      },
      {
        ...having("score"),
        mark: { type: "text", align: "left", dx: 6, fontSize: 11, color: palette.black },
        encoding: { x: { value: "width" }, y, text: { field: "label" } },
      },
    ],
  };
  const best = [...bySet].map(([testSet, own]) => {
    const top = highest(own);
    return `${testSet}: ${top.system} ${withInterval(top.value, top)}`;
  });
  return chart(titles, `Highest ${metric} in each panel, with its interval: ${best.join("; ")}`, {
    data: { values },
    ...inFacets(testSets, columns, spec),
  });
}

/** The confusion of one system: counts[gold][predicted]. */
interface NamedConfusion {
  readonly name: string;
  readonly counts: Confusion;
}

/**
 * Confusion matrices side by side: gold classes are rows, predicted ones columns; a cell shows the count and
 * its share of the gold class, and is the darker the larger this share.
 * @param labels of the classes, in the order of the counts
 * @throws if there is no matrix, or one without as many rows as there are labels
 */
export function confusionMatrix(
  systems: readonly NamedConfusion[],
  { labels, ...titles }: Titles & { readonly labels: readonly string[] },
): Chart {
  refuseNone(systems, "confusion");
  const odd = systems.find(({ counts }) => counts.length !== labels.length);
  if (odd)
    throw new Error(
      `${odd.name}: ${odd.counts.length} classes, but ${labels.length} labels (${labels.join(", ")})`,
    );
  const total = (row: readonly number[]) => row.reduce((a, b) => a + b, 0);
  const values = systems.flatMap(({ name, counts }) =>
    counts.flatMap((row, gold) =>
      row.map((count, predicted) => {
        const all = total(row),
          share = all === 0 ? 0 : count / all;
        return {
          panel: name,
          gold: labels[gold],
          predicted: labels[predicted],
          count,
          share: rounded(share),
          percent: all === 0 ? "–" : `${Math.round(100 * share)} %`,
        };
      }),
    ),
  );
  const label = labelWidth(labels),
    cell = Math.max(58, label + 8);
  const columns = evenColumns(systems.length, panelsOf(cell * labels.length, label + 56));
  const axis = (field: string) => ({
    ...names(field, labels, field, { labelAngle: 0 }),
    scale: { paddingInner: 0.04 },
  });
  const encoding = { x: axis("predicted"), y: axis("gold") };
  const text = (field: string, style: Spec) => ({
    mark: { type: "text", color: palette.black, ...style },
    encoding: { ...encoding, text: { field } },
  });
  const spec = {
    width: cell * labels.length,
    height: 50 * labels.length,
    layer: [
      {
        mark: { type: "rect" },
        encoding: {
          ...encoding,
          tooltip: fields("panel", "gold", "predicted", "count", "percent"),
          color: shade("share", palette.sky, null),
        },
      },
      text("count", { dy: -7, fontSize: 15, fontWeight: "bold" }),
      text("percent", { dy: 11, fontSize: 11, fontWeight: "normal" }),
    ],
  };
  const sentences = systems.map(({ name, counts }) => {
    const right = labels.map((one, c) => `${one} ${counts[c][c]} of ${total(counts[c])}`);
    return `${name}: right ${right.join(", ")} (accuracy ${decimals(metricsOf(counts).accuracy)})`;
  });
  const panels = systems.map(({ name }) => name);
  return chart(titles, sentences.join("; "), { data: { values }, ...inFacets(panels, columns, spec) });
}
