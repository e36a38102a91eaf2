/** What the tips are tried on: reviews, manga lines or a public corpus, each as a task with one test set. */
import { holdOutGroups } from "../../lib/data/split";
import { type Item, type ReviewTaskOptions, reviewTask, type Task } from "../../lib/study/task";
import { Random } from "../../lib/support/random";
import { correctionsBeside } from "../corrections";
import { linesWithoutSplit } from "../label-errors";
import { livedoorTask } from "../livedoor";

export type TipCorpus = "reviews" | "lines" | "jrte" | "livedoor";

export interface TipTaskOptions extends Pick<ReviewTaskOptions, "classNames" | "model"> {
  /** The file of reviews, or jrte-corpus's pn.tsv. */
  readonly reviews: string;
  /** The file of manga lines. */
  readonly manga: string;
  /** livedoor's archive, or the folder unpacked from it. */
  readonly livedoor?: string;
  /** Column names of the file that is read, where they are not known. */
  readonly columns?: Readonly<Record<string, string>>;
}

/**
 * Manga lines in all their emotions: a quarter of the stories is held out for testing with all its touches,
 * and of the others a fifth to choose the epoch.
 * @throws if there are too few stories to leave one in each part
 */
async function linesByStory(path: string, { columns, model = "data/model" }: TipTaskOptions): Promise<Task> {
  const task = await linesWithoutSplit(path, {
    ...{ columns, model, corrections: correctionsBeside(path) ?? "", maxLength: 128 },
  });
  const stories = task.items.map(({ story }) => story),
    random = new Random(1);
  const [rest, test] = holdOutGroups([...stories.keys()], stories, { share: 0.25, random });
  const [train, validation] = holdOutGroups(rest, stories, { share: 0.2, random });
  if (train.length === 0)
    throw new Error(
      `${path} has ${new Set(stories).size} stories: a quarter is tested and a fifth of the others chooses the epoch, which leaves none to learn from; three are the fewest`,
    );
  return { ...task, splits: [{ name: "test", train, validation, test }] };
}

/**
 * The task of a corpus: reviews, manga lines by story, jrte-corpus in three classes with its own test set, or
 * livedoor's titles by the post's recipe.
 *
 *     const task = await tipTask("lines", { reviews: "data/reviews.tsv", manga: "data/manga.tsv" });
 *
 * @throws DataError with file, line, column and value
 */
export function tipTask(corpus: TipCorpus, options: TipTaskOptions): Promise<Task<Item>> {
  const { reviews, manga, livedoor = "", columns, classNames, model } = options;
  if (corpus === "lines") return linesByStory(manga, options);
  return corpus === "livedoor"
    ? livedoorTask(livedoor, { model })
    : reviewTask(reviews, { columns, classNames, corpus, model });
}
