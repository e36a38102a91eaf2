/**
 * Counting on livedoor's titles (9 classes), by hand: `node --import tsx bench/livedoor.ts`. Two splits: Laboro's
 * (train and dev to learn from, 1,473 titles tested) and a stratified quarter with ten seeds, the recipe of the
 * post on LSTMs, whose own list cannot be known. Prints accuracy, macro F1 and milliseconds a title. The corpus
 * lies in shared/data/livedoor (KOMALAB_SHARED); its titles may not be passed on (CC BY-ND).
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stratified } from "../lib/data/split";
import { confusionOf, metricsOf } from "../lib/evaluate/confusion";
import { Random } from "../lib/support/random";
import {
  type Counted,
  fitLogistic,
  fitSvm,
  fitTfidf,
  openWords,
  predict,
  transform,
} from "../packages/tfidf";
import { shared } from "../test/shared";

interface Title {
  readonly file: string;
  readonly title: string;
  readonly label: number;
}

/** Articles alone: each folder holds a licence too. */
function readTitles(folder: string): { readonly titles: Title[]; readonly classes: string[] } {
  const classes = readdirSync(join(folder, "text"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const titles = classes.flatMap((name, label) =>
    readdirSync(join(folder, "text", name))
      .filter((file) => /^[a-z-]+-\d+\.txt$/.test(file))
      .sort()
      .map((file) => ({
        file,
        label,
        title: readFileSync(join(folder, "text", name, file), "utf8")
          .split("\n")[2]
          .trim(),
      })),
  );
  return { titles, classes };
}

interface Recipe {
  readonly unitsOf: (title: string) => Counted;
  readonly shortest: number;
  readonly longest: number;
  readonly minimumTexts: number;
  readonly fit: typeof fitSvm | typeof fitLogistic;
  readonly c: number;
}

function measured(recipe: Recipe, learn: readonly Title[], judge: readonly Title[], classes: number) {
  const { unitsOf, fit, c, ...options } = recipe,
    units = (titles: readonly Title[]) => titles.map(({ title }) => unitsOf(title));
  const tfidf = fitTfidf(units(learn), options);
  const model = fit(
    transform(tfidf, units(learn)),
    learn.map(({ label }) => label),
    classes,
    { c },
  );
  const start = performance.now();
  const predicted = judge.map((one) => predict(model, transform(tfidf, units([one])))[0]);
  const milliseconds = (performance.now() - start) / judge.length;
  const gold = judge.map(({ label }) => label);
  const { accuracy, macroF1 } = metricsOf(confusionOf(gold, predicted, classes));
  return { accuracy, macroF1, milliseconds };
}

async function main(): Promise<void> {
  const archive = shared("data/livedoor/ldcc-20140209.tar.gz"),
    listed = (part: string) => shared(`data/livedoor/${part}_indexed.tsv`);
  if (archive.skip || listed("test").skip)
    return console.log(`skipped: ${archive.skip || listed("test").skip}`);
  const folder = mkdtempSync(join(tmpdir(), "komalab-livedoor-"));
  execFileSync("tar", ["-xzf", archive.path, "-C", folder]);
  const { titles, classes } = readTitles(folder);
  rmSync(folder, { recursive: true });
  const words = await openWords(),
    all = await openWords([]);
  const characters = { unitsOf: (title: string) => title, shortest: 1, longest: 4, minimumTexts: 2, c: 10 };
  const ofWords = { unitsOf: words, shortest: 1, longest: 3, minimumTexts: 1, c: 10 };
  const recipes: Readonly<Record<string, Recipe>> = {
    "characters 1-4, logistic, C 10": { ...characters, fit: fitLogistic },
    "characters 1-4, SVM, C 1": { ...characters, fit: fitSvm, c: 1 },
    "words 1-3 without particles, SVM, C 10": { ...ofWords, fit: fitSvm },
    "words 1-3, all of them, SVM, C 10": { ...ofWords, unitsOf: all, fit: fitSvm },
    "words 1-3 without particles, logistic, C 10": { ...ofWords, fit: fitLogistic },
  };
  const tested = new Set(
    readFileSync(listed("test").path, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t")[0]),
  );
  const laboro = [false, true].map((test) => titles.filter(({ file }) => tested.has(file) === test));
  const labels = titles.map(({ label }) => label);
  console.log(`${titles.length} titles, ${classes.length} classes`);
  for (const [name, recipe] of Object.entries(recipes)) {
    const one = measured(recipe, laboro[0], laboro[1], classes.length);
    console.log(
      `Laboro's split, ${laboro[0].length}/${laboro[1].length}: ${name}: accuracy ${one.accuracy.toFixed(3)}, macro F1 ${one.macroF1.toFixed(3)}, ${one.milliseconds.toFixed(2)} ms a title`,
    );
    const scores = Array.from({ length: 3 }, (_, seed) => {
      const random = new Random(seed + 1);
      const options = { name: "test", testFraction: 0.25, validationFraction: 0.2, random };
      const { train, validation, test } = stratified(labels, options);
      const learn = [...train, ...validation].map((i) => titles[i]);
      return measured(
        recipe,
        learn,
        test.map((i) => titles[i]),
        classes.length,
      ).macroF1;
    });
    const mean = scores.reduce((a, b) => a + b) / scores.length;
    console.log(
      `  a quarter tested, 10 splits: macro F1 ${mean.toFixed(3)} (${Math.min(...scores).toFixed(3)} to ${Math.max(...scores).toFixed(3)})`,
    );
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
