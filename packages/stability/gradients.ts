/** The norms of the gradients of each stage of a network over the steps of a training. */
import { summary } from "../../lib/evaluate/intervals";
import {
  distinct,
  evenColumns,
  fields,
  inFacets,
  numbers,
  panelWidth,
  series,
  strokes,
} from "../../lib/show/marks";
import { rounded } from "../../lib/show/numbers";
import { type Chart, chart, palette, type Titles } from "../../lib/show/style";
import { grouped } from "../../lib/support/groups";
import { STAGE_NORM } from "../../lib/train/fit";

/** What a run logged of one step, by name (readMetrics). */
type StepLine = Readonly<Record<string, number>>;

const { black, sky, blue, green, orange, vermillion, purple } = palette;
const COLOURS = [black, sky, blue, green, orange, vermillion, purple];
const DASHES = [
  [1, 0],
  [2, 2],
  [5, 2],
  [12, 2],
  [8, 2, 2, 2],
  [3, 1],
  [10, 3],
];
const MOST_STAGES = COLOURS.length,
  MOST_PLACES = 80;

/** The stages that have a norm among the steps of a run, from the embeddings up. */
const stagesIn = (steps: readonly StepLine[]) =>
  distinct(
    steps.flatMap((line) =>
      Object.keys(line)
        .filter((key) => key.startsWith(STAGE_NORM))
        .map((key) => key.slice(STAGE_NORM.length)),
    ),
  );

/** As people count layers, from 1. */
const nameOf = (stage: string) => stage.replace(/^layer\.(\d+)$/, (_, layer) => `layer ${Number(layer) + 1}`);

/** Of a deep network as many stages as can be told apart, the lowest and the highest among them. */
const drawn = (stages: readonly string[]) =>
  stages.length <= MOST_STAGES
    ? stages
    : Array.from(
        { length: MOST_STAGES },
        (_, i) => stages[Math.round((i * (stages.length - 1)) / (MOST_STAGES - 1))],
      );

const median = (rows: readonly { readonly norm: number }[]) => summary(rows.map(({ norm }) => norm)).median;

/**
 * The norm of the gradients of embeddings, layers, pooler and head against the step (logarithmic): the median
 * over a panel's runs. Long runs are drawn in means over a few steps.
 * @throws if no run has norms by stage (trained without gradientNorms)
 */
export function gradientNorms(
  runs: Readonly<Record<string, readonly (readonly StepLine[])[]>>,
  titles: Titles,
): Chart {
  const panels = Object.keys(runs),
    stages = stagesIn(panels.flatMap((panel) => runs[panel].flat()));
  if (stages.length === 0) throw new Error("no norms to draw: these runs were trained without gradientNorms");
  const shown = drawn(stages);
  const values = panels.flatMap((panel) => {
    const bin = Math.ceil(Math.max(...runs[panel].map((steps) => steps.length)) / MOST_PLACES);
    const norms = runs[panel].flat().flatMap((line) =>
      shown
        .map((stage) => ({
          stage: nameOf(stage),
          step: Math.floor((line.step - 1) / bin) * bin + 1,
          norm: line[STAGE_NORM + stage],
        }))
        .filter(({ norm }) => norm > 0),
    );
    return [...grouped(norms, ({ stage, step }) => `${stage} ${step}`).values()].map((own) => ({
      ...own[0],
      panel,
      norm: rounded(median(own)),
    }));
  });
  const labels = shown.map(nameOf),
    columns = evenColumns(panels.length, 2);
  const spec = {
    width: panelWidth(columns),
    height: 220,
    mark: { type: "line", size: 1.6 },
    encoding: {
      x: { ...numbers("step", { nice: false }, { grid: false }), field: "step" },
      y: { ...numbers("norm of the gradients", { type: "log", nice: false }), field: "norm" },
      ...series(labels, { color: COLOURS, strokeDash: DASHES }, { field: "stage", ...strokes, columns: 4 }),
      tooltip: fields("panel", "stage", "step", "norm"),
    },
  };
  const sentences = panels.map((panel) => {
    const over = labels.flatMap((stage) => {
      const own = values.filter((value) => value.panel === panel && value.stage === stage);
      return own.length === 0 ? [] : [`${stage} ${median(own).toPrecision(2)}`];
    });
    return `${panel}: ${over.join(", ")}`;
  });
  return chart(titles, `Median over the steps: ${sentences.join("; ")}`, {
    data: { values },
    ...inFacets(panels, columns, spec),
  });
}
