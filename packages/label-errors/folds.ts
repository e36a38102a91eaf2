/**
 * k-fold cross-validation: every text is tested once, by a model that has learnt neither from it nor from its
 * story.
 */
import { checkGroups, holdOutGroups, holdOutStratified, type Split } from "../../lib/data/split";
import { grouped } from "../../lib/support/groups";
import { Random } from "../../lib/support/random";
import { check, whole } from "../../lib/support/settings";

export interface FoldOptions {
  readonly folds: number;
  /** Of which text is in which fold, and of those that choose the epoch. */
  readonly seed: number;
  /** Of what a model may learn from, as in lib's other splits. */
  readonly validationFraction?: number;
}

/** What is needed of a task; items with a story are split by it. */
interface Foldable {
  readonly items: readonly { readonly text?: string; readonly story?: string }[];
  readonly labels: readonly number[];
}

/** Whole groups into folds of about the same size: in random order, each to the smallest. */
function groupFolds(groups: readonly string[], folds: number, random: Random): number[] {
  const sizes = new Array<number>(folds).fill(0),
    foldOf = new Map<string, number>();
  const all = random.shuffled([...grouped(groups, (group) => group)].sort(([a], [b]) => (a < b ? -1 : 1)));
  for (const [group, { length }] of all.sort(([, a], [, b]) => b.length - a.length)) {
    const fold = sizes.indexOf(Math.min(...sizes));
    foldOf.set(group, fold);
    sizes[fold] += length;
  }
  return groups.map((group) => foldOf.get(group)!);
}

/** Each class dealt out in turn, so that it has the same share in every fold. */
function stratifiedFolds(labels: readonly number[], folds: number, random: Random): number[] {
  const foldOf = new Array<number>(labels.length).fill(0);
  const byClass = [...grouped(labels.keys(), (item) => labels[item])].sort(([a], [b]) => a - b);
  byClass.flatMap(([, items]) => random.shuffled(items)).forEach((item, i) => (foldOf[item] = i % folds));
  return foldOf;
}

/**
 * One split a fold: by whole stories where items have one (as scikit-learn's GroupKFold), else with each
 * class in its share; a part of the rest chooses the epoch, split in the same way.
 * @throws if there are fewer than three stories, or fewer stories or texts than folds
 */
export function foldSplits(
  { items, labels }: Foldable,
  { folds, seed, validationFraction = 0.2 }: FoldOptions,
): Split[] {
  check("folds", folds, whole(2));
  const random = new Random(seed),
    stories = items.flatMap(({ story }) => story ?? []),
    byStory = stories.length === items.length;
  const most = byStory ? new Set(stories).size : items.length;
  if (byStory && most < 3)
    throw new Error(
      `the data have ${most} ${most === 1 ? "story" : "stories"}: three are needed to learn from, to choose the epoch by and to judge`,
    );
  if (most < folds)
    throw new Error(
      `folds = ${folds}, but the data have ${most} ${byStory ? "stories, which stay whole" : "texts"}: take at most as many`,
    );
  const foldOf = byStory ? groupFolds(stories, folds, random) : stratifiedFolds(labels, folds, random);
  return Array.from({ length: folds }, (_, fold): Split => {
    const [rest, test] = [false, true].map((tested) =>
      [...items.keys()].filter((item) => (foldOf[item] === fold) === tested),
    );
    const [train, validation] = byStory
      ? holdOutGroups(rest, stories, { share: validationFraction, random })
      : holdOutStratified(rest, labels, { share: validationFraction, random });
    const split = { name: `fold ${fold + 1}`, train, validation, test };
    return byStory ? checkGroups(split, stories) : split;
  });
}
