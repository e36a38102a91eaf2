/** What became of each run of a grid of recipes, and which measure alone makes it succeed. */
import { scoreBy } from "../../lib/evaluate/comparison";
import { type Ending, endingOf, majorityAccuracy } from "../../lib/evaluate/ending";
import { holm, mcnemar } from "../../lib/evaluate/paired";
import type { TrialRun } from "../../lib/experiment/spec";
import { type Recipe, recipeOf } from "./recipes";

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
  /** Pairs of runs that differ in the measure alone, seeds and learning rate included. */
  readonly pairs: number;
  /** Successful only with it, and only without it. */
  readonly cured: number;
  readonly broken: number;
  readonly p: number;
  readonly holm: number;
  readonly clear: "better" | "worse" | "no";
}

/**
 * What bias correction, warm-up and more epochs do: an exact McNemar test over pairs, Holm's correction over
 * the measures. Pairs of one seed at several learning rates are not independent: a p near .05 proves nothing.
 */
export function measuresOf(outcomes: readonly Outcome[]): Measure[] {
  const keyOf = ({ recipe, rate, seed }: Outcome, change: Partial<Recipe> = {}) =>
    JSON.stringify([{ ...recipe, ...change }, rate, seed]);
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
