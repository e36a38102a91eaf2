/**
 * The lines of a manga experiment and who learns from whom: what the notebooks on emotions share. Every split
 * tests one touch, and no story stands in two of its parts.
 */

import { grouped } from "../support/groups";
import { listed } from "../support/listed";
import { remark } from "../support/printable";
import { Random } from "../support/random";
import { check, FRACTION } from "../support/settings";
import { readPersuasive } from "./corpora";
import { type MangaLine, readManga } from "./manga";
import { nameOf, namesOf } from "./names";
import { checkGroups, holdOutGroups, type Split } from "./split";

/** What reads the lines of a corpus; the five domains of NAIST's persuasive dialogues stand for touches. */
export const LINE_READERS = { manga: readManga, persuasive: readPersuasive } as const;

export type LineCorpus = keyof typeof LINE_READERS;

/** Different values in the order in which they occur. */
const valuesOf = <K extends "story" | "touch" | "emotion">(
  lines: readonly { readonly [key in K]: string }[],
  key: K,
): string[] => [...new Set(lines.map((line) => line[key]))];

/** The emotions of lines, the most frequent first. */
export const emotionsOf = (lines: readonly { readonly emotion: string }[]): string[] =>
  [...grouped(lines, ({ emotion }) => emotion)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([emotion]) => emotion);

/** The emotion that a setting names, as it stands in the lines. @throws with the emotions that there are */
export const emotionOf = (lines: readonly { readonly emotion: string }[], positive: string): string =>
  nameOf(positive, valuesOf(lines, "emotion"), "positive");

/** What is needed of a line to split by story. */
type StoryLine = Pick<MangaLine, "story" | "touch">;

export interface TouchSplits {
  /** Learn from the other touches, or inside the touch that is tested. */
  readonly split: "leave-one-touch-out" | "within-touch";
  /**
   * Stories that are held out everywhere, a list; with "" every story of the touch is tested, or a quarter of
   * the stories, drawn, where that would leave too few to learn from.
   */
  readonly testStories: string;
  /** Of the lines to learn from, in whole stories. */
  readonly validationFraction: number;
}

/** Stories so that of every touch a quarter of its stories is among them, at least one. */
function drawnStories(storiesOf: ReadonlyMap<string, ReadonlySet<string>>, random: Random): string[] {
  const held = new Set<string>();
  const order = random.shuffled([...new Set([...storiesOf.values()].flatMap((own) => [...own]))].sort());
  for (const own of storiesOf.values()) {
    const [known, others] = [true, false].map((is) =>
      order.filter((story) => own.has(story) && held.has(story) === is),
    );
    const missing = Math.max(1, Math.round(own.size / 4)) - known.length;
    for (const story of others.slice(0, Math.max(0, missing))) held.add(story);
  }
  return [...held];
}

/** How one touch is split. */
interface TouchSplit extends Pick<TouchSplits, "split" | "validationFraction"> {
  /** The stories of the touch, and those that are tested. */
  readonly stories: readonly string[];
  readonly tested: readonly string[];
}

/** Why a part is empty, or undefined if none is. `learnable`: lines of the touches to learn from. */
function whyEmpty(
  { train, validation, test }: Split,
  lines: readonly StoryLine[],
  learnable: readonly StoryLine[],
  { stories, tested, validationFraction }: TouchSplit,
): string | undefined {
  if (test.length === 0)
    return `none of the test stories ${listed(tested)} is told in it; told are ${listed(stories)}`;
  if (learnable.length === 0)
    return "no line has another touch to learn from: within-touch learns inside the touch";
  const left = valuesOf(
    [...train, ...validation].map((index) => lines[index]),
    "story",
  );
  if (left.length === 0)
    return `all stories to learn from are held out for testing: ${listed(valuesOf(learnable, "story"))}`;
  if (train.length > 0) return undefined;
  return left.length === 1
    ? `one story is left to learn from, ${left[0]}, but training and validation need one each`
    : `validationFraction ${validationFraction} leaves no story to train on`;
}

/** One touch's split; the test stories are held out of other touches too. */
function touchSplit(lines: readonly StoryLine[], touch: string, options: TouchSplit): Split {
  const { split, tested, validationFraction } = options;
  const learns = (line: StoryLine) => (line.touch === touch) === (split === "within-touch");
  const indices = [...lines.keys()],
    stories = lines.map(({ story }) => story);
  const [train, validation] = holdOutGroups(
    indices.filter((index) => learns(lines[index]) && !tested.includes(stories[index])),
    stories,
    { share: validationFraction, random: new Random(1) },
  );
  const test = indices.filter((index) => lines[index].touch === touch && tested.includes(stories[index]));
  const made = { name: touch, train, validation, test };
  const reason = whyEmpty(made, lines, lines.filter(learns), options);
  if (reason !== undefined) throw new Error(`split "${touch}": ${reason}`);
  return checkGroups(made, stories);
}

/**
 * One split for each touch, in the order in which touches occur; the same validation stories for all.
 * @throws if a test story is not in the data, or a part is empty, with the reason
 */
export function splitsByTouch(
  lines: readonly StoryLine[],
  { split, testStories, validationFraction }: TouchSplits,
): Split[] {
  check("validationFraction", validationFraction, FRACTION);
  const stories = valuesOf(lines, "story");
  let chosen = namesOf(testStories, stories, "testStories");
  const storiesOf = new Map(
    [...grouped(lines, ({ touch }) => touch)].map(([touch, own]) => [touch, new Set(valuesOf(own, "story"))]),
  );
  /** Whether too few stories are left to learn from if every story of the touch is tested. */
  const leavesTooFew = (own: ReadonlySet<string>) => stories.filter((story) => !own.has(story)).length < 2;
  const draws =
    split === "within-touch" || (storiesOf.size > 1 && [...storiesOf.values()].some(leavesTooFew));
  if (chosen.length === 0 && draws) {
    chosen = drawnStories(storiesOf, new Random(1));
    remark(
      `testStories is empty, and testing every story of a touch leaves too few to learn from. A quarter of the stories is drawn for testing: ${listed(chosen)}`,
    );
  }
  return [...storiesOf].map(([touch, ofTouch]) => {
    const own = [...ofTouch];
    return touchSplit(lines, touch, {
      split,
      stories: own,
      tested: chosen.length > 0 ? chosen : own,
      validationFraction,
    });
  });
}
