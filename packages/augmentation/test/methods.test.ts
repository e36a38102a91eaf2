import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { BUILTIN_MODEL } from "../../../test/builtin";
import { openTokenizer } from "../../tokenizer";
import { COPYING, type CopyOptions, copiesBy } from "../methods";

const folder = mkdtempSync(join(tmpdir(), "methods-"));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const texts = ["今日は本当に楽しい日だった", "明日は雨が降るらしい", "先輩に手紙を渡したい"];
const made = async (changes: Partial<CopyOptions>) =>
  copiesBy(texts, {
    splits: [{ name: "a", train: [0, 2], validation: [1], test: [] }],
    methods: [],
    model: BUILTIN_MODEL,
    tokenizer: await openTokenizer(BUILTIN_MODEL),
    share: 0.3,
    copies: 2,
    doc2vecTexts: "",
    synonyms: "",
    backTranslations: "",
    ...changes,
  });

test("only texts that a split learns from get copies, as many as asked for", async () => {
  const [{ system, copies }] = await made({ methods: ["swap"] });
  assert.equal(system, "words swapped");
  assert.deepEqual(
    copies.map(({ length }) => length),
    [2, 0, 2],
  );
  assert.notEqual(copies[0][0], texts[0]);
});

test("a method's copies do not depend on the others, and stand in one order", async () => {
  const [alone] = await made({ methods: ["bert"] });
  const all = await made({ methods: ["bert", "delete", "swap"] });
  assert.deepEqual(
    all.map(({ system }) => system),
    ["words swapped", "words left out", "BERT neighbours"],
  );
  assert.deepEqual(all[2], alone);
});

test("files add synonyms and back-translations", async () => {
  const [synonyms, back] = await made({
    synonyms: file("words.txt", "先輩\t上司\n"),
    backTranslations: file("back.tsv", `text\tback\n${texts[0]}\t今日は楽しかった\n${texts[1]}\t雨らしい\n`),
  });
  assert.deepEqual(synonyms.copies[2], ["上司に手紙を渡したい", "上司に手紙を渡したい"]);
  assert.deepEqual(back.copies, [["今日は楽しかった"], [], []]);
});

test("the names of methods are those of notebook 05's setting", () =>
  assert.deepEqual(COPYING, ["swap", "delete", "insert", "doc2vec", "bert", "masked"]));
