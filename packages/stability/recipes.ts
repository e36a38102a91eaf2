/** Recipes of fine-tuning, each with several learning rates, as the systems of an experiment. */
import type { ClassificationSettings } from "../../lib/experiment/spec";
import type { FreezeMode } from "../../lib/train/freeze";

export interface Recipe {
  readonly epochs: number;
  readonly warmupRatio: number;
  /** Of Adam's moments; BERT's own code has none. */
  readonly biasCorrection: boolean;
  /** What is trained beside the head, where it is less than all layers. */
  readonly freeze?: FreezeMode;
}

export interface Grid {
  readonly epochs: readonly number[];
  /** All with the fewest epochs, the last alone with more, which cost most. */
  readonly warmupRatios: readonly number[];
  readonly biasCorrections: readonly boolean[];
  readonly learningRates: readonly number[];
  /**
   * Freeze modes that train less than all layers; each with the fewest epochs, the last warm-up and the bias
   * correction, if that is tried.
   */
  readonly modes?: readonly FreezeMode[];
  /** Their learning rates in those of all layers, 1 by default: fewer weights take larger ones. */
  readonly rateFactor?: number;
}

const NAMES: Partial<Record<FreezeMode, string>> = { bias: "BitFit", lora: "LoRA" };

/** "BitFit", or "all layers" */
export const modeName = (freeze?: FreezeMode): string =>
  freeze === undefined ? "all layers" : (NAMES[freeze] ?? freeze);

/** "3 epochs, warm-up 10 %, no bias correction"; "…, BitFit" where fewer weights are trained */
export const recipeName = ({ epochs, warmupRatio, biasCorrection, freeze }: Recipe): string =>
  [
    `${epochs} epochs`,
    warmupRatio === 0 ? "no warm-up" : `warm-up ${Math.round(100 * warmupRatio)} %`,
    biasCorrection ? "bias correction" : "no bias correction",
    ...(freeze === undefined ? [] : [modeName(freeze)]),
  ].join(", ");

export const rateName = (rate: number): string => rate.toExponential();

/** The learning rate of fewer weights that stands for one of all layers, without the dust of 3 × 3e-4. */
export const rateOfFew = (rate: number, { rateFactor = 1 }: Pick<Grid, "rateFactor"> = {}): number =>
  Number((rate * rateFactor).toPrecision(12));

/** The recipe of a run, as its settings have it. */
export const recipeOf = ({
  epochs,
  warmupRatio,
  biasCorrection,
  freeze,
}: Pick<ClassificationSettings, "epochs" | "warmupRatio" | "biasCorrection" | "freeze">): Recipe => ({
  epochs,
  warmupRatio,
  biasCorrection: biasCorrection !== false,
  ...(freeze !== "all" && { freeze }),
});

/** What a recipe is to an experiment, where the correction of Adam's bias is the default. */
export const settingsOf = (
  { biasCorrection, ...recipe }: Recipe,
  learningRate: number,
): Partial<ClassificationSettings> => ({
  ...recipe,
  learningRate,
  ...(!biasCorrection && { biasCorrection: false }),
});

/**
 * Every recipe with every learning rate, by names such as "3 epochs, no warm-up, bias correction, 1e-4";
 * after them the freeze modes, such as "3 epochs, warm-up 10 %, bias correction, BitFit, 3e-4".
 */
export function recipeSystems({
  epochs,
  warmupRatios,
  biasCorrections,
  learningRates,
  modes = [],
  ...factor
}: Grid): Record<string, Partial<ClassificationSettings>> {
  const fewest = Math.min(...epochs);
  const recipes = epochs.flatMap((n) =>
    warmupRatios
      .slice(n === fewest ? 0 : -1)
      .flatMap((warmupRatio) =>
        biasCorrections.map((biasCorrection): Recipe => ({ epochs: n, warmupRatio, biasCorrection })),
      ),
  );
  const own = {
    epochs: fewest,
    warmupRatio: warmupRatios[warmupRatios.length - 1],
    biasCorrection: biasCorrections.includes(true),
  };
  const systems = (some: readonly Recipe[], rates: readonly number[]) =>
    some.flatMap((recipe) =>
      rates.map((rate) => [`${recipeName(recipe)}, ${rateName(rate)}`, settingsOf(recipe, rate)] as const),
    );
  return Object.fromEntries([
    ...systems(recipes, learningRates),
    ...systems(
      modes.map((freeze) => ({ ...own, freeze })),
      learningRates.map((rate) => rateOfFew(rate, factor)),
    ),
  ]);
}
