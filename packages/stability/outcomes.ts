/** What became of each run of a grid of recipes, and which measure alone makes it succeed. */
import { scoreBy } from "../../lib/evaluate/comparison";
import { type Ending, endingOf, majorityAccuracy } from "../../lib/evaluate/ending";
import { holm, mcnemar } from "../../lib/evaluate/paired";
import type { TrialRun } from "../../lib/experiment/spec";
import type { Words } from "../../lib/show/style";
import { type Grid, modeName, type Recipe, rateOfFew, recipeOf } from "./recipes";

export interface Outcome {
  readonly recipe: Recipe;
  readonly rate: number;
  readonly seed: number;
  readonly ending: Ending;
  /** Validation accuracy of the last epoch; of a run that diverged that of training's majority class. */
  readonly end: number;
  /** That of always giving training's majority class: a run at or below it has failed. */
  readonly guess: number;
  /** Training loss of the last epoch, in nats; none if there was no epoch. */
  readonly loss?: number;
  /** Of the positive class on the test texts. */
  readonly f1: number;
  /** Whether all test texts are called the same. */
  readonly oneClass: boolean;
  readonly run: TrialRun;
}

/** One outcome a run, of an experiment whose systems are recipes. */
export const outcomesOf = ({ runs }: { readonly runs: readonly TrialRun[] }): Outcome[] =>
  runs.map((run) => {
    const { result, trial } = run,
      last = result.history.at(-1),
      guess = result.labelCounts ? majorityAccuracy(result.labelCounts) : Number.NaN;
    return {
      recipe: recipeOf(trial.settings),
      rate: trial.settings.learningRate,
      seed: trial.settings.initSeed,
      ending: endingOf(result),
      end: result.diverged === undefined && last ? last.validationAccuracy : guess,
      guess,
      loss: last?.trainLoss,
      f1: scoreBy("f1")(result),
      oneClass: new Set(result.predicted).size === 1,
      run,
    };
  });

export interface Measure {
  readonly measure: string;
  readonly ja: string;
  /**
   * Pairs of runs that differ in the measure alone, seeds and learning rate included; fewer weights learn at
   * a rate of their own.
   */
  readonly pairs: number;
  /** Successful only with it, and only without it. */
  readonly cured: number;
  readonly broken: number;
  readonly p: number;
  readonly holm: number;
  readonly clear: "better" | "worse" | "no";
}

/**
 * What bias correction, warm-up, more epochs and fewer trained weights do: an exact McNemar test over pairs,
 * Holm's correction over the measures. Pairs of one seed at several learning rates are not independent: a p
 * near .05 proves nothing.
 * @param factor that of the grid: runs of fewer weights are paired with those of all layers by it
 */
export function measuresOf(outcomes: readonly Outcome[], factor: Pick<Grid, "rateFactor"> = {}): Measure[] {
  const keyOf = ({ recipe, rate, seed }: Outcome, change: Partial<Recipe> = {}) => {
    const { epochs, warmupRatio, biasCorrection, freeze = null } = { ...recipe, ...change };
    const own = change.freeze === undefined ? rate : rateOfFew(rate, factor);
    return JSON.stringify([epochs, warmupRatio, biasCorrection, freeze, own, seed]);
  };
  const byKey = new Map(outcomes.map((one) => [keyOf(one), one]));
  const values = <K extends keyof Recipe>(part: K) => outcomes.map(({ recipe }) => Number(recipe[part]));
  const [few, many] = [Math.min(...values("epochs")), Math.max(...values("epochs"))],
    warmest = Math.max(...values("warmupRatio"));
  const measures: {
    readonly measure: string;
    readonly ja: string;
    readonly from: Partial<Recipe>;
    readonly to: Partial<Recipe>;
  }[] = [
    {
      measure: "bias correction",
      ja: "バイアス補正",
      from: { biasCorrection: false },
      to: { biasCorrection: true },
    },
    {
      measure: `warm-up ${100 * warmest} %`,
      ja: `warm-up ${100 * warmest} %`,
      from: { warmupRatio: 0 },
      to: { warmupRatio: warmest },
    },
    {
      measure: `${many} epochs instead of ${few}`,
      ja: `${few} エポックを ${many} に増やす`,
      from: { epochs: few },
      to: { epochs: many },
    },
    ...[...new Set(outcomes.flatMap(({ recipe }) => recipe.freeze ?? []))].map((freeze) => ({
      measure: `${modeName(freeze)} instead of all layers`,
      ja: `全層の代わりに ${modeName(freeze)}`,
      from: { freeze: undefined },
      to: { freeze },
    })),
  ];
  const counted = measures.flatMap(({ measure, ja, from, to }) => {
    const has = ({ recipe }: Outcome) =>
      Object.entries(from).every(([name, value]) => recipe[name as keyof Recipe] === value);
    const pairs = outcomes.filter(has).flatMap((one) => {
      const other = byKey.get(keyOf(one, to));
      return other && other !== one
        ? [{ before: one.ending === "successful", after: other.ending === "successful" }]
        : [];
    });
    const cured = pairs.filter(({ before, after }) => !before && after).length,
      broken = pairs.filter(({ before, after }) => before && !after).length;
    return pairs.length === 0
      ? []
      : [{ measure, ja, pairs: pairs.length, cured, broken, p: mcnemar(cured, broken) }];
  });
  return holm(counted).map((one) => ({
    ...one,
    clear: one.holm >= 0.05 ? "no" : one.cured > one.broken ? "better" : "worse",
  }));
}

/** "helps: bias correction, 20 epochs instead of 3; harms: nothing", in English and Japanese. */
export function measuresInWords(measures: readonly Measure[]): Words {
  const named = (clear: Measure["clear"], name: "measure" | "ja", joint: string) =>
    measures.flatMap((one) => (one.clear === clear ? [one[name]] : [])).join(joint);
  return {
    en: `helps: ${named("better", "measure", ", ") || "nothing"}; harms: ${named("worse", "measure", ", ") || "nothing"}`,
    ja: `効く対策: ${named("better", "ja", "、") || "なし"}。逆効果: ${named("worse", "ja", "、") || "なし"}`,
  };
}
