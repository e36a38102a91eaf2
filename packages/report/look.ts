/**
 * A look at the values of settings before any notebook runs: numbers by their range, and what names a file, a
 * column, a label, a story or a model by reading it as the notebooks will. What a setting means is known by
 * its name.
 */

import { dirname, isAbsolute, relative, resolve } from "node:path";
import { runInNewContext } from "node:vm";
import { readJrteReviews } from "../../lib/data/corpora";
import type { MangaLine } from "../../lib/data/manga";
import { nameOf, namesOf } from "../../lib/data/names";
import { readReviews } from "../../lib/data/reviews";
import type { Split } from "../../lib/data/split";
import { readTexts } from "../../lib/data/texts";
import {
  emotionOf,
  LINE_READERS,
  type LineCorpus,
  splitsByTouch,
  type TouchSplits,
} from "../../lib/data/touches";
import { checkSplit } from "../../lib/experiment/check";
import { loadPretrained, pretrainedFolder } from "../../lib/models/pretrained";
import { canonicalJson, projectRoot } from "../../lib/support/files";
import { existing } from "../../lib/support/nearest";
import { remembered } from "../../lib/support/remembered";
import { ABOVE_0, COUNT, FRACTION, listOf, RATIO, type Rule, SHARE, whole } from "../../lib/support/settings";
import { METHODS, readBackTranslations, readSynonyms } from "../augmentation";
import { type Labelled, readCorrections } from "../corrections";
import { CATEGORIES, livedoorSplit, readArticles, SPLIT_OF, titlesOf } from "../livedoor";
import { type Asked, type Request, type Resolved, resolveSettings } from "../notebook";
import { openTokenizer } from "../tokenizer";

/** What a number, or each of a list, may be: the first that fits the name says so. */
const RANGES: readonly (readonly [RegExp, Rule])[] = [
  [
    /^(seeds|plantings|crossSeeds|copies|processes|batchSizes?|bootstrapSamples|minPositives|mostTexts|unlabelledTexts|lengths|markedLines|draws)$/,
    COUNT,
  ],
  [/^finalSeeds$/, COUNT],
  [/^keep$/, FRACTION],
  [/^(epochs|steps|swaEpochs)/, COUNT],
  [/^(length|embedding|hidden|prefix|own|pieces|fewest)$/, COUNT],
  [/^trainLines$/, whole(0)],
  [/^(maxLength|cutTo)$/, whole(3)],
  [/^folds$/, whole(2)],
  [/^(confidence|emaDecay)$/, FRACTION],
  [/learningRate/i, ABOVE_0],
  [/^warmupRatio/, RATIO],
  [/^softTargets$/, SHARE],
  [/^temperature$/, ABOVE_0],
  [/^shares$/, FRACTION],
  [/^(editFraction|trainFractions|layerDecay)$/, SHARE],
  [/(Fraction|Gold)$/, FRACTION],
];
const ANY: Rule = { words: "a value", fits: () => true };

function checkRange(name: string, value: unknown): void {
  const rule = RANGES.find(([names]) => names.test(name))?.[1] ?? ANY,
    own = Array.isArray(value) ? listOf(rule) : typeof value === "number" ? rule : ANY;
  if (!own.fits(value)) throw new Error(`this is not ${own.words}`);
}

/** The settings of one notebook; one that it does not have is undefined. */
interface Values {
  readonly [name: string]: unknown;
  readonly manga: string;
  readonly reviews?: string;
  readonly corpus?: string;
  readonly columns?: Readonly<Record<string, string>>;
  /** Where a notebook reads lines too. */
  readonly reviewColumns?: Readonly<Record<string, string>>;
  readonly classNames?: string;
  readonly jrteClasses?: 2 | 3;
  readonly positive?: string;
  readonly textColumn?: string;
  readonly maxLength?: number;
}

/** The value of a setting; undefined where it is more than a literal. */
function literal(text: string): unknown {
  try {
    return runInNewContext(`(${text})`, {}, { timeout: 100 });
  } catch {
    return undefined;
  }
}

/** A path from the project's folder, where notebooks begin, as one from here. */
const here = (path: string): string =>
  existing(isAbsolute(path) ? path : relative(process.cwd(), resolve(projectRoot, path)) || ".");

const read = new Map<string, readonly MangaLine[]>(); // several notebooks name the same file
// a notebook that reads reviews too may call the corpus of its lines as it likes
const linesOf = (path: string, { corpus = "", columns }: Values): readonly MangaLine[] =>
  remembered(read, canonicalJson([path, corpus, columns]), () =>
    (LINE_READERS[corpus as LineCorpus] ?? LINE_READERS.manga)(here(path), { names: columns }),
  );

const known = (lines: readonly MangaLine[], field: "touch" | "emotion"): string[] => [
  ...new Set(lines.map((line) => line[field])),
];

/** Reviews with the words of their classes. */
function reviewsOf(path: string, values: Values): Labelled[] {
  const { corpus, columns, reviewColumns: names = columns, classNames, jrteClasses = 3 } = values;
  const { reviews, classes } =
    corpus === "jrte"
      ? readJrteReviews(here(path), jrteClasses)
      : corpus === "livedoor"
        ? { reviews: titlesOf(readArticles(here(path))), classes: CATEGORIES }
        : readReviews(here(path), { names, classNames });
  const [label, ...others] = new Set(reviews.map((review) => review.label));
  if (others.length === 0) throw new Error(`all ${reviews.length} reviews have the label ${classes[label]}`);
  return reviews.map(({ id, text, label }) => ({ id, text, label: classes[label] }));
}

/** A table of headlines, or the archive and the lists that the corpus needs. */
function headlinesOf(path: string, values: Values): void {
  const { corpus = "" } = values;
  if (!Object.hasOwn(SPLIT_OF, corpus)) return void reviewsOf(path, { ...values, corpus: undefined });
  const split = SPLIT_OF[corpus as keyof typeof SPLIT_OF];
  livedoorSplit(readArticles(here(path)), { split, lists: dirname(here(path)) });
}

const correctionsOf = (path: string, texts: readonly Labelled[]) => readCorrections(here(path), texts);
const labelledLines = (values: Values): Labelled[] =>
  linesOf(values.manga, values).map(({ id, text, emotion }) => ({ id, text, label: emotion }));

async function modelOf(name: string, { maxLength = 0 }: Values): Promise<void> {
  const folder = await pretrainedFolder(name);
  await openTokenizer(folder);
  const { maxPositions } = loadPretrained(folder).encoder.config;
  if (maxLength > maxPositions)
    throw new Error(`the model reads at most ${maxPositions} tokens: maxLength can be no more`);
}

const made = new Map<string, readonly Split[]>(); // what is drawn for it is told once
function splitsOf(values: Values): readonly Split[] {
  const { manga, corpus, columns, split = "leave-one-touch-out", testStories, validationFraction } = values;
  const options = { split, testStories, validationFraction } as TouchSplits;
  return remembered(made, canonicalJson([manga, corpus, columns, options]), () =>
    splitsByTouch(linesOf(manga, values), options),
  );
}

function checkClasses(values: Values): void {
  const { positive = "" } = values,
    lines = linesOf(values.manga, values),
    own = emotionOf(lines, positive);
  const labels = lines.map(({ emotion }) => Number(emotion === own));
  for (const split of splitsOf(values)) checkSplit(split, labels, [`not ${positive}`, positive]);
}

interface Look {
  readonly setting: string;
  /** Other settings that may be to blame. */
  readonly with?: readonly string[];
  /** Settings without which, or with wrong ones, there is nothing to look at. */
  readonly after?: readonly string[];
  /** @throws if the value names nothing */
  readonly look: (value: never, values: Values) => unknown;
}

const texts = (path: string, { textColumn, columns }: Values) =>
  readTexts(here(path), { column: textColumn, also: columns?.text });

/** The freeze modes that a list may name; which of them a notebook has its cells say. */
const MODES = ["all", "last", "fixed"];

/** A list that names some of these words. */
function wordsOf(setting: string, list: string, words: readonly string[]): void {
  if (namesOf(list, words, setting).length === 0) throw new Error(`this names none of ${words.join(", ")}`);
}

/** They name nothing where they are "". */
const MAY_BE_EMPTY = new Set(
  "methods emotions touch extra encyclopaedia mangaTexts unlabelled synonyms backTranslations corrections reviewCorrections vectorFile".split(
    " ",
  ),
);
/** Of these a notebook that has both may be given one. */
const OTHER: Readonly<Record<string, string>> = { manga: "reviews", reviews: "manga" };
/** Where a notebook chooses among corpora: the setting that names what is read. The others are not. */
const OF_CORPUS: Readonly<Record<string, string>> = {
  ...{ lines: "manga", reviews: "reviews", jrte: "reviews", livedoor: "livedoor" },
};

const LOOKS: readonly Look[] = [
  { setting: "modes", look: (list: string) => wordsOf("modes", list, MODES) },
  { setting: "methods", look: (list: string) => wordsOf("methods", list, METHODS) },
  { setting: "manga", with: ["corpus", "columns"], look: linesOf },
  { setting: "extra", with: ["corpus", "columns"], look: linesOf },
  {
    setting: "positive",
    after: ["manga"],
    look: (positive: string, values) => emotionOf(linesOf(values.manga, values), positive),
  },
  {
    setting: "emotions",
    after: ["manga"],
    look: (emotions: string, values) =>
      namesOf(emotions, known(linesOf(values.manga, values), "emotion"), "emotions"),
  },
  {
    setting: "touch",
    after: ["manga"],
    look: (touch: string, values) => nameOf(touch, known(linesOf(values.manga, values), "touch"), "touch"),
  },
  {
    setting: "validationFraction",
    with: ["testStories", "split"],
    after: ["manga"],
    look: (_: number, values) => splitsOf(values),
  },
  {
    setting: "positive",
    with: ["testStories", "split"],
    after: ["manga", "positive", "validationFraction"],
    look: (_: string, values) => checkClasses(values),
  },
  { setting: "reviews", with: ["corpus", "columns", "classNames"], look: reviewsOf },
  { setting: "headlines", with: ["corpus", "classNames"], look: headlinesOf },
  { setting: "vectorTexts", look: (path: string) => readTexts(here(path)) },
  { setting: "vectorFile", look: here },
  { setting: "livedoor", look: (path: string) => readArticles(here(path)) },
  {
    setting: "corrections",
    with: ["manga"],
    after: ["manga"],
    look: (path: string, values) => correctionsOf(path, labelledLines(values)),
  },
  {
    setting: "reviewCorrections",
    with: ["reviews"],
    after: ["reviews"],
    look: (path: string, values) => correctionsOf(path, reviewsOf(values.reviews!, values)),
  },
  { setting: "model", with: ["maxLength"], look: modelOf },
  { setting: "texts", with: ["textColumn"], look: texts },
  { setting: "encyclopaedia", with: ["textColumn"], look: texts },
  { setting: "unlabelled", with: ["textColumn", "columns"], look: texts },
  { setting: "mangaTexts", with: ["textColumn"], look: texts },
  { setting: "synonyms", look: (path: string) => readSynonyms(here(path)) },
  { setting: "backTranslations", look: (path: string) => readBackTranslations(here(path)) },
  { setting: "published", look: ({ file }: { file?: string }) => file !== undefined && here(file) },
];

/** The settings that may be to blame: those of --set, else the first. */
function said(settings: readonly Resolved[], names: readonly string[]): string {
  const own = names.flatMap((name) => settings.filter((one) => one.name === name)),
    chosen = own.filter(({ from }) => from === "--set");
  return (chosen.length > 0 ? chosen : own.slice(0, 1))
    .map(({ name, value, from }) => {
      const text = literal(value);
      return `${from === "--set" ? "--set " : ""}${name}=${typeof text === "string" ? text : value}`;
    })
    .join(" ");
}

/** What is wrong with the settings of a notebook. */
async function faultsOf(settings: readonly Resolved[]): Promise<string[]> {
  const values = Object.fromEntries(settings.map((one) => [one.name, literal(one.value)]));
  const faults: string[] = [],
    wrong = new Set<string>();
  const attempt = async (names: readonly string[], work: () => unknown): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const words = (error as Error).message.replace(new RegExp(`^(${names.join("|")}): `), "");
      faults.push(`${said(settings, names)}: ${words}`);
      wrong.add(names[0]);
    }
  };
  for (const { name } of settings) await attempt([name], () => checkRange(name, values[name]));
  for (const { setting, with: others = [], after = [], look } of LOOKS) {
    const value = values[setting];
    if ([setting, ...after].some((one) => values[one] === undefined || wrong.has(one))) continue;
    const own = OF_CORPUS[String(values.corpus)];
    const chooses = own !== undefined && values[own] !== undefined; // livedoor's archive may be "reviews" as well
    if (chooses && setting !== own && Object.values(OF_CORPUS).includes(setting)) continue;
    if (value === "" && (MAY_BE_EMPTY.has(setting) || values[OTHER[setting]])) continue;
    const { type } = settings.find((one) => one.name === setting)!;
    if (typeof value === "string" && type !== "string") continue; // one of some words: another setting of that name
    const asked = () => look(value as never, values as unknown as Values);
    await attempt([setting, ...others], asked);
  }
  return faults;
}

/**
 * Decides with which settings each notebook runs, and looks at their values.
 * @throws as resolveSettings; or with every value that is out of range or names what is not there, each once
 */
export async function decideSettings(
  requests: readonly Request[],
  asked: Asked,
): Promise<readonly (readonly Resolved[])[]> {
  const resolved = resolveSettings(requests, asked);
  const faults = new Map<string, string[]>(); // each with the notebooks that have it
  for (const [i, { name }] of requests.entries())
    for (const fault of await faultsOf(resolved[i])) faults.set(fault, [...(faults.get(fault) ?? []), name]);
  if (faults.size > 0)
    throw new Error([...faults].map(([fault, names]) => `${names.join(", ")}, ${fault}`).join("\n"));
  return resolved;
}
