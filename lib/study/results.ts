/** Results as a notebook shows them: a table, bars with their lines behind, curves, confusions, mistakes. */
import { TFIDF } from "../evaluate/baselines";
import {
  type Comparison,
  type ComparisonOptions,
  compare,
  type MetricName,
  scoreBy,
  type Versus,
} from "../evaluate/comparison";
import { sumOfConfusions } from "../evaluate/confusion";
import { alwaysWrong } from "../evaluate/votes";
import { confusionMatrix, learningCurves, scoreBars } from "../show/charts";
import { comparisonTable } from "../show/comparison";
import { show } from "../show/display";
import { clickable, confusionCells, linesBehind, scorePanels } from "../show/lines";
import { curvesOf } from "../show/runs";
import { meanScores, scoresOf } from "../show/scores";
import { table } from "../show/tables";
import { remembered } from "../support/remembered";
import type { Results } from "./experiment";
import type { Item } from "./task";

/** What a metric is called in headings. */
export const HEADINGS: Readonly<Record<MetricName, string>> = {
  accuracy: "accuracy",
  precision: "precision",
  recall: "recall",
  f1: "F1",
  macroF1: "macro F1",
  macroPrecision: "macro precision",
  macroRecall: "macro recall",
  weightedPrecision: "weighted precision",
  weightedF1: "weighted F1",
};

/** In Japanese, where it has a name of its own. */
const JAPANESE: Readonly<Record<string, string>> = {
  accuracy: "正解率",
  precision: "適合率",
  recall: "再現率",
  "macro F1": "マクロ F1",
};
export const japaneseName = (heading: string): string => JAPANESE[heading] ?? heading;

/** Of a metric, as a title begins with it. */
export const titleOf = (metric: MetricName): string =>
  `${HEADINGS[metric].charAt(0).toUpperCase()}${HEADINGS[metric].slice(1)}`;

export const DRAWS = 1000; // of bootstraps and permutations: intervals move by less than .01 with the next thousand

/** Those that were made, which take seconds: table, bars and verdicts share them. */
const comparisons = new WeakMap<Results, Map<string, Comparison>>();

/** Nothing is tested where a table only shows scores: tests take most of the time. */
function madeOnce(
  results: Results,
  { metric, ...options }: { readonly metric: MetricName } & Pick<ComparisonOptions, "baseline" | "tests">,
): Comparison {
  const { answers, task } = results,
    known = remembered(comparisons, results, () => new Map<string, Comparison>());
  return remembered(known, JSON.stringify([metric, options]), () =>
    compare(answers, { metric, ...options, classes: task.classes, bootstrapSamples: DRAWS }),
  );
}

/**
 * Results by one metric: means over seeds and test sets, intervals, differences to a baseline.
 *
 *     const { best, rows } = compareBy(results, "accuracy");
 */
export const compareBy = (results: Results, metric: MetricName, baseline = TFIDF): Comparison =>
  madeOnce(results, { metric, baseline });

/**
 * What may be called clear: each system against another one by a stated metric, corrected for all that are
 * judged.
 *
 *     const [{ clear, visible }] = verdicts(results, "accuracy"); // of one seed: "no"
 */
export const verdicts = (results: Results, metric: MetricName, against = TFIDF): Versus[] =>
  (against === TFIDF
    ? compareBy(results, metric)
    : madeOnce(results, { metric, baseline: against, tests: ["baseline"] })
  ).rows.flatMap(({ baseline }) => baseline ?? []);

/**
 * What may be called clear of two systems; corrected for all that are compared with the second one.
 *
 *     const { clear } = verdictOf(results, "accuracy", ["BERT last", "BERT fixed"]);
 *
 * @throws with the systems that there are if it is none of them
 */
export function verdictOf(
  results: Results,
  metric: MetricName,
  [system, other]: readonly [string, string],
): Versus {
  const all = verdicts(results, metric, other);
  const own = all.find((one) => one.system === system);
  if (own === undefined)
    throw new Error(`no row "${system}"; there are ${all.map((one) => one.system).join(", ")}`);
  return own;
}

interface ScoresOptions {
  /** The first is what differences and tests are of. */
  readonly metrics: readonly MetricName[];
  /** TF-IDF by default. */
  readonly baseline?: string;
  /** Systems with a star, such as those of a published table. */
  readonly starred?: readonly string[];
}

/**
 * All systems by several metrics, with intervals, differences and tests; gives the comparison by the first.
 *
 *     const accuracy = await showScores(results, { metrics: ["accuracy", "macroF1"] });
 */
export async function showScores(
  results: Results,
  { metrics, baseline, starred = [] }: ScoresOptions,
): Promise<Comparison> {
  const made = metrics.map((metric, i) =>
    i === 0 ? compareBy(results, metric, baseline) : madeOnce(results, { metric, tests: [] }),
  );
  const { splits } = results.task,
    tested = splits.reduce((sum, { test }) => sum + test.length, 0);
  await show(
    comparisonTable(Object.fromEntries(metrics.map((metric, i) => [HEADINGS[metric], made[i]])), {
      caption: `Test results on ${tested} texts${splits.length > 1 ? `, means over ${splits.length} test sets` : ""}`,
      mark: (system) => (starred.includes(system) ? `${system} ★` : system),
    }),
  );
  return made[0];
}

/**
 * Bars of one metric by test set, each leading to its lines.
 *
 *     await showBars(results, "accuracy");
 */
export async function showBars(results: Results, metric: MetricName): Promise<void> {
  const { answers, task } = results,
    { classes, items, splits } = task;
  const trained = answers.filter(({ system, seed }) => seed !== null || system === TFIDF),
    drawn = new Set(trained.map(({ system }) => system));
  await show(linesBehind(trained, { texts: items, labels: classes }));
  const bars = scoresOf(trained, scoreBy(metric, { classes }), DRAWS);
  const means =
    splits.length === 1
      ? []
      : meanScores(compareBy(results, metric), "mean over test sets").filter(({ system }) =>
          drawn.has(system),
        );
  const heading = HEADINGS[metric];
  await show(
    clickable(
      scoreBars([...bars, ...means], {
        title: `${titleOf(metric)} of each system`,
        subtitle: "bars: mean over seeds; lines: 95 % interval; points: seeds",
        metric: heading,
      }),
      scorePanels,
    ),
    {
      key: true,
      caption: {
        en: `${titleOf(metric)} of each system. Where intervals overlap, the test texts are too few to tell systems apart.`,
        ja: `各条件の ${japaneseName(heading)}。区間が重なる条件どうしは、このテスト件数では差があるとはいえない。`,
      },
    },
  );
}

/**
 * Loss and accuracy while learning, of some systems (all by default) on the first test set.
 *
 *     await showCurves(results, ["BERT fixed"]);
 */
export async function showCurves({ runs, task }: Results, systems?: readonly string[]): Promise<void> {
  const [{ name }] = task.splits;
  const drawn = runs.filter(
    ({ trial }) => trial.testSet === name && (systems?.includes(trial.system) ?? true),
  );
  await show(
    learningCurves(curvesOf(drawn), {
      title: task.splits.length > 1 ? `Learning curves, tested on ${name}` : "Learning curves",
      subtitle: "training (dashed) and validation (solid); one thin line a seed",
    }),
    {
      caption: {
        en: "Loss and accuracy while learning. A validation loss that rises while its accuracy stays is overfitting: the kept epoch (diamond) comes before.",
        ja: "学習曲線。正解率が変わらないまま検証損失が上がり続けるのは過学習で、採用したエポック（菱形）はその前にある。",
      },
    },
  );
}

/**
 * Gold against predicted classes of some systems over all test sets, first seed.
 *
 *     await showConfusion(results, ["BERT fixed", "BERT last"]);
 */
export async function showConfusion(
  { runs, task: { classes } }: Results,
  systems: readonly string[],
): Promise<void> {
  const counts = systems.map((system) => ({
    name: system,
    counts: sumOfConfusions(
      runs
        .filter(({ trial }) => trial.system === system && trial.settings.initSeed === 1)
        .map(({ result }) => result.confusion),
    ),
  }));
  const cells = confusionMatrix(counts, { title: "Confusion, first seed", labels: classes });
  await show(clickable(cells, { ...confusionCells, seed: 1 }), {
    caption: {
      en: "Gold classes are rows, predicted ones columns; test texts of all test sets, seed 1.",
      ja: "行が正解、列が予測。全テストデータ、シード1。",
    },
  });
}

/**
 * The first mistakes of a system on which all its seeds agree, a few of each gold class.
 *
 *     await showMistakes(results, "BERT fixed");
 */
export async function showMistakes<T extends Item>(
  { answers, task: { items, classes } }: Results<T>,
  system: string,
  each = 5,
): Promise<void> {
  const wrong = alwaysWrong(answers.filter((one) => one.system === system)),
    byId = new Map(items.map((item) => [item.id, item]));
  const listed = classes.flatMap((_, gold) => wrong.filter((vote) => vote.gold === gold).slice(0, each));
  await show(
    table(
      listed.map(({ id, gold, predicted }) => ({
        text: byId.get(id)!.text,
        gold: classes[gold],
        predicted: classes[predicted],
      })),
      {
        caption: `Mistakes of ${system} on which all seeds agree: ${wrong.length}; at most ${each} of each class`,
      },
    ),
  );
}
