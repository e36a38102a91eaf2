/** What a notebook shows of stability: failures, runs, measures, freeze modes, losses, gradients, seeds. */
import { scoreBy } from "../../lib/evaluate/comparison";
import { summary, wilson } from "../../lib/evaluate/intervals";
import type { TrialRun } from "../../lib/experiment/spec";
import { show } from "../../lib/show/display";
import { countEndings, MEANING } from "../../lib/show/endings";
import { decimals } from "../../lib/show/numbers";
import { table } from "../../lib/show/tables";
import { grouped } from "../../lib/support/groups";
import { readMetrics } from "../run-log";
import { lossAgainstScore, seedBoxes } from "./charts";
import { gradientNorms } from "./gradients";
import { type ModeRow, modesOf } from "./modes";
import { type Measure, type Outcome, outcomesOf } from "./outcomes";
import { type Grid, rateName, rateOfFew, recipeName } from "./recipes";
import { seedEffects } from "./seeds";

const countsOf = (some: readonly Outcome[]) => countEndings(some.map(({ ending }) => ending));

/** "3 of 10, 1 diverged" */
export const failuresInWords = (some: readonly Outcome[]): string => {
  const { failed, diverged } = countsOf(some);
  return `${failed} of ${some.length}${diverged > 0 ? `, ${diverged} diverged` : ""}`;
};

const spreadOf = (values: readonly number[]) => {
  const { n, mean, sd } = summary(values);
  return n === 1 ? decimals(mean) : `${decimals(mean)} ± ${decimals(sd)}`;
};
const accuracyOf = (some: readonly Outcome[]) => spreadOf(some.map(({ end }) => end));
const f1Of = (some: readonly Outcome[]) => spreadOf(some.map(({ f1 }) => f1));

/** A row a recipe and learning rate: intervals and scores. */
const detailsOf = (outcomes: readonly Outcome[]) =>
  [...grouped(outcomes, ({ recipe, rate }) => `${recipeName(recipe)}\n${rateName(rate)}`)].map(
    ([name, some]) => {
      const counts = countsOf(some),
        sure = wilson(counts.failed, some.length),
        [recipe, rate] = name.split("\n");
      return {
        ...{ recipe, rate, n: some.length, ...counts },
        "failed, 95 %": `${decimals(sure.low)}–${decimals(sure.high)}`,
        "accuracy ± sd": accuracyOf(some),
        "test F1 ± sd": f1Of(some),
      };
    },
  );

/** Every recipe and learning rate, to be unfolded beneath a table. */
const folded = (outcomes: readonly Outcome[]) => ({
  notes: [`Failed: ${MEANING.failed.en} (${decimals(outcomes[0].guess)}). Diverged: ${MEANING.diverged.en}.`],
  summary: "Every recipe and learning rate: intervals, accuracy at the end, F1 on the test texts",
  folded: [
    table(detailsOf(outcomes), {
      caption:
        "Validation accuracy of the last epoch, and F1 on the test texts of the epoch with the best validation accuracy",
    }),
  ],
});

/** "0.0003: 24 of 36; 0.001: 26 of 36", from the lowest rate */
export const failuresByRate = (outcomes: readonly Outcome[]): string =>
  ratesOf(outcomes)
    .map((own) => `${own}: ${failuresInWords(outcomes.filter(({ rate }) => rate === own))}`)
    .join("; ");

/** From the lowest. */
const ratesOf = (outcomes: readonly Outcome[]) =>
  [...new Set(outcomes.map(({ rate }) => rate))].sort((a, b) => a - b);

/** What figures of single runs have in common. */
const drawn = (outcomes: readonly Outcome[]) => ({
  subtitle: "boxes: quartiles and median; whiskers: extremes",
  metric: "validation accuracy, last epoch",
  line: { name: "that of always giving training's majority class", value: outcomes[0].guess },
});
const CAPTION = {
  en: "Validation accuracy at the end of training, one point a run. At or below the dashed line, always giving training's majority class, a run has failed (×); ▽ is a run that diverged.",
  ja: "学習終了時の検証正解率（点は1回の学習）。破線は学習データの多数派クラスを常に答える場合で、それ以下（×）は失敗。▽ は発散した学習。",
};

/** Failed runs by recipe and learning rate; intervals and scores are folded beneath. */
export async function showFailures(outcomes: readonly Outcome[]): Promise<void> {
  const byRecipe = grouped(outcomes, ({ recipe }) => recipeName(recipe));
  const counts = [...byRecipe].map(([recipe, own]) => ({
    recipe,
    ...Object.fromEntries(
      [...grouped(own, ({ rate }) => rateName(rate))].map(([rate, some]) => [rate, failuresInWords(some)]),
    ),
    all: failuresInWords(own),
  }));
  const columns = ["recipe", ...ratesOf(outcomes).map(rateName), "all"];
  await show(
    table(counts, {
      caption: "Failed runs by recipe and learning rate",
      columns: Object.fromEntries(columns.map((name) => [name, name])),
      ...folded(outcomes),
    }),
  );
}

/** Every run as a point over the box of its recipe and learning rate. */
export async function showRuns(outcomes: readonly Outcome[]): Promise<void> {
  const points = ratesOf(outcomes).flatMap((own) =>
    outcomes
      .filter(({ rate }) => rate === own)
      .map(({ recipe, rate, seed, ending, end }) => {
        const [epochs, warmUp, ...rest] = recipeName(recipe).split(", ");
        return {
          panel: `${epochs}, ${warmUp}`,
          group: rateName(rate),
          series: rest.join(", "), // the freeze mode too, where it has one
          value: end,
          ending,
          seed,
        };
      }),
  );
  await show(
    seedBoxes(points, {
      title: "Every run by recipe and learning rate",
      ...drawn(outcomes),
      across: "learning rate",
    }),
    { key: true, caption: CAPTION },
  );
}

/**
 * Freeze modes that train fewer weights beside all layers by the same recipe: a table of failures and spread,
 * and every run as a point; nothing where all runs train all layers. Gives the table's rows.
 */
export async function showModes(
  outcomes: readonly Outcome[],
  factor: Pick<Grid, "rateFactor"> = {},
): Promise<readonly ModeRow[]> {
  const rows = modesOf(outcomes);
  if (rows.length === 0) return rows;
  const runs = rows.flatMap((row) => row.outcomes);
  await show(
    table(
      rows.map(({ mode, trained, outcomes: own, spread, best }) => ({
        ...{ mode, trained, failed: failuresInWords(own), spread },
        rate: rateName(best[0].rate),
        accuracy: accuracyOf(best),
        f1: f1Of(best),
      })),
      {
        caption: `All layers and fewer weights by one recipe (${recipeName({ ...runs[0].recipe, freeze: undefined })})`,
        columns: {
          mode: "what is trained",
          trained: "weights",
          failed: "failed",
          spread: "spread",
          rate: "best rate",
          accuracy: "accuracy ± sd",
          f1: "test F1 ± sd",
        },
        ...folded(runs),
      },
    ),
  );
  const places = ratesOf(rows[0].outcomes).map((rate) => ({
    rates: [rate, ...rows.slice(1).map(() => rateOfFew(rate, factor))],
    group: [...new Set([rate, rateOfFew(rate, factor)])].map(rateName).join(" / "),
  }));
  const points = places.flatMap(({ rates, group }) =>
    rows.flatMap(({ mode, outcomes: own }, i) =>
      own
        .filter(({ rate }) => rate === rates[i])
        .map(({ seed, ending, end }) => ({ panel: "", group, series: mode, value: end, ending, seed })),
    ),
  );
  await show(
    seedBoxes(points, {
      title: "Every run by what is trained",
      ...drawn(outcomes),
      across: "learning rate (all layers / fewer weights)",
    }),
    { key: true, caption: CAPTION },
  );
  return rows;
}

/** In how many pairs of runs each measure alone decides. */
export const showMeasures = (measures: readonly Measure[]): Promise<void> =>
  show(
    table(measures, {
      caption: "Pairs of runs without and with a measure",
      columns: {
        measure: "measure",
        pairs: "pairs",
        cured: "succeeds only with it",
        broken: "succeeds only without it",
        p: "p",
        holm: "p (Holm)",
        clear: "clear",
      },
    }),
  );

/**
 * Training loss against score, one point a run. A failed run at the loss of guessing (nats) has learnt
 * nothing, one far to the left of it its training texts by heart; gives how many there are of both.
 */
export async function showLosses(
  outcomes: readonly Outcome[],
): Promise<{ readonly nothing: number; readonly byHeart: number }> {
  const counts = outcomes[0].run.result.labelCounts?.train ?? [],
    all = counts.reduce((a, b) => a + b, 0);
  const guessing = -counts.filter(Boolean).reduce((sum, n) => sum + (n / all) * Math.log(n / all), 0);
  const some = outcomes.flatMap(({ loss, ...one }) => (loss === undefined ? [] : [{ ...one, loss }]));
  await show(
    lossAgainstScore(
      some.map(({ recipe, rate, seed, loss, end, ending }) => ({
        series: `${recipe.epochs} epochs`,
        ...{ loss, score: end, ending, name: `${recipeName(recipe)}, ${rateName(rate)}, seed ${seed}` },
      })),
      {
        title: "Training loss and score of every run",
        metric: "validation accuracy, last epoch",
        lines: [guessing],
      },
    ),
    {
      caption: {
        en: `Training loss of the last epoch against validation accuracy, one point a run. Dashed: the loss of guessing by the frequency of the classes (${decimals(guessing)}).`,
        ja: `最終エポックの学習損失と検証正解率（点は1回の学習）。破線はクラスの頻度だけで推測したときの損失（${decimals(guessing)}）。`,
      },
    },
  );
  const failed = some.filter(({ ending }) => ending === "failed");
  return {
    nothing: failed.filter(({ loss }) => loss > 0.9 * guessing).length,
    byHeart: failed.filter(({ loss }) => loss < 0.5 * guessing).length,
  };
}

/**
 * Norms of the gradients by layer, of failed and of successful runs of the recipe and learning rate that has
 * most of both; of all runs where none has both.
 */
export async function showGradients(outcomes: readonly Outcome[]): Promise<void> {
  const cells = [...grouped(outcomes, ({ recipe, rate }) => `${recipeName(recipe)}, ${rateName(rate)}`)].map(
    ([name, own]) => {
      const failed = own.filter(({ ending }) => ending === "failed"),
        successful = own.filter(({ ending }) => ending === "successful");
      return { name, failed, successful, both: Math.min(failed.length, successful.length) };
    },
  );
  const most = cells.reduce((a, b) => (b.both > a.both ? b : a));
  const panels: Record<string, readonly Outcome[]> =
    most.both > 0
      ? {
          [`failed (${most.failed.length})`]: most.failed,
          [`successful (${most.successful.length})`]: most.successful,
        }
      : { [`all (${outcomes.length})`]: outcomes };
  const name = most.both > 0 ? most.name : "all recipes";
  await show(
    gradientNorms(
      Object.fromEntries(
        Object.entries(panels).map(([panel, own]) => [panel, own.map(({ run }) => readMetrics(run.folder))]),
      ),
      {
        title: "Norms of the gradients by layer",
        subtitle: `${name}; median over runs, before clipping`,
      },
    ),
    {
      caption: {
        en: `Norm of the gradients of each part of the network over the steps (${name}), before clipping.`,
        ja: `各層の勾配ノルムの推移（${name}、クリッピング前、学習ごとの中央値）。`,
      },
    },
  );
}

/**
 * What the seeds of initial weights and of the order contribute, of an experiment whose systems fix one order
 * each; gives those of the validation accuracy.
 */
export async function showSeedEffects(results: {
  readonly runs: readonly TrialRun[];
}): Promise<ReturnType<typeof seedEffects>> {
  const grid = [...grouped(outcomesOf(results), ({ run }) => run.trial.settings.initSeed).values()];
  const scores = {
    "validation accuracy, last epoch": ({ end }: Outcome) => end,
    "F1 on the test texts": ({ run }: Outcome) => scoreBy("f1")(run.result),
  };
  const rows = Object.entries(scores).map(([score, value]) => ({
    score,
    ...seedEffects(grid.map((row) => row.map(value))),
  }));
  await show(
    table(rows, {
      caption: `${grid.length} × ${grid[0].length} runs; standard deviations of what each seed contributes`,
      columns: {
        score: "score",
        mean: "mean",
        init: "initial weights",
        order: "order and dropout",
        rest: "both together",
      },
    }),
  );
  return rows[0];
}
