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
