/** The lines of a manga experiment and who learns from whom: what the notebooks on emotions share. */
import { Random } from "../random";
import { type MangaLine, type MangaOptions, readManga } from "./manga";
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
): MangaLine[] => (corpus === "persuasive" ? readPersuasive(path, { keepTies }) : readManga(path, { names }));

/**
 * 1 for every line with the positive emotion, 0 for the others.
 * @throws with the emotions that there are if no line has it
 */
export function labelsOf(lines: readonly { readonly emotion: string }[], positive: string): number[] {
  const labels: number[] = lines.map(({ emotion }) => (emotion === positive ? 1 : 0));
  if (!labels.includes(1))
    throw new Error(
      `no line has the label ${positive}; there are ${[...new Set(lines.map(({ emotion }) => emotion))].join(", ")}`,
    );
  return labels;
}

export interface TouchSplits {
  readonly split: "leave-one-touch-out" | "within-touch";
  /**
   * Names of stories that are held out everywhere, between spaces; with "" every story of the touch is
   * tested.
   */
  readonly testStories: string;
  readonly validationFraction: number;
}

/**
 * One split for each touch, in the order in which touches occur; the same validation stories for all.
 * @throws if a part is empty, or a story stands in both training and test
 */
export function splitsByTouch(
  lines: readonly MangaLine[],
  { split, testStories, validationFraction }: TouchSplits,
): Split[] {
  const chosen = testStories.split(/\s+/).filter((story) => story !== ""),
    stories = lines.map(({ story }) => story);
  return [...new Set(lines.map(({ touch }) => touch))].map((touch) => {
    const options = { testStories: chosen, validationFraction, random: new Random(1) };
    if (split === "within-touch") return checkGroups(withinTouch(lines, touch, options), stories);
    return checkGroups(
      leaveOneTouchOut(lines, touch, { ...options, testStories: chosen.length > 0 ? chosen : undefined }),
      stories,
    );
  });
}
