/**
 * livedoor's titles, nine classes, by hand. The corpus lies in shared/data/livedoor (KOMALAB_SHARED); its
 * titles may not be passed on (CC BY-ND).
 *
 *     node --import tsx bench/livedoor.ts search     recipes of counting, learnt from Laboro's training
 *                                                    titles and judged on its dev titles
 *     node --import tsx bench/livedoor.ts counting   those of RECIPES and the chosen one, tested on Laboro's
 *                                                    split and on the post's
 *     node --import tsx bench/livedoor.ts lstm       BiLSTMs on the post's split: with, without, frozen and
 *                                                    unfrozen word vectors
 *
 * lstm takes --seeds, --hidden, --dimensions, --epochs, --batch, --dropout, --texts (of the vectors: kyoto,
 * bodies of the training articles, or both), --share (of the training titles) and --only NAME,NAME.
 */
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { readTexts } from "../lib/data/texts";
import { compare, type NamedRun } from "../lib/evaluate/comparison";
import { storeDataset } from "../lib/experiment/dataset";
import { planTrials, predictionsOf, runTrials } from "../lib/experiment/trials";
import { differenceInWords, probabilityInWords, share, withInterval } from "../lib/show/numbers";
import { learnWordVectors } from "../lib/study/word-vectors";
import { Random } from "../lib/support/random";
import { COUNT, numberOf, RATIO, SHARE } from "../lib/support/settings";
import { type CountingRecipe, countingRuns, fitCounting, RECIPES } from "../packages/counting";
import { CATEGORIES, type LivedoorSplit, livedoorSplit, readArticles, titlesOf } from "../packages/livedoor";
import {
  type RecurrentOptions,
  recurrentFolder,
  vocabularyOf,
  type WordVectors,
} from "../packages/recurrent";
import { shared } from "../test/shared";
import { median } from "./row";

const archive = shared("data/livedoor/ldcc-20140209.tar.gz"),
  kyoto = shared("data/kyoto-wikipedia/kyoto_ja.txt.gz");

function corpus(split: LivedoorSplit) {
  const articles = readArticles(archive.path),
    items = titlesOf(articles);
  const parts = livedoorSplit(articles, { split, lists: dirname(archive.path) });
  return { articles, items, labels: items.map(({ label }) => label), split: parts };
}

/** A line a system: mean and 95 % interval over titles, and seeds where there are some. */
function told(answers: readonly NamedRun[], notes: Readonly<Record<string, string>> = {}): void {
  const [accuracy, macroF1] = (["accuracy", "macroF1"] as const).map((metric) =>
    compare(answers, { metric, tests: [] }),
  );
  macroF1.rows.forEach((row, i) => {
    const right = accuracy.rows[i];
    const spread = row.seeds > 1 ? ` ± ${share(row.sd)}` : "";
    console.log(
      `| ${row.system} | ${withInterval(right.mean, right, 3)} | ${withInterval(row.mean, row, 3)}${spread} | ${row.seeds} | ${notes[row.system] ?? ""} |`,
    );
  });
}

/** Every way to count with every model and C, judged on the dev titles. */
async function search(): Promise<void> {
  const { items, labels, split } = corpus("laboro");
  const judged = { items, labels, splits: [{ ...split, validation: [], test: split.validation }] };
  const characters = (shortest: number, longest: number) =>
    ({ unit: "characters", shortest, longest, minimumTexts: 2 }) as const;
  const words = (unit: "words" | "content words", longest: number, minimumTexts = 1) =>
    ({ unit, shortest: 1, longest, minimumTexts }) as const;
  const ways = {
    "characters 1-3": [characters(1, 3)],
    "characters 1-4": [characters(1, 4)],
    "characters 1-5": [characters(1, 5)],
    "characters 2-4": [characters(2, 4)],
    "words 1-2": [words("words", 2)],
    "words 1-3": [words("words", 3)],
    "content words 1-3": [words("content words", 3)],
    "characters 1-4 + words 1-2": [characters(1, 4), words("words", 2)],
    "characters 1-4 + words 1-3": [characters(1, 4), words("words", 3)],
    "characters 2-4 + words 1-2": [characters(2, 4), words("words", 2)],
  };
  const models = [0.5, 1, 2].map((c) => ({ model: "svm", c }) as const); // logistic takes ten times as long
  const found: { readonly name: string; readonly accuracy: number }[] = [];
  for (const [way, blocks] of Object.entries(ways))
    for (const one of models) {
      const name = `${way}, ${one.model}, C ${one.c}`;
      const { answers, costs } = await countingRuns(judged, { [name]: { blocks, ...one } });
      const [{ mean: accuracy }] = compare(answers, {
        metric: "accuracy",
        tests: [],
        bootstrapSamples: 1,
      }).rows;
      found.push({ name, accuracy });
      console.log(
        `${name}: ${share(accuracy)} of ${split.validation.length} dev titles, ${costs[0].seconds.toFixed(1)} s`,
      );
    }
  const best = found.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
  console.log(`best: ${best.name}, ${share(best.accuracy)}`);
}

/**
 * The median and the spread of milliseconds a title, one by one, over five times as many as fill a second.
 */
async function latency(
  recipe: CountingRecipe,
  { items, labels, split }: ReturnType<typeof corpus>,
): Promise<string> {
  const learnt = [...split.train, ...split.validation];
  const { classify } = await fitCounting(
    learnt.map((i) => items[i].text),
    learnt.map((i) => labels[i]),
    { ...recipe, classes: CATEGORIES.length },
  );
  const once = () => {
    const start = performance.now();
    for (const i of split.test) classify([items[i].text]);
    return (performance.now() - start) / split.test.length;
  };
  once();
  const times = Array.from({ length: 5 }, once);
  return `${median(times).toFixed(2)} ms (${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)})`;
}

async function counting(): Promise<void> {
  const { charactersSvm, wordsSvm, both, characters } = RECIPES;
  const blocks = [{ ...wordsSvm.blocks[0], minimumTexts: 3 }];
  const recipes: Readonly<Record<string, CountingRecipe>> = {
    "characters 1-4 + words 1-2 + SVM, C 2 (chosen on dev)": both,
    "characters 1-4 + SVM, C 1": charactersSvm,
    "content words 1-3 + SVM, C 1": wordsSvm,
    "content words 1-3 in three titles + SVM, C 10 (bunruija's)": { ...wordsSvm, blocks, c: 10 },
    "characters 1-4 + logistic, C 10": characters,
  };
  const parts = (["laboro", "post"] as const).map((name) => ({ name, ...corpus(name) }));
  for (const [system, recipe] of Object.entries(recipes))
    for (const { name, ...one } of parts) {
      const { answers, costs } = await countingRuns({ ...one, splits: [one.split] }, { [system]: recipe });
      const [{ bytes, seconds }] = costs,
        timed = name === "laboro" && recipe.model === "svm" ? `, ${await latency(recipe, one)}` : "";
      told(answers, { [system]: `${name}: ${seconds.toFixed(1)} s, ${(bytes / 1e6).toFixed(1)} MB${timed}` });
    }
}

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "5" },
    hidden: { type: "string", default: "128" },
    dimensions: { type: "string", default: "100" },
    epochs: { type: "string", default: "5" },
    dropout: { type: "string", default: "0.5" },
    batch: { type: "string", default: "16" },
    texts: { type: "string", default: "bodies" },
    share: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const number = (name: "seeds" | "hidden" | "dimensions" | "epochs" | "batch") =>
  numberOf(name, given[name], COUNT)!;

const FROZEN = "BiLSTM + frozen vectors";

/** Word vectors of the training titles, and of texts without labels; of no tested article. */
async function vectorsOf(learnt: readonly string[], bodies: readonly string[]): Promise<WordVectors> {
  const start = performance.now();
  const paragraphs = bodies.flatMap((body) => body.split("\n").filter((line) => line.trim() !== ""));
  const texts = [
    ...learnt,
    ...(given.texts === "bodies" ? [] : readTexts(kyoto.path, { most: 60_000 })),
    ...(given.texts === "kyoto" ? [] : paragraphs),
  ];
  const dimensions = number("dimensions");
  const how = { dimensions, skipGram: true, algorithm: "dbow", minCount: 2, epochs: 3 } as const;
  const vectors = await learnWordVectors(texts, how),
    vocabulary = await vocabularyOf(learnt);
  const known = vocabulary.filter((word) => vectors.of(word)).length;
  console.log(
    `vectors: ${texts.length} texts, ${known} of ${vocabulary.length} words have one, ${((performance.now() - start) / 60_000).toFixed(1)} minutes`,
  );
  return vectors;
}

async function lstm(): Promise<void> {
  const { articles, items, split } = corpus("post");
  const size = Math.round(numberOf("share", given.share, SHARE)! * split.train.length);
  const train = new Random(1).shuffled([...split.train]).slice(0, size),
    learnt = train.map((i) => items[i].text);
  const bodies = split.train.map((i) => articles[i].body);
  const vectors = await vectorsOf(
    split.train.map((i) => items[i].text),
    bodies,
  );
  const dataset = storeDataset(items);
  const dropout = numberOf("dropout", given.dropout, RATIO)!,
    hidden = number("hidden");
  interface How {
    readonly freeze?: "fixed" | "all";
    /** Without word vectors. */
    readonly alone?: true;
    /** Texts whose words are known beside those of the titles. */
    readonly more?: readonly string[];
  }
  const plan = async (
    system: string,
    options: Partial<RecurrentOptions> = {},
    { freeze = "fixed", alone, more = [] }: How = {},
  ) =>
    planTrials({
      experiment: "livedoor",
      model: await recurrentFolder(
        [...learnt, ...more],
        { hidden, dropout, ...options },
        alone ? undefined : vectors,
      ),
      systems: [{ system, settings: { freeze } }],
      classes: CATEGORIES,
      ...{ dataset, keepWeights: false },
      splits: [{ ...split, train }],
      seeds: number("seeds"),
      settings: {
        ...{ epochs: number("epochs"), batchSize: number("batch"), learningRate: 1e-3 },
        ...{ warmupRatio: 0, clipNorm: 0.1 },
      },
    });
  const plans = {
    alone: () => plan("BiLSTM alone", {}, { alone: true }),
    frozen: () => plan(FROZEN),
    tuned: () => plan("BiLSTM + tuned vectors", {}, { freeze: "all" }),
    wide: () => plan("frozen vectors, words of the bodies too", {}, { more: bodies }),
    padding: () => plan("padding read", { masked: false }),
    undropped: () => plan("no weight drop", { weightDrop: 0 }),
  };
  const chosen = given.only?.split(",") ?? ["alone", "frozen", "tuned"];
  const trials = (await Promise.all(chosen.map((name) => plans[name as keyof typeof plans]()))).flat();
  const runs = await runTrials(trials, { processes: 1 });
  const notes: Record<string, string> = {};
  for (const { trial, result } of runs)
    notes[trial.system] =
      `${notes[trial.system] ?? ""} ${(result.seconds / 60).toFixed(1)} min (epoch ${result.bestEpoch})`;
  console.log(`${train.length} titles learnt from, ${split.test.length} tested`);
  const answers = predictionsOf(runs);
  told(answers, notes);
  if (!chosen.includes("frozen") || chosen.length === 1) return;
  const { rows } = compare(answers, { metric: "macroF1", baseline: FROZEN, tests: ["baseline"] });
  for (const { system, baseline: versus } of rows)
    if (versus)
      console.log(
        `${system} against ${FROZEN}: ${differenceInWords(versus)}, ${probabilityInWords(versus.holm)}`,
      );
}

const PARTS: Readonly<Record<string, () => Promise<void>>> = { search, counting, lstm };

async function main(): Promise<void> {
  const [part = ""] = positionals;
  if (!Object.hasOwn(PARTS, part)) throw new Error(`name a part: ${Object.keys(PARTS).join(", ")}`);
  const absent = archive.skip || (part === "lstm" && kyoto.skip);
  return absent ? console.log(`skipped: ${absent}`) : PARTS[part]();
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
