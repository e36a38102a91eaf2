import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeTinyModel } from "../../../test/experiment/tiny-model";
import { openTokenizer, TOKENIZER_FILES, tokenizerHash, withUserDictionary } from "../folder";

const folder = mkdtempSync(join(tmpdir(), "komalab-hash-"));
after(() => rmSync(folder, { recursive: true }));
writeTinyModel(folder, ["とても良い"]);

test("every file that decides tokens decides the hash of a model", async () => {
  const seen = new Set([await tokenizerHash(folder)]);
  const config = { tokenizer_class: "BertJapaneseTokenizer", word_tokenizer_type: "mecab" };
  for (const name of TOKENIZER_FILES) {
    writeFileSync(join(folder, name), JSON.stringify({ ...config, changed: name }));
    seen.add(await tokenizerHash(folder));
  }
  assert.equal(seen.size, TOKENIZER_FILES.length + 1);
});

test("the dictionary of words decides the hash of a model", async () => {
  const path = join(folder, "tokenizer_config.json");
  const config = (mecab_dic: string) =>
    writeFileSync(
      path,
      JSON.stringify({
        tokenizer_class: "BertJapaneseTokenizer",
        word_tokenizer_type: "mecab",
        mecab_kwargs: { mecab_dic },
      }),
    );
  config("ipadic");
  const ipadic = await tokenizerHash(folder);
  config("unidic_lite");
  assert.notEqual(await tokenizerHash(folder), ipadic);
});

test("a user dictionary adds words, decides the hash, and stays with the folder that it is set for", async () => {
  const model = join(folder, "model");
  mkdirSync(model);
  writeTinyModel(model, ["とても良い"]);
  const csv = join(folder, "names.csv");
  writeFileSync(csv, "ベホマズンさん,,,-5000,名詞,固有名詞,人名,一般\n");
  const plain = await tokenizerHash(model);
  assert.equal(withUserDictionary(model), model);
  process.env.KOMALAB_CACHE = join(folder, "cache");
  process.env.KOMALAB_USER_DICTIONARY = csv;
  try {
    const made = withUserDictionary(model);
    assert.equal(withUserDictionary(model), made);
    delete process.env.KOMALAB_USER_DICTIONARY; // as in a worker on another machine
    assert.ok((await openTokenizer(made)).words("ベホマズンさんだ").includes("ベホマズンさん"));
    const hash = await tokenizerHash(made);
    assert.notEqual(hash, plain);
    process.env.KOMALAB_USER_DICTIONARY = csv;
    writeFileSync(csv, "ピカリン,,,100\n");
    assert.notEqual(await tokenizerHash(withUserDictionary(model)), hash);
    assert.equal(await tokenizerHash(made), hash);
    process.env.KOMALAB_USER_DICTIONARY = join(folder, "name.csv");
    assert.throws(() => withUserDictionary(model), /name\.csv is not there: did you mean .*names\.csv/);
  } finally {
    delete process.env.KOMALAB_CACHE;
    delete process.env.KOMALAB_USER_DICTIONARY;
  }
});
