import assert from "node:assert/strict";
import { test } from "node:test";
import { translator } from "..";

const translate = translator({
  "test set": "テスト集合",
  "{} is better than {} by {}": "{1} は {2} より {3} で高い",
  "by {}": "{1} による",
});

test("a phrase is found whole, whatever its white space", () => {
  assert.equal(translate("test\n  set"), "テスト集合");
  assert.equal(translate("train set"), undefined);
});

test("a pattern takes any text, which is translated where it is known", () => {
  assert.equal(translate("BERT is better than test set by F1"), "BERT は テスト集合 より F1 で高い");
});

test("of several sentences all are known or none is translated", () => {
  assert.equal(translate("test set; by a"), "テスト集合。a による");
  assert.equal(translate("test set. by a."), "テスト集合。a による。");
  assert.equal(translate("test set; unknown words"), undefined);
});

test("what a notebook says of a phrase goes before what all say", () => {
  assert.equal(translator({ "Code · {} lines": "行数 {1}" })("Code · 3 lines"), "行数 3");
});
