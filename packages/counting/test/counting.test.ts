import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readReviews } from "../../../lib/data/reviews";
import { stratified } from "../../../lib/data/split";
import { baselineOf, baselineRuns, TFIDF } from "../../../lib/evaluate/baselines";
import type { TrialRun } from "../../../lib/experiment/spec";
import type { Results } from "../../../lib/study/experiment";
import { projectRoot } from "../../../lib/support/files";
import { Random } from "../../../lib/support/random";
import { type CountingRecipe, costTable, countingRuns, fitCounting, RECIPES, withCounting } from "..";

const { reviews: items } = readReviews(join(projectRoot, "data/headlines.tsv"), {
  classNames: "経済,スポーツ,映画・演劇,デジタル,料理,旅行,健康,科学,教育",
});
const labels = items.map(({ label }) => label);
const splits = [stratified(labels, { testFraction: 0.25, random: new Random(1) })];
const task = { items, labels, splits };
const accuracy = ({
  gold,
  predicted,
}: {
  readonly gold: readonly number[];
  readonly predicted: readonly number[];
}) => gold.filter((label, i) => label === predicted[i]).length / gold.length;

test("the recipe of characters is the library's baseline, answer by answer", async () => {
  const baseline = baselineRuns(task).find(({ system }) => system === TFIDF);
  const { answers } = await countingRuns(task, { [TFIDF]: { ...RECIPES.characters } }); // a copy is learnt anew
  assert.deepEqual(answers, [baseline]);
});

test("the row of characters and its costs are those of the library's one fit", async () => {
  const baseline = baselineRuns(task).find(({ system }) => system === TFIDF);
  const { answers, costs } = await countingRuns(task, { [TFIDF]: RECIPES.characters });
  assert.deepEqual(answers, [baseline]);
  assert.equal(costs[0].seconds, baselineOf(task, splits[0]).seconds);
});

test("the row of characters has the bytes of the recipe's own model", async () => {
  const bytes = async (recipe: CountingRecipe) => (await countingRuns(task, { recipe })).costs[0].bytes;
  assert.equal(await bytes(RECIPES.characters), await bytes({ ...RECIPES.characters }));
});

test("each other recipe is right of more than half of the headlines", async () => {
  const { charactersSvm, wordsSvm, both } = RECIPES;
  const { answers } = await countingRuns(task, { charactersSvm, wordsSvm, both });
  for (const one of answers) assert.ok(accuracy(one) > 0.5, `${one.system}: ${accuracy(one)}`);
});

const classes = 2;

test("content words leave particles out, words do not", async () => {
  const texts = ["本を読む", "本が読む", "本を読む", "本が読む"];
  const block = { shortest: 1, longest: 1, minimumTexts: 1 };
  const [all, content] = await Promise.all(
    (["words", "content words"] as const).map((unit) =>
      fitCounting(texts, [0, 1, 0, 1], { blocks: [{ unit, ...block }], model: "svm", c: 10, classes }),
    ),
  );
  assert.deepEqual(all.classify(["を", "が"]), [0, 1]);
  assert.equal(new Set(content.classify(["を", "が", "本を読む", "本が読む"])).size, 1);
});

test("a model has four bytes a number, weights, intercepts and n-grams' frequencies, and its n-grams", async () => {
  const blocks = [{ unit: "characters", shortest: 1, longest: 1, minimumTexts: 1 }] as const;
  const { bytes } = await fitCounting(["あ", "b"], [0, 1], { blocks, model: "logistic", c: 1, classes });
  assert.equal(bytes, 4 * (2 + 3) + 3 + 1);
});

test("a class that is nowhere in training is never answered", async () => {
  const texts = ["ああ", "いい", "ああ", "いい", "うう"].map((text, i) => ({ id: `${i}`, text }));
  const split = { name: "test", train: [0, 1, 2, 3], validation: [], test: [4, 1] };
  const { answers } = await countingRuns(
    { items: texts, labels: [2, 1, 2, 1, 0], splits: [split] },
    { counted: RECIPES.charactersSvm },
  );
  assert.ok(answers[0].predicted.every((label) => label === 1 || label === 2));
  assert.equal(answers[0].predicted[1], 1);
});

test("one class to learn from is refused with the split's name", async () => {
  const split = { name: "s", train: [0, 1], validation: [], test: [2] };
  const texts = ["あ", "い", "う"].map((text, i) => ({ id: `${i}`, text }));
  const task = { items: texts, labels: [0, 0, 1], splits: [split] };
  await assert.rejects(
    countingRuns(task, { x: RECIPES.charactersSvm }),
    /the split "s": all 2 texts to learn from are of one class/,
  );
  await assert.rejects(
    countingRuns(task, { x: RECIPES.characters }), // the library's baseline
    /the split "s": all 2 items to learn from are of class 0, so that nothing can be learnt/,
  );
});

test("a recipe's answers take the place of those of the same name", async () => {
  const answers = ["majority class", TFIDF].map((system) => ({
    ...{ system, testSet: "random", seed: null, gold: [], predicted: [], items: [] },
  }));
  const { results } = await withCounting({ task, runs: [], answers } as unknown as Results, {
    [TFIDF]: RECIPES.charactersSvm,
  });
  assert.deepEqual(
    results.answers.map(({ system, gold }) => [system, gold.length > 0]),
    [
      ["majority class", false],
      [TFIDF, true],
    ],
  );
});

const run = (system: string, seconds: number) =>
  ({ trial: { system }, result: { seconds, parameters: { trained: 200_000, frozen: 50_000 } } }) as TrialRun;

test("the table of costs has counting and the mean of a system's runs, and speeds where they were measured", () => {
  const costs = [{ system: "words + SVM", bytes: 2e6, seconds: 30 }];
  const lines = String(
    costTable({ results: { runs: [run("LSTM", 60), run("LSTM", 120)] }, costs })["text/plain"],
  ).split("\n");
  const cells = (system: string) =>
    lines
      .find((line) => line.includes(system))!
      .split("|")
      .map((cell) => cell.trim());
  assert.deepEqual(cells("LSTM").slice(2, 6), ["1", "1.500", "–", "–"]);
  assert.deepEqual(cells("words + SVM").slice(2, 4), ["2", "0.500"]);
  assert.match(cells("words + SVM")[5], /^\d+\.\d × \(\d+\.\d to \d+\.\d\)$/);
});
