/** Recipes of fine-tuning, each with several learning rates, as the systems of an experiment. */
import type { ClassificationSettings } from "../../lib/experiment/spec";

export interface Recipe {
  readonly epochs: number;
  readonly warmupRatio: number;
  /** Of Adam's moments; BERT's own code has none. */
  readonly biasCorrection: boolean;
}

export interface Grid {
  readonly epochs: readonly number[];
  /** All with the fewest epochs, the last alone with more, which cost most. */
  readonly warmupRatios: readonly number[];
  readonly biasCorrections: readonly boolean[];
  readonly learningRates: readonly number[];
}

/** "3 epochs, warm-up 10 %, no bias correction" */
export const recipeName = ({ epochs, warmupRatio, biasCorrection }: Recipe): string =>
  [
    `${epochs} epochs`,
    warmupRatio === 0 ? "no warm-up" : `warm-up ${Math.round(100 * warmupRatio)} %`,
    biasCorrection ? "bias correction" : "no bias correction",
  ].join(", ");

export const rateName = (rate: number): string => rate.toExponential();

/** The recipe of a run, as its settings have it. */
export const recipeOf = ({
  epochs,
  warmupRatio,
  biasCorrection,
}: Pick<ClassificationSettings, "epochs" | "warmupRatio" | "biasCorrection">): Recipe => ({
  epochs,
  warmupRatio,
  biasCorrection: biasCorrection !== false,
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

/** Every recipe with every learning rate, by names such as "3 epochs, no warm-up, bias correction, 1e-4". */
export function recipeSystems({
  epochs,
  warmupRatios,
  biasCorrections,
  learningRates,
}: Grid): Record<string, Partial<ClassificationSettings>> {
  const fewest = Math.min(...epochs);
  const recipes = epochs.flatMap((n) =>
    warmupRatios
      .slice(n === fewest ? 0 : -1)
      .flatMap((warmupRatio) =>
        biasCorrections.map((biasCorrection) => ({ epochs: n, warmupRatio, biasCorrection })),
      ),
  );
  return Object.fromEntries(
    recipes.flatMap((recipe) =>
      learningRates.map((learningRate) => [
        `${recipeName(recipe)}, ${rateName(learningRate)}`,
        settingsOf(recipe, learningRate),
      ]),
    ),
  );
}
