import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeTinyModel } from "../../../test/experiment/tiny-model";
import { TOKENIZER_FILES, tokenizerHash } from "../folder";

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
