/**
 * What a notebook classifies: texts with their classes and who learns from whom, for a model whose tokenizer
 * they are read with.
 */
import { corrected, correctedClasses, correctionsBeside } from "../../packages/corrections";
import { frame } from "../../packages/danfojs-frame";
import { openTokenizer, type Tokenizer } from "../../packages/tokenizer";
import { type ContextOptions, inContext, type MangaItem } from "../data/context";
import { readJrteReviews } from "../data/corpora";
import { type Encodable, encodeItems, type Limit, limitOf } from "../data/encode";
import { TIE } from "../data/intensities";
import type { MangaOptions } from "../data/manga";
import { type Review, type ReviewOptions, readReviews } from "../data/reviews";
import { holdOutStratified, type Split, stratified } from "../data/split";
import {
  emotionOf,
  emotionsOf,
  LINE_READERS,
  type LineCorpus,
  splitsByTouch,
  type TouchSplits,
} from "../data/touches";
import { chooseModel, type ModelChoice } from "../experiment/trials";
import { show } from "../show/display";
import { table } from "../show/tables";
import { Random } from "../support/random";
import { check, RATIO } from "../support/settings";

export interface Item extends Encodable {
  readonly id: string;
}

/** What is classified, and how it is split: texts, their classes, the model that reads them. */
export interface Task<T extends Item = Item> extends Limit {
  /** Those that are not too long; all where a beginningShare cuts them. */
  readonly items: readonly T[];
  /** Of each item its class, from 0. */
  readonly labels: readonly number[];
  readonly classes: readonly string[];
  /** One a test set. */
  readonly splits: readonly Split[];
  readonly model: ModelChoice;
  readonly tokenizer: Tokenizer;
  /** How many have more than maxLength tokens. */
  readonly tooLong: number;
}

interface ForModel {
  /** A folder, or a hub name such as "cl-tohoku/bert-base-japanese"; the built-in model by default. */
  readonly model?: string;
  /** Tokens; 128 by default. Texts of more are dropped, and counted. */
  readonly maxLength?: number;
  /** Cuts them instead: so much of what is kept is their beginning, the rest their end; .25 in Sun et al. */
  readonly beginningShare?: number;
  /**
   * A file or folder of corrections of labels (packages/corrections), which is then told; by default
   * lines.corrections.csv beside lines.csv, if it is there.
   */
  readonly corrections?: string;
}

/**
 * The texts that fit a model, with all else of a task but their classes and splits.
 * @throws as chooseModel(); if beginningShare is no share
 */
export async function textsThatFit<T extends Item>(
  all: readonly T[],
  { model = "data/model", maxLength = 128, beginningShare }: ForModel,
) {
  const choice = await chooseModel(model),
    tokenizer = await openTokenizer(choice.folder);
  if (beginningShare !== undefined) check("beginningShare", beginningShare, RATIO);
  const limit = limitOf({ maxLength, beginningShare });
  const { items, tooLong } = encodeItems(all, tokenizer, limit);
  return { items, tooLong, model: choice, tokenizer, ...limit };
}

/** The columns of a file of lines where their names are not known, such as { text: "吹き出し" }. */
export type LineColumns = NonNullable<MangaOptions["names"]>;

interface MangaTaskOptions extends ForModel, Partial<TouchSplits> {
  /** The file's names where they are not known: { text: "吹き出し" }, with the fields of LineColumns. */
  readonly columns?: LineColumns;
  /** persuasive: dialogues of NAIST, their domains as touches. */
  readonly corpus?: LineCorpus;
  /** The emotion that is to be found; left out, all are told apart, the most frequent first. */
  readonly positive?: string;
  /** Lines before a line that are read with it; lines without a label are context too. */
  readonly context?: ContextOptions;
}

/**
 * Lines of manga, one emotion of them to be found, or all told apart; each touch (画風) is a test set. In
 * context, a line is kept where it is not too long with its speaker named.
 *
 *     const lines = await mangaTask("data/manga.tsv", { positive: "喜楽" });
 *
 * @throws DataError with file, line, column and value; Error if no line has the emotion, or a part of a split
 *   is empty, with the reason
 */
export async function mangaTask(
  path: string,
  { columns, corpus = "manga", positive, context, corrections, ...options }: MangaTaskOptions,
): Promise<Task<MangaItem>> {
  const lines = corrected(
    LINE_READERS[corpus](path, { names: columns, keepTies: context !== undefined }),
    corrections || correctionsBeside(path),
    {
      labelOf: ({ emotion }) => emotion,
      withLabel: (line, emotion) => ({ ...line, emotion }),
    },
  );
  const [all, named] = context
    ? [inContext(lines, context), inContext(lines, { ...context, speakers: true })]
    : [lines, lines];
  // A line is kept whether speakers are named or not, so that both are tested on the same ones.
  const { items: fitting, ...task } = await textsThatFit(named, options),
    kept = new Set(fitting.filter(({ emotion }) => emotion !== TIE).map(({ id }) => id));
  const items = all.filter(({ id }) => kept.has(id));
  const splits = splitsByTouch(items, {
    split: "leave-one-touch-out",
    testStories: "",
    validationFraction: 0.2,
    ...options,
  });
  const emotion = positive === undefined ? undefined : emotionOf(items, positive),
    classes = emotion === undefined ? emotionsOf(items) : [`not ${emotion}`, emotion];
  const labels = items.map((item) =>
    emotion === undefined ? classes.indexOf(item.emotion) : Number(item.emotion === emotion),
  );
  return { ...task, items, labels, classes, splits };
}

export interface ReviewTaskOptions extends ForModel {
  /** The file's column names where they are not known, such as { text: "自由記述" }. */
  readonly columns?: ReviewOptions["names"];
  /** From bad to good, one string with spaces or commas, where they are not 0 and 1, 不評 and 好評 or alike. */
  readonly classNames?: string;
  /** jrte: sentences of hotel reviews in jrte-corpus, of two or three classes, with its own test set. */
  readonly corpus?: "reviews" | "jrte";
  /** 3 by default: with neutral ones. */
  readonly jrteClasses?: 2 | 3;
  /** Of all reviews; .33 by default. */
  readonly testFraction?: number;
  /** Of those that are not tested; .2 by default. */
  readonly validationFraction?: number;
}

/**
 * Reviews, or any texts in classes: a table with the columns `text` and `label`, split at random with each
 * class in its share.
 *
 *     const task = await reviewTask("data/reviews.tsv", { testFraction: 0.33 });
 *
 * @throws DataError with file, line, column and value; Error if the order of the classes is not known
 */
export async function reviewTask(
  path: string,
  {
    columns,
    classNames,
    corpus = "reviews",
    jrteClasses = 3,
    testFraction = 0.33,
    validationFraction = 0.2,
    corrections,
    ...options
  }: ReviewTaskOptions = {},
): Promise<Task<Review>> {
  const random = new Random(1);
  /** Splits are made of the file's labels: a corrected text stays in its part. */
  const now = <R extends Review>(all: readonly R[], classes: readonly string[], kept: readonly R[]) => {
    const ids = new Set(kept.map(({ id }) => id));
    const items = correctedClasses(all, corrections || correctionsBeside(path), classes).filter(({ id }) =>
      ids.has(id),
    );
    return { items, labels: items.map(({ label }) => label), classes };
  };
  if (corpus === "reviews") {
    const { classes, reviews } = readReviews(path, { names: columns, classNames });
    const task = await textsThatFit(reviews, options);
    const labels = task.items.map(({ label }) => label);
    return {
      ...task,
      ...now(reviews, classes, task.items),
      splits: [stratified(labels, { name: "test", testFraction, validationFraction, random })],
    };
  }
  const { classes, reviews: read } = readJrteReviews(path, jrteClasses),
    reviews = read.map((review) => ({ ...review, category: "" }));
  const task = await textsThatFit(reviews, options);
  const labels = task.items.map(({ label }) => label);
  const [learnt, test] = [false, true].map((tested) =>
    [...task.items.keys()].filter((i) => task.items[i].tested === tested),
  );
  const [train, validation] = holdOutStratified(learnt, labels, { share: validationFraction, random });
  return {
    ...task,
    ...now(reviews, classes, task.items),
    splits: [{ name: "test", train, validation, test }],
  };
}

/**
 * The same items with other classes: another positive label, all emotions at once.
 *
 *     const calm = withClasses(lines, ["other", "neutral"], ({ emotion }) => (emotion === "ニュートラル" ? 1 : 0));
 */
export const withClasses = <T extends Item>(
  task: Task<T>,
  classes: readonly string[],
  classOf: (item: T) => number,
): Task<T> => ({ ...task, classes, labels: task.items.map(classOf) });

/**
 * A task for each class, by its name: this class against all others.
 *
 *     const tasks = eachClass(task); // { 不評: …, 好評: … }
 */
export const eachClass = <T extends Item>(task: Task<T>, names = task.classes): Record<string, Task<T>> =>
  Object.fromEntries(
    names.map((name) => [
      name,
      {
        ...task,
        classes: [`not ${name}`, name],
        labels: task.labels.map((label) => Number(task.classes[label] === name)),
      },
    ]),
  );

/**
 * How many items of each class each part of each split has.
 *
 *     await showSplits(task);
 */
export async function showSplits({
  splits,
  labels,
  classes,
  tooLong,
  maxLength,
  beginningShare,
}: Task): Promise<void> {
  const rows = splits.flatMap((split) =>
    (["train", "validation", "test"] as const).map((part) => ({
      ...(splits.length > 1 && { "test set": split.name }),
      part,
      ...Object.fromEntries(
        classes.map((name, label) => [name, split[part].filter((item) => labels[item] === label).length]),
      ),
      total: split[part].length,
    })),
  );
  const done = beginningShare === undefined ? "dropped" : "cut";
  const caption = `Texts by part and class; ${tooLong} of more than ${maxLength} tokens ${done}`;
  await show(table(await frame(rows), { caption }));
}

/**
 * One text from its words to the numbers that the network reads, with what is read before it.
 *
 *     await showText(task, task.items[0]);
 */
export async function showText<T extends Item>(
  { items, labels, classes, tokenizer, maxLength }: Task<T>,
  item: T,
): Promise<void> {
  const { text, context = [] } = item,
    label = labels[items.indexOf(item)];
  const inContext = context.length > 0,
    { ids, segmentIds } = inContext
      ? tokenizer.encodeInContext(text, context, maxLength)
      : tokenizer.encode(text);
  const steps = {
    ...(inContext && { "read before": context.join("\n") }),
    text,
    class: `${classes[label]} → ${label}`,
    words: tokenizer.words(text).join(" · "),
    pieces: inContext
      ? ids.map((id) => tokenizer.vocabulary.pieces[id]).join(" ")
      : tokenizer.tokens(text).join(" "),
    ids: ids.join(" "),
    ...(inContext && { segments: segmentIds.join(" ") }),
  };
  await show(
    table(
      Object.entries(steps).map(([step, value]) => ({ step, value })),
      { caption: "From a text to what the network reads" },
    ),
  );
}
