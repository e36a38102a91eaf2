/** Results of several tasks side by side: as rows of one table, or judged each by itself and together. */
import { type Comparison, compareAll, type MetricName, pooled, scoreBy } from "../evaluate/comparison";
import { summary } from "../evaluate/intervals";
import { movedItems } from "../evaluate/votes";
import { comparisonTable } from "../show/comparison";
import { show } from "../show/display";
import { type HeatCell, heatMap } from "../show/heatmap";
import { clickable, linesBehind } from "../show/lines";
import { trendPoint } from "../show/scores";
import type { Words } from "../show/style";
import { table } from "../show/tables";
import { trend } from "../show/trend";
import { grouped } from "../support/groups";
import type { Results } from "./experiment";
import { DRAWS, HEADINGS, japaneseName, titleOf } from "./results";
import type { Item } from "./task";

/** Results by the names of their tasks, as runEach() gives them. */
export type Each<T extends Item = Item> = Readonly<Record<string, Results<T>>>;

/**
 * Results of several tasks as rows of one table, where all test the same items: by what they are trained on,
 * or by what they read.
 *
 *     const rows = joined(each, (task, system) => (system === TFIDF ? undefined : `${system}, ${task}`));
 *
 * @param rowOf what a system of a task is called; undefined leaves it out
 */
export function joined<T extends Item>(
  each: Each<T>,
  rowOf: (task: string, system: string) => string | undefined,
): Results<T> {
  const renamed = <R extends { readonly system: string }>(task: string, one: R): R[] => {
    const system = rowOf(task, one.system);
    return system === undefined ? [] : [{ ...one, system }];
  };
  const entries = Object.entries(each);
  return {
    task: entries[0][1].task,
    runs: entries.flatMap(([task, { runs }]) =>
      runs.flatMap((run) => renamed(task, run.trial).map((trial) => ({ ...run, trial }))),
    ),
    answers: entries.flatMap(([task, { answers }]) => answers.flatMap((one) => renamed(task, one))),
  };
}

interface EachOptions {
  /** What systems are judged by. */
  readonly metric: MetricName;
  /** The system that differences are to. */
  readonly baseline: string;
  /** What the tasks are, as the heading of the first column. */
  readonly group: string;
  /** The test sets as one, so that what is rare in each has a number too. */
  readonly pooled?: boolean;
  /** Systems that are shown; all by default. */
  readonly systems?: readonly string[];
}

/**
 * The systems of each task by one metric, below each other; tests are corrected for all tasks together.
 *
 *     const { joy } = await showEach(each, { metric: "f1", baseline: TFIDF, group: "label" });
 */
export async function showEach(
  each: Each,
  { metric, baseline, group, pooled: asOne = false, systems }: EachOptions,
): Promise<Record<string, Comparison>> {
  const rows = Object.fromEntries(
    Object.entries(each).map(([name, { answers }]) => {
      const own = answers.filter(({ system }) => systems?.includes(system) ?? true);
      return [name, asOne ? pooled(own) : own];
    }),
  );
  const comparisons = compareAll(rows, { metric, baseline, bootstrapSamples: DRAWS });
  const [{ task }] = Object.values(each),
    sets = task.splits.length;
  const over =
    sets === 1 ? "" : asOne ? `, test texts of ${sets} sets together` : `, means over ${sets} test sets`;
  const below = { group, metric: HEADINGS[metric] };
  await show(comparisonTable(comparisons, { below, caption: `By ${group}${over}` }));
  return comparisons;
}

interface TrendOptions {
  /** As in the comparisons. */
  readonly metric: MetricName;
  /** What was varied, in both languages. */
  readonly across: Words;
  /** Where rows stand; by default where their names say, "n = 3" at 3. Others are left out. */
  readonly at?: Readonly<Record<string, number>>;
}

/**
 * A metric against a number that was varied, a line for each of several comparisons.
 *
 *     const at = { "BERT fixed": 0, "BERT last": 1 }; // which row stands where
 *     const across = { en: "layers trained", ja: "学習する層の数" };
 *     await showTrend({ BERT: compareBy(results, "accuracy") }, { metric: "accuracy", across, at });
 */
export async function showTrend(
  comparisons: Readonly<Record<string, Comparison>>,
  { metric, across, at = {} }: TrendOptions,
): Promise<void> {
  const heading = HEADINGS[metric];
  const points = Object.entries(comparisons).flatMap(([series, comparison]) =>
    comparison.rows.flatMap(({ system }) => {
      const x = at[system] ?? Number(/= (\d+)/.exec(system)?.[1] ?? Number.NaN);
      return Number.isNaN(x) ? [] : [{ series, x, ...trendPoint(comparison, system) }];
    }),
  );
  await show(
    trend(points, {
      title: `${titleOf(metric)} against ${across.en}`,
      subtitle: "upright lines: 95 % intervals; small points: seeds",
      x: across.en,
      metric: heading,
    }),
    {
      key: true,
      caption: {
        en: `${titleOf(metric)} against ${across.en}. A line that rises by less than its intervals are long says little.`,
        ja: `${across.ja}と ${japaneseName(heading)}。縦線は 95 % 区間、小さな点は各シード。区間の長さより小さな上がり下がりからは何も言えない。`,
      },
    },
  );
}

interface HeatOptions extends Pick<EachOptions, "metric" | "group"> {
  /** A panel each. */
  readonly systems: readonly string[];
  /** Positive texts that a test set needs; 10 by default, where one more or less moves F1 by .1. */
  readonly least?: number;
}

/**
 * A metric of each task (a row) on each test set (a column), a panel a system, each cell leading to its
 * texts. A test set with fewer than `least` positive texts is grey, and in no mean.
 *
 *     await showHeat(each, { metric: "f1", group: "label", systems: ["BERT fixed + linear"], least: 1 });
 */
export async function showHeat(
  each: Each,
  { metric, group, systems, least = 10 }: HeatOptions,
): Promise<void> {
  const score = scoreBy(metric),
    heading = HEADINGS[metric];
  const cells = systems.flatMap((panel) =>
    Object.entries(each).flatMap(([row, { answers, task }]): HeatCell[] => {
      const own = answers.filter(({ system }) => system === panel);
      const sets = task.splits.map(({ name, test }) => {
        const positive = test.filter((item) => task.labels[item] === 1).length,
          runs = own.filter(({ testSet }) => testSet === name);
        const value = positive < least ? null : summary(runs.map(score)).mean;
        return { panel, row, column: name, testSet: `${row}: ${name}`, value, remark: `n = ${positive}` };
      });
      const enough = sets.flatMap(({ value }) => value ?? []);
      const mean = enough.length === 0 ? null : summary(enough).mean;
      return [
        ...sets,
        {
          panel,
          row,
          column: "mean",
          value: mean,
          remark: mean === null ? "too few" : `of ${enough.length}`,
        },
      ];
    }),
  );
  const tasks = Object.entries(each),
    [[, first]] = tasks;
  const kept = tasks.flatMap(([name, { answers }]) =>
    answers
      .filter(({ system }) => systems.includes(system))
      .map((one) => ({ ...one, testSet: `${name}: ${one.testSet}` })),
  );
  await show(linesBehind(kept, { texts: first.task.items, labels: ["other", "positive"] }));
  await show(
    clickable(
      heatMap(cells, {
        title: `${heading} of each ${group} on each test set`,
        subtitle: `grey: fewer than ${least} positive test texts; mean: over the other test sets`,
        metric: heading,
      }),
      { system: "panel", testSet: "testSet" },
    ),
    {
      key: true,
      caption: {
        en: `${titleOf(metric)}, means over seeds, with the number of positive test texts. Grey cells have too few, and are in no mean.`,
        ja: `${japaneseName(heading)}（シード平均）と正例のテスト件数。灰色は正例が少なすぎるため平均に含めない。`,
      },
    },
  );
}

/**
 * Texts that one system gets wrong and another one right with every seed, and the other way round, with what
 * was read before them.
 *
 *     await showMoved(results, ["BERT fixed", "BERT last"]);
 */
export async function showMoved<T extends Item>(
  { answers, task: { items, classes } }: Results<T>,
  [before, after]: readonly [string, string],
  each = 5,
): Promise<void> {
  const of = (name: string) => answers.filter(({ system }) => system === name);
  const goldOf = new Map(answers.flatMap((one) => one.items.map((id, i) => [id, one.gold[i]])));
  const effects = movedItems(of(before), of(after)),
    moved = grouped(
      items.filter(({ id }) => effects.has(id)),
      ({ id }) => effects.get(id)!,
    );
  const [helped, harmed] = (["helped", "harmed"] as const).map((effect) => moved.get(effect) ?? []);
  await show(
    table(
      [...helped.slice(0, each), ...harmed.slice(0, each)].map(({ id, text, context = [] }) => ({
        effect: effects.get(id)!,
        ...(items.some((one) => one.context?.length) && { before: context.join("\n") }),
        text,
        gold: classes[goldOf.get(id)!],
      })),
      {
        caption: `${after} against ${before}: right instead of wrong with all seeds ${helped.length}, wrong instead of right ${harmed.length}; at most ${each} of each`,
      },
    ),
  );
}
