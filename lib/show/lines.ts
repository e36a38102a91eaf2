/**
 * The lines behind a number: which text each system and seed took for what, kept once in a notebook, and
 * charts whose bars or cells can be chosen. In JupyterLab a click marks the bar; in the report's page
 * (packages/page) it lists the lines. A private report leaves all lines out.
 */
import { LINES_MIME, type LinesTable, letters } from "../../packages/notebook";
import type { NamedRun } from "../evaluate/comparison";
import { remembered } from "../support/remembered";
import type { Bundle, Chart, Json } from "./style";

/**
 * All test lines, to be shown once in a notebook, above the charts that lead to them:
 * `await show(linesBehind(runs, { texts, labels }))`.
 * @param texts by id; those that no test set holds are not kept
 * @param labels names of the classes
 * @throws if an item has no text or two gold classes in one test set, or a run not as many classes as items
 */
export function linesBehind(
  runs: readonly NamedRun[],
  {
    texts,
    labels,
  }: {
    readonly texts: readonly { readonly id: string; readonly text: string }[];
    readonly labels: readonly string[];
  },
): Bundle {
  const textOf = new Map(texts.map(({ id, text }) => [id, text]));
  const goldOf = new Map<string, Map<string, number>>(); // test set → id → class
  for (const { system, testSet, items, gold, predicted } of runs) {
    const where = `${system}, ${testSet}`;
    if (items.length !== gold.length || items.length !== predicted.length)
      throw new Error(
        `${where}: ${items.length} items, but ${gold.length} gold and ${predicted.length} predicted classes`,
      );
    const known = remembered(goldOf, testSet, () => new Map<string, number>());
    items.forEach((id, i) => {
      if (!textOf.has(id)) throw new Error(`${where}: no text has the id ${id}`);
      if (known.has(id) && known.get(id) !== gold[i])
        throw new Error(`${where}: ${id} has another gold class than with the systems before`);
      known.set(id, gold[i]);
    });
  }
  const ids = [...new Set([...goldOf.values()].flatMap((known) => [...known.keys()]))],
    placeOf = new Map(ids.map((id, place) => [id, place])),
    names = [...goldOf.keys()];
  const table: LinesTable = {
    labels,
    texts: ids.map((id) => textOf.get(id)!),
    tests: [...goldOf].map(([name, known]) => ({
      name,
      items: [...known.keys()].map((id) => placeOf.get(id)!),
      gold: letters([...known.values()]),
    })),
    runs: runs.map(({ system, testSet, seed, items, predicted }) => {
      const said = new Map(items.map((id, i) => [id, predicted[i]]));
      return {
        system,
        test: names.indexOf(testSet),
        seed,
        predicted: letters([...goldOf.get(testSet)!.keys()].map((id) => said.get(id))),
      };
    }),
  };
  const words = `${table.texts.length} test lines are kept with this notebook: in its page, a click on a bar or a cell lists those behind it.`;
  return {
    [LINES_MIME]: table,
    "text/markdown": `*${words}*`,
    "text/plain": words,
  };
}

/**
 * Which fields of a chart's rows name a system, a test set, a gold class and a predicted class; what is not
 * named is not asked for.
 */
interface Behind {
  readonly system?: string;
  readonly testSet?: string;
  readonly gold?: string;
  readonly predicted?: string;
  /**
   * The seed whose predictions the chart counts; by default each line has the class that most seeds give it.
   */
  readonly seed?: number | null;
}

type Part = { readonly [part: string]: Json };
const isPart = (value: Json): value is Part =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The first bars or cells of a specification with a selection of `fields`; undefined if it has none. */
function selecting(spec: Part, fields: readonly string[]): Part | undefined {
  const mark = isPart(spec.mark) ? spec.mark : { type: spec.mark };
  if (mark.type === "bar" || mark.type === "rect") {
    const marked = {
      condition: { param: "behind", empty: false, value: "#000000" },
      value: mark.stroke ?? null,
    };
    return {
      ...spec,
      params: [{ name: "behind", select: { type: "point", fields, toggle: false } }],
      mark: { ...mark, cursor: "pointer" },
      encoding: { ...(isPart(spec.encoding) && spec.encoding), stroke: marked },
    };
  }
  for (const key of ["spec", "layer", "hconcat", "vconcat", "concat"]) {
    const inner = spec[key];
    if (isPart(inner)) {
      const found = selecting(inner, fields);
      if (found) return { ...spec, [key]: found };
    } else if (Array.isArray(inner)) {
      const parts = inner as readonly Json[];
      const changed = parts.map((part) => (isPart(part) ? selecting(part, fields) : undefined));
      const first = changed.findIndex((part) => part !== undefined);
      if (first >= 0) return { ...spec, [key]: parts.map((part, i) => (i === first ? changed[i] : part)) };
    }
  }
  return undefined;
}

/**
 * A chart whose bars or cells lead to their lines, from the table shown above it.
 * @throws if the chart has neither bars nor cells
 */
export function clickable(chart: Chart, { seed, ...fields }: Behind): Chart {
  const changed = selecting(chart, Object.values(fields));
  if (!changed) throw new Error("a chart without bars or cells has nothing to click on");
  return {
    ...chart,
    ...changed,
    usermeta: { komalab: { behind: { ...fields, ...(seed !== undefined && { seed }) } } },
  };
}

/** Confusion matrices as confusionMatrix draws them: `name` is the system. */
export const confusionCells: Behind = { system: "panel", gold: "gold", predicted: "predicted" };

/** Bars as scoreBars draws them: a panel is a test set. */
export const scorePanels: Behind = { testSet: "panel", system: "system" };
