/** Who learns from which titles: the recipe of tma15's post, or the lists of Laboro-BERT-Japanese. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readItems } from "../../lib/data/items";
import { type Split, stratified } from "../../lib/data/split";
import { listed } from "../../lib/support/listed";
import { remark } from "../../lib/support/printable";
import { Random } from "../../lib/support/random";
import { openTable } from "../table-file";

/** post: a quarter tested, stratified; laboro: three lists. */
export const LIVEDOOR_SPLITS = ["post", "laboro"] as const;
export type LivedoorSplit = (typeof LIVEDOOR_SPLITS)[number];

/** Of scikit-learn's train_test_split in the post; the draw is ours. */
const POST_SEED = 42;
const FROM = "https://github.com/laboroai/Laboro-BERT-Japanese/tree/master/data/livedoor";

export interface LivedoorSplitOptions {
  readonly split: LivedoorSplit;
  /** The folder of train_indexed.tsv, dev_indexed.tsv and test_indexed.tsv, of laboro. */
  readonly lists: string;
  /** Of post: of all titles; .25 there. */
  readonly testFraction?: number;
  /** Of post, which has none: of those that are not tested. */
  readonly validationFraction?: number;
}

interface Listed {
  readonly id: string;
  readonly category: string;
}

/** The places of a list's articles. @throws with file, line and value of what is no article of the archive */
function placesOf(path: string, articles: readonly Listed[]): number[] {
  if (!existsSync(path))
    throw new Error(`${path} is not there: fetch Laboro's three lists from ${FROM} into one folder`);
  const places = new Map(articles.map(({ id }, i) => [`${id}.txt`, i]));
  return readItems(
    openTable(path),
    { filename: ["filename"], category: ["category"] },
    {
      read: (cell) => {
        const [file, category] = [cell.text("filename"), cell.text("category")],
          place = places.get(file);
        if (place === undefined) throw new Error(`${path}, line ${cell.line}: ${file} is not in the archive`);
        if (category !== articles[place].category)
          throw new Error(
            `${path}, line ${cell.line}: ${file} is of ${articles[place].category}, not ${category}`,
          );
        return place;
      },
    },
  );
}

/**
 * Laboro's lists have four articles twice and two for training and validation, in the place of six with the
 * same titles. Each is taken once, in the later list; what is tested stands in one list alone.
 */
function laboro(articles: readonly Listed[], folder: string): Split {
  const read = (part: string) => placesOf(join(folder, `${part}_indexed.tsv`), articles);
  const lists = [read("train"), read("dev"), read("test")],
    partOf = new Map(lists.flatMap((list, part) => list.map((place) => [place, part] as const)));
  const leaked = lists[2].filter((place) => lists[0].includes(place) || lists[1].includes(place));
  if (leaked.length > 0)
    throw new Error(
      `${folder}: ${listed(leaked.map((place) => articles[place].id))} in Laboro's test list and in another one`,
    );
  const [train, validation, test] = lists.map((list, part) =>
    [...new Set(list)].filter((place) => partOf.get(place) === part),
  );
  const again = lists.flat().length - partOf.size,
    left = articles.length - partOf.size;
  if (again > 0 || left > 0)
    remark(`Laboro's lists name articles again: ${again}, taken once; of the archive they lack ${left}`);
  return { name: "test", train, validation, test };
}

/**
 * A split of the archive's articles, in the order in which it was read.
 * @throws with file, line and value if a list is missing, or does not go with the archive
 */
export function livedoorSplit(
  articles: readonly Listed[],
  { split, lists, testFraction = 0.25, validationFraction = 0.2 }: LivedoorSplitOptions,
): Split {
  if (split === "laboro") return laboro(articles, lists);
  const labels = articles.map(({ category }) => category);
  return stratified(labels, {
    name: "test",
    testFraction,
    validationFraction,
    random: new Random(POST_SEED),
  });
}
