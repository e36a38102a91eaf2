/** Who learns from what: items are indices into a list, so that a split can be stored, shown and checked. */
import type { Random } from "../support/random";
import { check, FRACTION } from "../support/settings";
import { listed } from "./names";

export interface Split {
  readonly name: string;
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

interface StoryLine {
  readonly story: string;
  readonly touch: string;
}

export interface StorySplitOptions {
  /** Stories for testing; without them every story of the touch is tested. */
  readonly testStories?: readonly string[];
  /** Share of the remaining lines that becomes validation, in whole stories. */
  readonly validationFraction?: number;
  /** Draws the validation stories. */
  readonly random: Random;
}

const indicesWhere = <T>(items: readonly T[], keep: (item: T) => boolean): number[] =>
  items.flatMap((item, index) => (keep(item) ? [index] : []));

/** Takes whole groups, in random order, until they hold `share` of the indices. */
function holdOutGroups(
  indices: readonly number[],
  groupOf: (index: number) => string,
  share: number,
  random: Random,
): [number[], number[]] {
  const groups = random.shuffled([...new Set(indices.map(groupOf))].sort());
  const chosen = new Set<string>();
  let size = 0;
  for (const group of groups) {
    if (size >= share * indices.length) break;
    chosen.add(group);
    size += indices.filter((index) => groupOf(index) === group).length;
  }
  return [
    indices.filter((index) => !chosen.has(groupOf(index))),
    indices.filter((index) => chosen.has(groupOf(index))),
  ];
}

/** Why a part would be empty, or undefined if none is. `learnable`: lines of the touches to learn from. */
function whyEmpty(
  lines: readonly StoryLine[],
  { name: touch, train, validation, test }: Split,
  { learnable, options }: { readonly learnable: readonly StoryLine[]; readonly options: StorySplitOptions },
): string | undefined {
  const told = (own: readonly StoryLine[]) => [...new Set(own.map(({ story }) => story))];
  const ofTouch = lines.filter((line) => line.touch === touch);
  if (ofTouch.length === 0)
    return `no line has this touch; there are ${listed([...new Set(lines.map((line) => line.touch))])}`;
  if (test.length === 0)
    return `none of the test stories ${listed(options.testStories ?? [])} is told in it; told are ${listed(told(ofTouch))}`;
  if (learnable.length === 0)
    return "no line has another touch to learn from: within-touch learns inside the touch";
  const left = told([...train, ...validation].map((index) => lines[index]));
  if (left.length === 0)
    return `all stories to learn from are held out for testing: ${listed(told(learnable))}`;
  if (train.length > 0) return undefined;
  return left.length === 1
    ? `one story is left to learn from, ${left[0]}, but training and validation need one each`
    : `validationFraction ${options.validationFraction} leaves no story to train on`;
}

function storySplit<T extends StoryLine>(
  lines: readonly T[],
  name: string,
  trains: (line: T) => boolean,
  tests: (line: T) => boolean,
  options: StorySplitOptions,
): Split {
  const { validationFraction = 0.2, random } = options;
  check("validationFraction", validationFraction, FRACTION);
  const test = indicesWhere(lines, tests);
  const testStories = new Set([...test.map((index) => lines[index].story), ...(options.testStories ?? [])]);
  const rest = indicesWhere(lines, (line) => trains(line) && !testStories.has(line.story));
  const [train, validation] = holdOutGroups(rest, (index) => lines[index].story, validationFraction, random);
  const split = { name, train, validation, test };
  const reason = whyEmpty(lines, split, { learnable: lines.filter(trains), options });
  if (reason !== undefined) throw new Error(`split "${name}": ${reason}`);
  return split;
}

/** Tests one touch after training on the others (leave-one-touch-out); no story stands in two parts. */
export function leaveOneTouchOut<T extends StoryLine>(
  lines: readonly T[],
  touch: string,
  options: StorySplitOptions,
): Split {
  const tests = (line: T) => line.touch === touch && (options.testStories?.includes(line.story) ?? true);
  return storySplit(lines, touch, (line) => line.touch !== touch, tests, options);
}

/** Trains and tests inside one touch; no story stands in two parts, so the test stories must be named. */
export function withinTouch<T extends StoryLine>(
  lines: readonly T[],
  touch: string,
  options: StorySplitOptions & { readonly testStories: readonly string[] },
): Split {
  const tests = (line: T) => line.touch === touch && options.testStories.includes(line.story);
  return storySplit(lines, touch, (line) => line.touch === touch, tests, options);
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
