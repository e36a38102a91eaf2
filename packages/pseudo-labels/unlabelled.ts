/** Texts whose labels no system is told: a file of them, or training texts whose labels are hidden. */
import { encodeItems } from "../../lib/data/encode";
import { holdOutGroups, holdOutStratified, type Split } from "../../lib/data/split";
import type { Item, Task } from "../../lib/study/task";
import { Random } from "../../lib/support/random";
import { check, FRACTION } from "../../lib/support/settings";

/** A split whose training texts are fewer, and the texts whose labels are not told. */
export interface Hidden {
  readonly split: Split;
  readonly unlabelled: readonly number[];
}

export interface Unlabelled<T extends Item = Item> {
  /** With the texts of a file behind its own, whose label is 0 and means nothing. */
  readonly task: Task<T | Item>;
  /** Of every split. */
  readonly hidden: readonly Hidden[];
  /** Whether the labels are known, so that it can be said how many pseudo-labels are right. */
  readonly goldKnown: boolean;
  /** Texts of a file that were left out, with the reason. */
  readonly leftOut: { readonly known: number; readonly tooLong: number };
}

const storyOf = (item: Item): string | undefined => (item as { readonly story?: string }).story;

/**
 * Hides the labels of a share of each split's training texts: whole stories where texts have one, else of
 * each class its share. Validation and test texts are not touched.
 * @throws with the split if it would be left without texts with a label, or without texts that lost theirs
 */
export function withHidden<T extends Item>(task: Task<T>, share: number): Unlabelled<T> {
  check("unlabelledFraction", share, FRACTION);
  const stories = task.items.flatMap((item) => storyOf(item) ?? []);
  const hidden = task.splits.map((split): Hidden => {
    const how = { share, random: new Random(1) };
    const [train, unlabelled] =
      stories.length === task.items.length
        ? holdOutGroups(split.train, stories, how)
        : holdOutStratified(split.train, task.labels, how);
    if (train.length === 0 || unlabelled.length === 0)
      throw new Error(
        `split "${split.name}": unlabelledFraction ${share} of ${split.train.length} training texts leaves ${train.length} with a label and ${unlabelled.length} without: take another share, or more texts`,
      );
    return { split: { ...split, train }, unlabelled };
  });
  return { task, hidden, goldKnown: true, leftOut: { known: 0, tooLong: 0 } };
}

/**
 * Adds texts without labels, such as further episodes. Texts that the task has already are left out, so that
 * no test text is learnt from; and those that are too long for the model.
 * @throws if none is left
 */
export function withTexts<T extends Item>(task: Task<T>, texts: readonly string[]): Unlabelled<T> {
  const own = new Set(task.items.map(({ text }) => text.trim()));
  const others = [...new Set(texts.map((text) => text.trim()))].filter((text) => !own.has(text)),
    { items: added } = encodeItems(
      others.map((text, i) => ({ id: `unlabelled ${i + 1}`, text })),
      task.tokenizer,
      task,
    );
  const leftOut = { known: texts.length - others.length, tooLong: others.length - added.length };
  if (added.length === 0)
    throw new Error(
      `of ${texts.length} texts without labels none is left: ${leftOut.known} are there twice or among those with labels, ${leftOut.tooLong} are too long`,
    );
  const items = [...task.items, ...added],
    unlabelled = added.map((_, i) => task.items.length + i);
  return {
    task: { ...task, items, labels: [...task.labels, ...added.map(() => 0)] },
    hidden: task.splits.map((split) => ({ split, unlabelled })),
    goldKnown: false,
    leftOut,
  };
}
