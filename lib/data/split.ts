/** Who learns from what: items are indices into a list, so that a split can be stored, shown and checked. */

import { listed } from "../support/listed";
import type { Random } from "../support/random";
import { check, FRACTION } from "../support/settings";

/** Who learns, which items choose the epoch, and which are tested: places in a list of items. */
export interface Split {
  readonly name: string;
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

/** Random parts in which every label has the same share, as scikit-learn's stratified train_test_split. */
export function stratified(
  labels: readonly (string | number)[],
  {
    name = "random",
    testFraction,
    validationFraction = 0.2,
    random,
  }: {
    readonly name?: string;
    readonly testFraction: number;
    readonly validationFraction?: number;
    readonly random: Random;
  },
): Split {
  check("testFraction", testFraction, FRACTION);
  check("validationFraction", validationFraction, FRACTION);
  const [rest, test] = holdOutStratified(
    labels.map((_, index) => index),
    labels,
    { share: testFraction, random },
  );
  const [train, validation] = holdOutStratified(rest, labels, { share: validationFraction, random });
  return { name, train, validation, test };
}

/**
 * [kept, held out], each with the labels in the same shares; order of the list is kept. Of each label at
 * least `least` are held out.
 */
export function holdOutStratified(
  indices: readonly number[],
  labels: readonly (string | number)[],
  { share, random, least = 0 }: { readonly share: number; readonly random: Random; readonly least?: number },
): [number[], number[]] {
  const held = new Set<number>();
  for (const label of [...new Set(indices.map((index) => labels[index]))].sort()) {
    const same = random.shuffled(indices.filter((index) => labels[index] === label));
    same.slice(0, Math.max(least, Math.round(share * same.length))).forEach((index) => held.add(index));
  }
  return [indices.filter((index) => !held.has(index)), indices.filter((index) => held.has(index))];
}

/**
 * [kept, held out]: whole groups are held out, in random order, until they hold `share` of the indices; order
 * of the list is kept.
 */
export function holdOutGroups(
  indices: readonly number[],
  groups: readonly string[],
  { share, random }: { readonly share: number; readonly random: Random },
): [number[], number[]] {
  const held = new Set<string>();
  let size = 0;
  for (const group of random.shuffled([...new Set(indices.map((index) => groups[index]))].sort())) {
    if (size >= share * indices.length) break;
    held.add(group);
    size += indices.filter((index) => groups[index] === group).length;
  }
  return [
    indices.filter((index) => !held.has(groups[index])),
    indices.filter((index) => held.has(groups[index])),
  ];
}

/**
 * Refuses a split in which a group (story, dialogue) stands in both training or validation and test.
 * @throws with the names of the groups
 */
export function checkGroups(split: Split, groups: readonly string[]): Split {
  const learnt = new Set([...split.train, ...split.validation].map((index) => groups[index]));
  const both = [...new Set(split.test.map((index) => groups[index]).filter((group) => learnt.has(group)))];
  if (both.length === 0) return split;
  throw new Error(
    `split "${split.name}": ${listed(both)} in both training and test, so the test would be too easy. Split by story`,
  );
}
