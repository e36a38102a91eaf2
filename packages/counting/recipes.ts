/** What is counted in a text, and which linear model learns from it. */
import { TFIDF } from "../../lib/evaluate/baselines";
import {
  beside,
  bytesOf,
  type Counted,
  fitLogistic,
  fitSvm,
  fitTfidf,
  openWords,
  predict,
  type TfidfOptions,
  transform,
} from "../tfidf";

/** content words: without particles, auxiliaries and signs. */
export type Unit = "characters" | "words" | "content words";

export interface Block extends TfidfOptions {
  readonly unit: Unit;
}

export interface CountingRecipe {
  /** n-grams of several kinds stand beside each other, each kind of length 1. */
  readonly blocks: readonly Block[];
  readonly model: "logistic" | "svm";
  /** scikit-learn's C. */
  readonly c: number;
}

const CHARACTERS: Block = { unit: "characters", shortest: 1, longest: 4, minimumTexts: 2 };
const CONTENT_WORDS: Block = { unit: "content words", shortest: 1, longest: 3, minimumTexts: 1 };

/** A few by name; C as in lib's own baseline, and 1, LinearSVC's default. */
export const RECIPES = {
  /** The baseline of every table of the library. */
  characters: { blocks: [CHARACTERS], model: "logistic", c: 10 },
  charactersSvm: { blocks: [CHARACTERS], model: "svm", c: 1 },
  /** As bunruija counts titles, but for its lemmas, its 10,000 features and its C of 10. */
  wordsSvm: { blocks: [CONTENT_WORDS], model: "svm", c: 1 },
  words: { blocks: [CONTENT_WORDS], model: "logistic", c: 10 },
  /** The best of 30 on the dev titles of livedoor's, by Laboro's split: bench/livedoor.ts. */
  both: { blocks: [CHARACTERS, { ...CONTENT_WORDS, unit: "words", longest: 2 }], model: "svm", c: 2 },
} as const satisfies Readonly<Record<string, CountingRecipe>>;

/** The rows of a table on texts in classes: the baseline of the library, and two more. */
export const COUNTED = {
  [TFIDF]: RECIPES.characters,
  "characters + SVM": RECIPES.charactersSvm,
  "words + SVM": RECIPES.wordsSvm,
} as const satisfies Readonly<Record<string, CountingRecipe>>;

/** A model that has learnt. */
export interface Counting {
  /** The class of each text. */
  classify(texts: readonly string[]): number[];
  readonly bytes: number;
}

const FITS = { logistic: fitLogistic, svm: fitSvm };

async function unitsOf(unit: Unit): Promise<(text: string) => Counted> {
  return unit === "characters" ? (text) => text : openWords(unit === "words" ? [] : undefined);
}

/**
 * Learns a recipe.
 * @param labels classes from 0 to classes - 1, one a text
 * @throws if a class has no text, or no n-gram is in enough texts
 */
export async function fitCounting(
  texts: readonly string[],
  labels: readonly number[],
  { blocks, model, c, classes }: CountingRecipe & { readonly classes: number },
): Promise<Counting> {
  const counted = await Promise.all(
    blocks.map(async ({ unit, ...options }) => {
      const units = await unitsOf(unit);
      return { units, tfidf: fitTfidf(texts.map(units), options) };
    }),
  );
  const rowsOf = (some: readonly string[]) =>
    counted.map(({ units, tfidf }) => transform(tfidf, some.map(units))).reduce(beside);
  const linear = FITS[model](rowsOf(texts), labels, classes, { c });
  const bytes = bytesOf(
    counted.map(({ tfidf }) => tfidf),
    linear,
  );
  return { classify: (some) => predict(linear, rowsOf(some)), bytes };
}
