/**
 * More, or less, to learn from: changed copies, repeated positives, another file's lines, a part of the
 * lines. Only what is trained on changes: validation and test stay as they are, and nothing of them comes in
 * by another way.
 */

import { nameKey } from "../../lib/data/names";
import { holdOutStratified, type Split } from "../../lib/data/split";
import type { Random } from "../../lib/support/random";
import { check, SHARE } from "../../lib/support/settings";
import { normalise } from "../tokenizer";

interface Item {
  readonly id: string;
  readonly text: string;
}

export interface Enlarged<T> {
  /** Those that were there, in their order, and then the new ones. */
  readonly items: readonly T[];
  readonly splits: readonly Split[];
}

/**
 * Copies of items join the training parts in which their originals stand.
 * @param copies texts for every item; one equal to its original, or empty, is left out
 */
export function withCopies<T extends Item>(
  items: readonly T[],
  splits: readonly Split[],
  copies: readonly (readonly string[])[],
): Enlarged<T> {
  const all: T[] = [...items];
  const places = items.map((item, i) =>
    copies[i]
      .filter((text) => text !== "" && text !== item.text)
      .map((text, k) => all.push({ ...item, id: `${item.id}+${k + 1}`, text }) - 1),
  );
  return {
    items: all,
    splits: splits.map((split) => ({
      ...split,
      train: [...split.train, ...split.train.flatMap((item) => places[item])],
    })),
  };
}

/** Every training item twice, unchanged: what mere repetition gives, the control of every kind of copies. */
export const repeated = (split: Split): Split => ({ ...split, train: [...split.train, ...split.train] });

/**
 * Repeats training items of rarer classes, whole rounds first and then some drawn, until every class has as
 * many as the largest.
 */
export function oversampled(split: Split, labels: readonly number[], random: Random): Split {
  const classes = [...new Set(split.train.map((item) => labels[item]))].sort((a, b) => a - b);
  const own = classes.map((label) => split.train.filter((item) => labels[item] === label));
  const most = Math.max(...own.map(({ length }) => length));
  const train = own.flatMap((items) =>
    Array.from({ length: Math.floor(most / items.length) }, () => items)
      .flat()
      .concat(random.shuffled(items).slice(0, most % items.length)),
  );
  return { ...split, train };
}

/**
 * A share of the training items, of each class alike and at least one; equal generators give nested parts: a
 * smaller share is part of a larger one.
 */
export function part(split: Split, labels: readonly number[], share: number, random: Random): Split {
  check("share of the training lines", share, SHARE);
  return { ...split, train: holdOutStratified(split.train, labels, { share, random, least: 1 })[1] };
}

/** Two texts are the same if only signs, width and spaces differ. */
const sameText = (text: string): string => {
  const plain = normalise(text).replace(/\s+/g, "");
  return plain.replace(/[^\p{L}\p{N}]+/gu, "") || plain;
};

interface Merged<T> extends Enlarged<T> {
  /** Of each split: lines that came in, and why others did not. */
  readonly counts: readonly {
    readonly name: string;
    readonly added: number;
    readonly known: number;
    readonly heldOutText: number;
    readonly heldOutStory: number;
  }[];
}

/**
 * Another file's lines join every training part, but for those that are already there, that say what a line
 * of validation or test says, or that belong to one of its stories.
 */
export function merged<T extends Item & { readonly story: string }>(
  items: readonly T[],
  splits: readonly Split[],
  others: readonly T[],
): Merged<T> {
  const seen = new Set<string>();
  const fresh = others.filter(({ text }) => !seen.has(sameText(text)) && seen.add(sameText(text)));
  const all = [...items, ...fresh.map((item) => ({ ...item, id: `more:${item.id}` }))];
  const joined = splits.map((split) => {
    const held = [...split.validation, ...split.test].map((item) => items[item]);
    const [texts, stories, known] = [
      held.map(({ text }) => sameText(text)),
      held.map(({ story }) => nameKey(story)),
      split.train.map((item) => sameText(items[item].text)),
    ].map((list) => new Set(list));
    const reasonOf = ({ text, story }: T) =>
      stories.has(nameKey(story))
        ? "heldOutStory"
        : texts.has(sameText(text))
          ? "heldOutText"
          : known.has(sameText(text))
            ? "known"
            : "added";
    const reasons = fresh.map(reasonOf),
      count = (reason: string) => reasons.filter((one) => one === reason).length;
    const train = [
      ...split.train,
      ...reasons.flatMap((reason, i) => (reason === "added" ? [items.length + i] : [])),
    ];
    const counts = {
      name: split.name,
      added: count("added"),
      known: count("known") + others.length - fresh.length,
      heldOutText: count("heldOutText"),
      heldOutStory: count("heldOutStory"),
    };
    return { split: { ...split, train }, counts };
  });
  return { items: all, splits: joined.map(({ split }) => split), counts: joined.map(({ counts }) => counts) };
}
