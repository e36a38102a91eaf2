/** livedoor's titles as what a notebook classifies. */
import { dirname } from "node:path";
import type { Review } from "../../lib/data/reviews";
import { reviewTask, type Task, textsThatFit } from "../../lib/study/task";
import { type Article, CATEGORIES, readArticles } from "./articles";
import { type LivedoorSplitOptions, livedoorSplit } from "./splits";

export interface LivedoorOptions extends Partial<LivedoorSplitOptions> {
  /** A folder, or a hub name; the built-in model by default. */
  readonly model?: string;
  /** Tokens; 128 by default. */
  readonly maxLength?: number;
}

/** A title with its class, as reviews have them. */
export const titlesOf = (articles: readonly Article[]): Review[] =>
  articles.map(({ id, category, title }) => ({
    id,
    category,
    text: title,
    label: CATEGORIES.indexOf(category),
  }));

/**
 * The titles of an archive in nine classes. A title that is too long for the model is left out of its part;
 * all others stay where the split has them.
 * @param path ldcc-20140209.tar.gz, or the folder unpacked from it; Laboro's lists lie beside it, if they are
 *   asked for and stand nowhere else
 * @throws as readArticles() and livedoorSplit() do
 */
export async function livedoorTask(
  path: string,
  { model, maxLength, split = "post", lists = dirname(path), ...options }: LivedoorOptions = {},
): Promise<Task<Review>> {
  const titles = titlesOf(readArticles(path)),
    whole = livedoorSplit(titles, { split, lists, ...options });
  const { items, ...task } = await textsThatFit(titles, { model, maxLength });
  const place = new Map(items.map(({ id }, i) => [id, i]));
  const kept = (part: readonly number[]) => part.flatMap((i) => place.get(titles[i].id) ?? []);
  const { name, train, validation, test } = whole;
  return {
    ...task,
    items,
    labels: items.map(({ label }) => label),
    classes: CATEGORIES,
    splits: [{ name, train: kept(train), validation: kept(validation), test: kept(test) }],
  };
}

/** Of a notebook's corpus its split. */
export const SPLIT_OF = { livedoor: "post", "livedoor-laboro": "laboro" } as const;

/** headlines: a table; livedoor, livedoor-laboro: the archive, split as in the post or by Laboro's lists. */
export type HeadlineCorpus = "headlines" | keyof typeof SPLIT_OF;

/**
 * What a notebook on headlines reads: a table of texts and labels, or livedoor's titles, whose classes are
 * its sites.
 *
 *     const task = await headlineTask(headlines, { corpus, classNames, model, testFraction });
 *
 * @throws as reviewTask() or livedoorTask() does
 */
export function headlineTask(
  path: string,
  {
    corpus,
    classNames,
    ...options
  }: Pick<LivedoorOptions, "model" | "maxLength" | "testFraction" | "validationFraction"> & {
    readonly corpus: HeadlineCorpus;
    readonly classNames: string;
  },
): Promise<Task<Review>> {
  if (corpus === "headlines") return reviewTask(path, { ...options, classNames });
  return livedoorTask(path, { ...options, split: SPLIT_OF[corpus] });
}
