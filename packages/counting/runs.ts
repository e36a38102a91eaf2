/** Recipes on the splits of a task, as rows of its tables. */
import type { Split } from "../../lib/data/split";
import { baselineOf } from "../../lib/evaluate/baselines";
import type { NamedRun } from "../../lib/evaluate/comparison";
import type { Results } from "../../lib/study/experiment";
import type { Item, Task } from "../../lib/study/task";
import { bytesOf, occurring } from "../tfidf";
import type { CountingCost } from "./costs";
import { COUNTED, type CountingRecipe, fitCounting, RECIPES } from "./recipes";

const at = <T>(values: readonly T[], places: readonly number[]): T[] => places.map((place) => values[place]);

type Splits = Pick<Task, "items" | "labels" | "splits">;

/** What is said of the test texts, and what learning cost. */
interface OfSplit extends Omit<CountingCost, "system"> {
  readonly predicted: number[];
}

/** The library has learnt it for its own row, and is not asked to do so again. */
function ofBaseline(task: Splits, split: Split): OfSplit {
  const { grams, model, seconds, answers } = baselineOf(task, split);
  return { predicted: answers(), bytes: bytesOf(grams, model), seconds };
}

async function ofRecipe({ items, labels }: Splits, split: Split, recipe: CountingRecipe): Promise<OfSplit> {
  const learnt = [...split.train, ...split.validation],
    known = occurring(at(labels, learnt));
  if (known.length < 2)
    throw new Error(`the split "${split.name}": all ${learnt.length} texts to learn from are of one class`);
  const texts = (places: readonly number[]) => at(items, places).map(({ text }) => text);
  const places = at(labels, learnt).map((label) => known.indexOf(label)),
    start = performance.now();
  const { classify, bytes } = await fitCounting(texts(learnt), places, { ...recipe, classes: known.length }),
    seconds = (performance.now() - start) / 1000;
  return { predicted: at(known, classify(texts(split.test))), bytes, seconds };
}

/**
 * What each recipe says of the tested texts after learning from those of training and validation, as lib's
 * own baseline does, and what it cost: bytes and seconds of learning, means over splits. A class that never
 * occurs in training is never answered.
 * @throws if what is learnt from is of one class, or no n-gram is in enough texts
 */
export async function countingRuns(
  task: Splits,
  recipes: Readonly<Record<string, CountingRecipe>>,
): Promise<{ readonly answers: NamedRun[]; readonly costs: CountingCost[] }> {
  const { items, labels, splits } = task,
    answers: NamedRun[] = [],
    costs: CountingCost[] = [];
  for (const [system, recipe] of Object.entries(recipes)) {
    let [bytes, seconds] = [0, 0];
    for (const split of splits) {
      const { predicted, ...cost } =
        recipe === RECIPES.characters ? ofBaseline(task, split) : await ofRecipe(task, split, recipe);
      seconds += cost.seconds / splits.length;
      bytes += cost.bytes / splits.length;
      answers.push({
        ...{ system, testSet: split.name, seed: null, predicted },
        items: at(items, split.test).map(({ id }) => id),
        gold: at(labels, split.test),
      });
    }
    costs.push({ system, bytes, seconds });
  }
  return { answers, costs };
}

/** Results with rows of counting, and what these cost. */
export interface Counted<T extends Item = Item> {
  readonly results: Results<T>;
  readonly costs: readonly CountingCost[];
}

/**
 * Results with those of recipes beside them; one of a system that is there takes its place.
 *
 *     const counted = await withCounting(results);
 */
export async function withCounting<T extends Item>(
  results: Results<T>,
  recipes: Readonly<Record<string, CountingRecipe>> = COUNTED,
): Promise<Counted<T>> {
  const { answers, costs } = await countingRuns(results.task, recipes);
  const others = results.answers.filter(({ system }) => !Object.hasOwn(recipes, system));
  return { results: { ...results, answers: [...others, ...answers] }, costs };
}
