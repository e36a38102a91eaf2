import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../../lib/support/random";
import { readBackTranslations, readSynonyms } from "..";
import { merged, oversampled, part, withCopies } from "../augmented";

const items = ["おはよう。", "こんばんは。", "やった！", "いやだ。", "なに？", "うん。"].map((text, i) => ({
  id: `l${i}`,
  text,
  story: `s${Math.floor(i / 2)}`,
}));
const split = { name: "touch", train: [0, 1, 2, 3], validation: [4], test: [5] };
const labels = [0, 0, 1, 0, 0, 1];

test("copies join the training part of their originals alone", () => {
  const { items: all, splits } = withCopies(
    items,
    [split],
    items.map(({ text }) => [`${text}ね`]),
  );
  assert.deepEqual(
    splits[0].train.slice(4).map((item) => all[item].id),
    ["l0+1", "l1+1", "l2+1", "l3+1"],
  );
  assert.deepEqual([splits[0].validation, splits[0].test], [[4], [5]]);
});

test("a copy that changes nothing is left out", () => {
  const { items: all } = withCopies(
    items,
    [split],
    items.map(({ text }) => [text, ""]),
  );
  assert.equal(all.length, items.length);
});

test("oversampling makes the classes of training equally large", () => {
  const { train } = oversampled(split, labels, new Random(1));
  assert.deepEqual(
    [0, 1].map((label) => train.filter((item) => labels[item] === label).length),
    [3, 3],
  );
});

test("a smaller part is part of a larger one, and has every class", () => {
  const [small, large] = [0.3, 0.7].map((share) => part(split, labels, share, new Random(5)).train);
  assert.ok(small.every((item) => large.includes(item)) && small.length < large.length);
  assert.deepEqual([...new Set(small.map((item) => labels[item]))].sort(), [0, 1]);
});

test("another file's lines join training unless they are known, or validation or test has them or their story", () => {
  const others = [
    ["やった!!", "x"],
    ["うん", "y"],
    ["新しい。", "s2"],
    ["別の台詞。", "z"],
    ["別の台詞", "z"],
  ].map(([text, story], i) => ({ id: `m${i}`, text, story }));
  const { items: all, splits, counts } = merged(items, [split], others);
  assert.deepEqual(
    splits[0].train.slice(4).map((item) => all[item].text),
    ["別の台詞。"],
  );
  assert.deepEqual(counts, [{ name: "touch", added: 1, known: 2, heldOutText: 1, heldOutStory: 1 }]);
});

const file = (name: string, text: string) => {
  const path = join(mkdtempSync(join(tmpdir(), "komalab-")), name);
  writeFileSync(path, text);
  return path;
};

test("words of a line of the lexicon stand for each other", () => {
  const lexicon = readSynonyms(file("words.txt", "# 喜び\n嬉しい\t楽しい\n嬉しい、幸せ # 二つ目\n"));
  assert.deepEqual(
    [lexicon.get("嬉しい"), lexicon.get("幸せ"), lexicon.get("海")],
    [["楽しい", "幸せ"], ["嬉しい"], undefined],
  );
});

test("a line of the lexicon with one word is named", () => {
  const path = file("words.txt", "嬉しい\t楽しい\n海\n");
  assert.throws(
    () => readSynonyms(path),
    (error: Error) => error.message.includes(`${path}, line 2`) && error.message.includes("海"),
  );
});

test("several rows of a text are several copies of it", () => {
  const back = readBackTranslations(
    file("back.tsv", "text\tback\nやった！\tできた！\nやった！\tうまくいった！\n"),
  );
  assert.deepEqual([...back], [["やった！", ["できた！", "うまくいった！"]]]);
});

test("a held-out story is known whatever the width of its name", () => {
  const own = [
    { id: "a", text: "あ", story: "1話" },
    { id: "b", text: "い", story: "2話" },
  ];
  const [{ heldOutStory }] = merged(
    own,
    [{ name: "t", train: [0], validation: [], test: [1] }],
    [{ id: "c", text: "う", story: "２話" }],
  ).counts;
  assert.equal(heldOutStory, 1);
});

test("words of a lexicon are those that the tokenizer gives", () => {
  assert.deepEqual(readSynonyms(file("wide.txt", "ＯＫ\tﾖｼ\n")).get("OK"), ["ヨシ"]);
});
