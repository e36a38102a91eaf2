import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readReviews } from "../../lib/data/reviews";
import { stratified } from "../../lib/data/split";
import { baselineRuns, TFIDF } from "../../lib/evaluate/baselines";
import { projectRoot } from "../../lib/support/files";
import { grouped } from "../../lib/support/groups";
import { Random } from "../../lib/support/random";

const classNames = "経済,スポーツ,映画・演劇,デジタル,料理,旅行,健康,科学,教育";
const { reviews, classes } = readReviews(join(projectRoot, "data/headlines.tsv"), { classNames });

test("nine classes have at least a hundred headlines each", () => {
  assert.equal(classes.length, 9);
  for (const same of grouped(reviews, ({ label }) => label).values()) assert.ok(same.length >= 100);
});

test("no two headlines share a third of their character bigrams", () => {
  const bigrams = reviews.map(
    ({ text }) => new Set(Array.from(text.slice(1), (_, i) => text.slice(i, i + 2))),
  );
  const near = bigrams.flatMap((one, i) =>
    bigrams.slice(0, i).flatMap((other, j) => {
      const common = [...one].filter((gram) => other.has(gram)).length;
      return common / (one.size + other.size - common) >= 1 / 3
        ? [`${reviews[i].text} / ${reviews[j].text}`]
        : [];
    }),
  );
  assert.deepEqual(near, []);
});

test("they begin in no common way", () => {
  const counts = [...grouped(reviews, ({ text }) => text.slice(0, 5)).values()].map((same) => same.length);
  assert.ok(Math.max(...counts) <= 4);
});

test("counting characters tells the classes apart, but not always", () => {
  const labels = reviews.map(({ label }) => label);
  const split = stratified(labels, { testFraction: 0.25, validationFraction: 0.2, random: new Random(1) });
  const { gold, predicted } = baselineRuns({ items: reviews, labels, splits: [split] }).find(
    ({ system }) => system === TFIDF,
  )!;
  const accuracy = gold.filter((label, i) => label === predicted[i]).length / gold.length;
  assert.ok(accuracy > 0.6 && accuracy < 0.95, `${accuracy}`);
});
