import assert from "node:assert/strict";
import { test } from "node:test";
import { translator } from "..";

const translate = translator({
  "test set": "テスト集合",
  "{} is better than {} by {}": "{1} は {2} より {3} で高い",
  "by {}": "{1} による",
  "it differs": "差がある",
  "{#} of {#}": "{2} 中 {1}",
});

test("a phrase is found whole, whatever its white space", () => {
  assert.equal(translate("test\n  set"), "テスト集合");
  assert.equal(translate("train set"), undefined);
});

test("a pattern takes any text, which is translated where it is known", () => {
  assert.equal(translate("BERT is better than test set by F1"), "BERT はテスト集合より F1 で高い");
});

test("a number is no other text", () => {
  assert.equal(translate("1e-3 of 10 %"), "10 % 中 1e-3");
  assert.equal(translate("end of 10"), undefined);
});

test("of several sentences all are known or none is translated", () => {
  assert.equal(translate("test set; it differs"), "テスト集合。差がある");
  assert.equal(translate("test set. by a."), "テスト集合。a による。");
  assert.equal(translate("test set; unknown words"), undefined);
});

test("a list is one sentence, and what brackets hold is no list", () => {
  assert.equal(translate("1 of 3; 2 of 3"), "3 中 1、3 中 2");
  assert.equal(
    translate("A (1 of 3; 2 of 3) is better than B by F1"),
    "A (1 of 3; 2 of 3) は B より F1 で高い",
  );
});

test("a pattern does not reach into the next sentence", () => {
  assert.equal(
    translate("A is better than B by F1. C is better than D by F1."),
    "A は B より F1 で高い。C は D より F1 で高い。",
  );
});

test("what a notebook says of a phrase goes before what all say", () => {
  assert.equal(translator({ "Code · {} lines": "行数 {1}" })("Code · 3 lines"), "行数 3");
});

for (const [english, japanese] of [
  ["a.csv is read as Shift_JIS", "a.csv を Shift_JIS として読む"],
  [
    "a.csv: 話 is read as story, 行 is read as line, 台詞 is read as text and せりふ left alone, 感情 is read as emotion",
    "a.csv: 話を story として読み、行を行番号として読み、台詞を本文（せりふは使わない）として読み、感情を emotion として読む",
  ],
  ['a.csv: "夜" and "夜 " are one touch, 夜', 'a.csv: "夜" と "夜 " は同じ画風「夜」として扱う'],
  ["a.csv: 1 and 好評 are one class, 好評", "a.csv: 1 と好評は同じクラス「好評」として扱う"],
  [
    "a.csv: the label 喜ひ stands on line 42 alone, 喜び on 30 lines: the same one?",
    "a.csv: ラベル「喜ひ」は 42 行目だけ、「喜び」は 30 行にある。同じラベルの誤記ではないか？",
  ],
  [
    "testStories is empty, and testing every story of a touch leaves too few to learn from. A quarter of the stories is drawn for testing: 雪山, 夏",
    "testStories が空で、画風のすべての話をテストに使うと学習用の話が足りない。話の 4 分の 1 を抽選でテスト用とする: 雪山, 夏",
  ],
] as const)
  test(`what is said of a file is known: ${english}`, () => assert.equal(translator()(english), japanese));
