/** The lines of a manga experiment and who learns from whom: what the notebooks on emotions share. */
import { grouped } from "../support/groups";
import { Random } from "../support/random";
import { type MangaLine, type MangaOptions, readManga } from "./manga";
import { nameOf, namesOf } from "./names";
import { readPersuasive } from "./persuasive";
import { checkGroups, leaveOneTouchOut, type Split, withinTouch } from "./split";

/** persuasive: NAIST persuasive dialogues, whose five domains stand for touches. */
export type LineCorpus = "manga" | "persuasive";

/**
 * Reads the lines of either corpus; `names` are a user's own column names, `keepTies` keeps lines without a
 * label for context.
 */
export const readLines = (
  path: string,
  corpus: LineCorpus,
  names: MangaOptions["names"] = {},
  { keepTies = false } = {},
): MangaLine[] =>
  corpus === "persuasive" ? readPersuasive(path, { keepTies }) : readManga(path, { names, keepTies });

/** Different values in the order in which they occur. */
const valuesOf = <K extends "story" | "touch" | "emotion">(
  lines: readonly { readonly [key in K]: string }[],
  key: K,
): string[] => [...new Set(lines.map((line) => line[key]))];

/** The emotion that a setting names, as it stands in the lines. @throws with the emotions that there are */
export const emotionOf = (lines: readonly { readonly emotion: string }[], positive: string): string =>
  nameOf(positive, valuesOf(lines, "emotion"), "positive");

/**
 * 1 for every line with the positive emotion, 0 for the others.
 * @throws with the emotions that there are if no line has it
 */
export function labelsOf(lines: readonly { readonly emotion: string }[], positive: string): number[] {
  const own = emotionOf(lines, positive);
  return lines.map(({ emotion }) => (emotion === own ? 1 : 0));
}

export interface TouchSplits {
  readonly split: "leave-one-touch-out" | "within-touch";
  /**
   * Stories that are held out everywhere, a list; with "" every story of the touch is tested, or a quarter of
   * the stories, drawn, where that would leave too few to learn from.
   */
  readonly testStories: string;
  readonly validationFraction: number;
}

/** Stories so that of every touch a quarter of its stories is among them, at least one. */
function drawnStories(tellings: ReadonlyMap<string, ReadonlySet<string>>, random: Random): string[] {
  const held = new Set<string>();
  const order = random.shuffled([...new Set([...tellings.values()].flatMap((told) => [...told]))].sort());
  for (const told of tellings.values()) {
    const [known, others] = [true, false].map((is) =>
      order.filter((story) => told.has(story) && held.has(story) === is),
    );
    const missing = Math.max(1, Math.round(told.size / 4)) - known.length;
    for (const story of others.slice(0, Math.max(0, missing))) held.add(story);
  }
  return [...held];
}

/**
 * One split for each touch, in the order in which touches occur; the same validation stories for all.
 * @throws if a test story is not in the data, or a part is empty, with the reason
 */
export function splitsByTouch(
  lines: readonly MangaLine[],
  { split, testStories, validationFraction }: TouchSplits,
): Split[] {
  const stories = lines.map(({ story }) => story);
  let chosen = namesOf(testStories, valuesOf(lines, "story"), "testStories");
  const tellings = new Map(
    [...grouped(lines, ({ touch }) => touch)].map(([touch, own]) => [touch, new Set(valuesOf(own, "story"))]),
  );
  /** Stories that can be learnt from if every story of the touch is tested. */
  const leftBeside = (touch: string) =>
    new Set(stories.filter((story) => !tellings.get(touch)?.has(story))).size;
  const draws =
    split === "within-touch" ||
    (tellings.size > 1 && [...tellings.keys()].some((touch) => leftBeside(touch) < 2));
  if (chosen.length === 0 && draws) {
    chosen = drawnStories(tellings, new Random(1));
    console.log(
      `testStories names none, and too few stories are left to learn from where every story of a touch is tested: held out is a quarter of them, drawn: ${chosen.join(", ")}`,
    );
  }
  return [...tellings.keys()].map((touch) => {
    const options = { testStories: chosen, validationFraction, random: new Random(1) };
    const one =
      split === "within-touch"
        ? withinTouch(lines, touch, options)
        : leaveOneTouchOut(lines, touch, { ...options, testStories: chosen.length > 0 ? chosen : undefined });
    return checkGroups(one, stories);
  });
}
