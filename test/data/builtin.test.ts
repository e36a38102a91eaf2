import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readManga } from "../../lib/data/manga";
import { readReviews } from "../../lib/data/reviews";
import { splitsByTouch } from "../../lib/data/touches";
import { projectRoot, sha256OfFile } from "../../lib/support/files";
import { Random } from "../../lib/support/random";
import { readTable } from "../../packages/table-file/table";
import { fitLogistic, fitTfidf, predict, transform } from "../../packages/tfidf";
import {
  BUILTIN_ENCYCLOPAEDIA,
  BUILTIN_MANGA,
  BUILTIN_REVIEWS,
  EMOTIONS,
  TEST_STORIES,
  TOUCHES,
} from "../builtin";

const lines = readManga(BUILTIN_MANGA);
const testStories: readonly string[] = TEST_STORIES;
const tested = TOUCHES.map((touch) =>
  lines.filter((line) => line.touch === touch && testStories.includes(line.story)),
);

test("12 stories are each told in five touches", () => {
  assert.equal(new Set(lines.map(({ story }) => story)).size, 12);
  assert.equal(new Set(lines.map(({ story, touch }) => `${story} ${touch}`)).size, 60);
});

test("the test stories hold the report's 66, 67, 64, 65 and 64 lines", () => {
  assert.deepEqual(
    tested.map((touch) => touch.length),
    [66, 67, 64, 65, 64],
  );
});

test("喜楽 is as frequent in the test stories as the positive class of the report's table 1", () => {
  assert.deepEqual(
    tested.map((touch) => touch.filter(({ emotion }) => emotion === "喜楽").length),
    [10, 38, 12, 14, 22],
  );
});

test("all seven emotions occur in every story", () => {
  for (const story of new Set(lines.map((line) => line.story))) {
    assert.equal(
      new Set(lines.filter((line) => line.story === story).map(({ emotion }) => emotion)).size,
      EMOTIONS.length,
      story,
    );
  }
});

test("no line occurs twice", () => {
  assert.equal(new Set(lines.map(({ text }) => text)).size, lines.length);
});

test("every page goes through panels 1 to 4 in order", () => {
  const panels = new Map<string, number[]>();
  for (const { story, touch, page, panel } of lines)
    panels.set(`${story} ${touch} ${page}`, [...(panels.get(`${story} ${touch} ${page}`) ?? []), panel]);
  for (const [page, order] of panels) {
    assert.deepEqual([new Set(order).size, order.join()], [4, [...order].sort().join()], page);
  }
});

const bigrams = (text: string) =>
  new Set(Array.from({ length: text.length - 1 }, (_, i) => text.slice(i, i + 2)));

test("the tellings of a story in two touches do not mostly share their bigrams", () => {
  for (const story of new Set(lines.map((line) => line.story))) {
    const tellings = TOUCHES.map((touch) =>
      bigrams(
        lines
          .filter((line) => line.story === story && line.touch === touch)
          .map(({ text }) => text)
          .join("\n"),
      ),
    );
    tellings.forEach((a, i) =>
      tellings.slice(i + 1).forEach((b) => {
        const shared = [...a].filter((bigram) => b.has(bigram)).length;
        assert.ok(shared / (a.size + b.size - shared) < 0.35, `${story}: ${shared} shared bigrams`);
      }),
    );
  }
});

test("no story stands in both training and test", () => {
  const splits = splitsByTouch(lines, {
    split: "leave-one-touch-out",
    testStories: TEST_STORIES.join(" "),
    validationFraction: 0.2,
  });
  for (const { train, validation, test } of splits) {
    const learnt = new Set([...train, ...validation].map((i) => lines[i].story));
    assert.deepEqual(
      test.filter((i) => learnt.has(lines[i].story)),
      [],
    );
  }
});

test("the README's checksums are those of the files", async () => {
  const readme = readFileSync(join(projectRoot, "data", "README.md"), "utf8");
  for (const path of [BUILTIN_MANGA, BUILTIN_REVIEWS, BUILTIN_ENCYCLOPAEDIA])
    assert.ok(readme.includes(await sha256OfFile(path)), path);
});

const { reviews } = readReviews(BUILTIN_REVIEWS);
const entries = readTable(BUILTIN_ENCYCLOPAEDIA).rows.map(({ cells }) => cells);

test("the README's counts are those of the files", () => {
  const readme = readFileSync(join(projectRoot, "data", "README.md"), "utf8");
  const lengths = reviews.map(({ text }) => [...text].length),
    whole = (count: number) => count.toLocaleString("en-US"),
    of = <T>(items: readonly T[], is: (item: T) => boolean) => items.filter(is).length;
  const expected = [
    `| \`manga.tsv\` | ${whole(lines.length)} |`,
    `| \`reviews.tsv\` | ${whole(reviews.length)} |`,
    `| \`encyclopaedia.tsv\` | ${whole(entries.length)} |`,
    ...TOUCHES.map((touch, i) => {
      const all = of(lines, (line) => line.touch === touch),
        n = tested[i].length,
        positive = of(tested[i], ({ emotion }) => emotion === "喜楽");
      return `| ${touch} | ${all} | ${all - n} | ${n} | ${positive} | ${(positive / n).toFixed(2).slice(1)} |`;
    }),
    ...EMOTIONS.map((emotion) => `| ${emotion} | ${of(lines, (line) => line.emotion === emotion)} |`),
    `${new Set(reviews.map(({ category }) => category)).size} categories`,
    `${Math.min(...lengths)} to ${Math.max(...lengths)} characters, mean ${Math.round(lengths.reduce((a, b) => a + b, 0) / lengths.length)}`,
    `${whole(entries.reduce((sum, { text }) => sum + [...text].length, 0))} in all`,
  ];
  assert.deepEqual(
    expected.filter((words) => !readme.includes(words)),
    [],
  );
});

test("at least 600 reviews are balanced in every category", () => {
  assert.ok(reviews.length >= 600);
  for (const category of new Set(reviews.map((review) => review.category))) {
    const labels = reviews
      .filter((review) => review.category === category)
      .map(({ label }) => label as number);
    assert.equal(labels.reduce((a, b) => a + b, 0) * 2, labels.length, category);
  }
});

/** The string of 10 characters that stands in most texts, and in how many. */
function mostRepeated(texts: readonly string[]): [string, number] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const strings = new Set(
      Array.from({ length: Math.max(0, text.length - 9) }, (_, i) => text.slice(i, i + 10)),
    );
    strings.forEach((string) => counts.set(string, (counts.get(string) ?? 0) + 1));
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0];
}

test("no 10-character string stands in more than 5 reviews", () => {
  const [string, count] = mostRepeated(reviews.map(({ text }) => text));
  assert.ok(count <= 5, `"${string}" stands in ${count} reviews`);
});

test("the encyclopaedia has 438 entries in 25 subjects, each title once", () => {
  assert.deepEqual(
    [
      entries.length,
      new Set(entries.map(({ title }) => title)).size,
      new Set(entries.map(({ subject }) => subject)).size,
    ],
    [438, 438, 25],
  );
});

test("entries have two to five sentences, 86 to 142 characters, in plain style", () => {
  for (const { title, text } of entries) {
    assert.ok(text.length >= 86 && text.length <= 142, `${title}: ${text.length} characters`);
    assert.ok(/^(?:[^。]+。){2,5}$/u.test(text), `${title}: not two to five sentences`);
    assert.ok(
      !/(?:です|でした|ました|[いきしちりれえけせてべめ]ます)。/u.test(text),
      `${title}: polite style`,
    );
  }
});

test("no 10-character string stands in more than 3 entries", () => {
  const [string, count] = mostRepeated(entries.map(({ text }) => text));
  assert.ok(count <= 3, `"${string}" stands in ${count} entries`);
});

test("counting characters tells most reviews apart, but not all: no give-aways, no noise", () => {
  const random = new Random(1),
    folds = random.shuffled([...reviews.keys()]);
  let right = 0;
  for (let fold = 0; fold < 5; fold++) {
    const tested = folds.filter((_, i) => i % 5 === fold),
      learnt = folds.filter((_, i) => i % 5 !== fold);
    const [texts, testTexts] = [learnt, tested].map((part) => part.map((i) => reviews[i].text));
    const grams = fitTfidf(texts);
    const model = fitLogistic(
      transform(grams, texts),
      learnt.map((i) => reviews[i].label),
      2,
      { c: 10 },
    );
    predict(model, transform(grams, testTexts)).forEach(
      (label, i) => (right += label === reviews[tested[i]].label ? 1 : 0),
    );
  }
  const accuracy = right / reviews.length;
  assert.ok(accuracy > 0.75 && accuracy < 0.95, `cross-validated accuracy ${accuracy}`);
});
