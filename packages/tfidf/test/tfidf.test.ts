import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { shared } from "../../../test/shared";
import { predict, scoresOf } from "../linear";
import { fitLogistic, probabilities } from "../logistic";
import { fitSvm } from "../svm";
import { beside, fitTfidf, type SparseRows, transform } from "../tfidf";
import { openWords } from "../words";

// numbers of scikit-learn: test/reference/make_tfidf.py
const expected = JSON.parse(readFileSync(join(projectRoot, "test/reference/tfidf.json"), "utf8"));
const fitted = fitTfidf(expected.train);
const [train, testRows] = [expected.train, expected.test].map((texts: string[]) => transform(fitted, texts));

const rowOf = (x: SparseRows, row: number) => {
  const names = [...fitted.columns.keys()];
  const at = Array.from({ length: x.starts[row + 1] - x.starts[row] }, (_, i) => x.starts[row] + i);
  return Object.fromEntries(at.map((i) => [names[x.indices[i]], x.values[i]]));
};
const near = (a: number, b: number, tolerance: number) =>
  assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);

test("TF-IDF has scikit-learn's columns and values", () => {
  assert.equal(fitted.columns.size, expected.columns);
  expected.rows.forEach((row: Record<string, number>, i: number) => {
    const actual = rowOf(testRows, i);
    assert.deepEqual(Object.keys(actual).sort(), Object.keys(row).sort());
    for (const [gram, value] of Object.entries(row)) near(actual[gram], value, 1e-12);
  });
});

for (const [name, classes] of [
  ["two", 2],
  ["three", 3],
] as const) {
  test(`logistic regression of ${name} classes has scikit-learn's probabilities`, () => {
    const { labels, probabilities: wanted } = expected[name];
    const model = fitLogistic(train, labels, classes, { c: 10 });
    probabilities(model, testRows).forEach((row, i) => row.forEach((p, k) => near(p, wanted[i][k], 1e-4)));
  });
}

for (const [name, classes] of [
  ["two", 2],
  ["three", 3],
] as const)
  test(`a support vector machine of ${name} classes has scikit-learn's margins`, () => {
    const { labels, margins } = expected[name];
    const { weights } = fitSvm(train, labels, classes, { c: 10 });
    const found = weights.map((w) => scoresOf(w, testRows));
    margins.forEach((row: number | number[], i: number) =>
      [row].flat().forEach((margin, k) => near(found[k][i], margin, 1e-4)),
    );
  });

test("n-grams of words have scikit-learn's values", () => {
  const { texts, rows } = expected.words;
  const words = fitTfidf(texts, { shortest: 1, longest: 3, minimumTexts: 1 }),
    names = [...words.columns.keys()];
  const { starts, indices, values } = transform(words, texts);
  rows.forEach((row: Record<string, number>, i: number) => {
    const places = Array.from({ length: starts[i + 1] - starts[i] }, (_, k) => starts[i] + k);
    assert.deepEqual(places.map((at) => names[indices[at]]).sort(), Object.keys(row).sort());
    for (const at of places) near(values[at], row[names[indices[at]]], 1e-12);
  });
});

test("words without particles are IPADIC's, by kuromoji", async () => {
  const words = await openWords();
  assert.deepEqual(words("すもももももももものうち。"), ["すもも", "もも", "もも", "うち"]);
});

test("a class without a text and a label that is no class are refused", () => {
  assert.throws(
    () => fitLogistic(train, [0, 0, 0, 0, 0, 0, 0], 2, { c: 1 }),
    /class 1 of 2 has no training text/,
  );
  assert.throws(
    () => fitLogistic(train, [0, 1, 0, 0, 2, 0, 0], 2, { c: 1 }),
    /label 2 of text 4 is no class from 0 to 1/,
  );
  assert.throws(() => fitTfidf(["あ", "い"]), /no n-gram is in 2 of the 2 texts/);
});

test("two matrices beside each other have each row's values of both, those of the right one in later columns", () => {
  const [left, right] = [["ああい", "い"], ["うう", "", "う"].slice(0, 2)].map((texts) =>
    transform(fitTfidf([...texts, ...texts], { shortest: 1, longest: 1, minimumTexts: 2 }), texts),
  );
  const both = beside(left, right);
  assert.deepEqual(
    [both.rows, both.columns, [...both.starts], [...both.indices]],
    [2, 3, [0, 3, 4], [0, 1, 2, 1]],
  );
  assert.deepEqual([...both.values], [...left.values.slice(0, 2), 1, ...left.values.slice(2)]);
});

// accuracy and macro F1 of scikit-learn on jrte-corpus, train + dev → test
const { path, skip } = shared("data/jrte-corpus/pn.tsv");
describe("jrte-corpus", { skip }, () => {
  const rows = skip
    ? []
    : readFileSync(path, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => line.split("\t"));
  for (const [classes, c, accuracy, macroF1] of [
    [2, 1, 0.879, 0.742],
    [2, 10, 0.937, 0.888],
    [3, 10, 0.825, 0.768],
  ] as const) {
    test(`${classes} classes, C = ${c}: accuracy ${accuracy}, macro F1 ${macroF1}, both within .01`, () => {
      const kept = rows.filter(([, label]) => classes === 3 || label !== "0");
      const labelOf = (row: string[]) => (classes === 3 ? Number(row[1]) + 1 : row[1] === "1" ? 1 : 0);
      const [learn, judge] = [
        kept.filter((row) => row[4] !== "test"),
        kept.filter((row) => row[4] === "test"),
      ];
      const tfidf = fitTfidf(learn.map((row) => row[2]));
      const model = fitLogistic(
        transform(
          tfidf,
          learn.map((row) => row[2]),
        ),
        learn.map(labelOf),
        classes,
        { c },
      );
      const guessed = predict(
        model,
        transform(
          tfidf,
          judge.map((row) => row[2]),
        ),
      );
      const truth = judge.map(labelOf);
      const count = (test: (i: number) => boolean) => truth.filter((_, i) => test(i)).length;
      near(count((i) => guessed[i] === truth[i]) / truth.length, accuracy, 0.01);
      const f1 = Array.from({ length: classes }, (_, k) => {
        const right = count((i) => guessed[i] === k && truth[i] === k);
        return (2 * right) / (count((i) => guessed[i] === k) + count((i) => truth[i] === k));
      });
      near(f1.reduce((a, b) => a + b) / classes, macroF1, 0.01);
    });
  }
});
