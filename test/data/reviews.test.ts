import assert from "node:assert/strict";
import { test } from "node:test";
import { readReviews } from "../../lib/data/reviews";
import { ownFiles, said } from "./files";

const file = ownFiles();
const labelled = (labels: readonly string[]) =>
  file("labels.csv", ["label,text", ...labels.map((label, i) => `${label},レビュー${i}`)].join("\n"));
const read = (labels: readonly string[], classNames?: string) => {
  const { classes, reviews } = readReviews(labelled(labels), { classNames });
  return [classes, reviews.map(({ label }) => label)];
};

for (const [labels, classes, numbers] of [
  [
    ["0", "1", "１"],
    ["不評", "好評"],
    [0, 1, 1],
  ],
  [
    ["1.0", "0.0"],
    ["不評", "好評"],
    [1, 0],
  ],
  [
    ["-1", "1"],
    ["不評", "好評"],
    [0, 1],
  ],
  [
    ["1", "0", "-1"],
    ["不評", "中立", "好評"],
    [2, 1, 0],
  ],
  [
    ["positive", "negative"],
    ["negative", "positive"],
    [1, 0],
  ],
  [
    ["Negative", "Neutral", "Positive"],
    ["Negative", "Neutral", "Positive"],
    [0, 1, 2],
  ],
  [
    ["True", "False"],
    ["False", "True"],
    [1, 0],
  ],
  [
    ["ポジティブ", "ﾈｶﾞﾃｨﾌﾞ"],
    ["ﾈｶﾞﾃｨﾌﾞ", "ポジティブ"],
    [1, 0],
  ],
  [
    ["好評", "不評"],
    ["不評", "好評"],
    [1, 0],
  ],
  [["1"], ["不評", "好評"], [1]],
] as const)
  test(`the labels ${labels.join(", ")} are the classes ${classes.join(", ")}`, () => {
    said(() => assert.deepEqual(read(labels), [classes, numbers]));
  });

test("1, 1.0 and true of JSON are one class", () => {
  const path = file(
    "a.jsonl",
    '{"label":1,"text":"a"}\n{"label":1.0,"text":"b"}\n{"label":false,"text":"c"}\n',
  );
  said(() =>
    assert.deepEqual(
      readReviews(path).reviews.map(({ label }) => label),
      [1, 1, 0],
    ),
  );
});

test("several words for one class are said", () => {
  assert.deepEqual(
    said(() => read(["1", "好評", "0"])),
    [`${labelled(["1", "好評", "0"])}: 1 and 好評 are one class, 好評`],
  );
});

test("labels without an order are refused, all of them named", () => {
  assert.throws(
    () => read(["松", "竹", "梅"]),
    /labels\.csv has the labels 松, 竹, 梅: the setting classNames takes all in .* such as classNames: "松, 竹, 梅"$/,
  );
  assert.throws(() => read(["1", "2"]), /has the labels 1, 2/);
});

test("the setting gives labels their order", () => {
  assert.deepEqual(read(["松", "竹", "梅"], "梅、竹、松"), [
    ["梅", "竹", "松"],
    [2, 1, 0],
  ]);
});

test("an order that lacks a label or has a strange one is refused", () => {
  assert.throws(() => read(["松", "竹", "梅"], "梅 松"), /classNames=梅 松 lacks 竹/);
  assert.throws(() => read(["松", "竹"], "松 竹 梅"), /classNames: there is no 梅; there are 松, 竹/);
});

test("columns レビュー and 評価 are known", () => {
  const path = file("columns.csv", "評価,レビュー\n0,だめ\n");
  assert.deepEqual(
    said(() => readReviews(path)),
    [`${path}: 評価 is read as label, レビュー is read as text`],
  );
});

test("a file with 評価 and ラベル is refused until one is named", () => {
  const path = file("two.csv", "評価,ラベル,本文\n4,1,良い\n1,0,悪い\n");
  assert.throws(() => readReviews(path), /評価 and ラベル can both be label/);
  said(() => assert.deepEqual(readReviews(path, { names: { label: "ラベル" } }).classes, ["不評", "好評"]));
});

test("an id that occurs twice is refused with its line", () => {
  assert.throws(
    () => readReviews(file("ids.csv", "id,label,text\na,1,良い\na,0,悪い\n")),
    /line 3, column id: "a"/,
  );
});
