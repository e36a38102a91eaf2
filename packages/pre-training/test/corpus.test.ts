import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { readCorpus } from "../corpus";

const folder = mkdtempSync(join(tmpdir(), "corpus-"));
after(() => rmSync(folder, { recursive: true }));

// works 甲 (no dialogue), 乙 (all dialogue), 丙 (half); the quotes of 乙 and 丙, and one of a work that is not in
// the sample
before(() => {
  mkdirSync(join(folder, "aozora"));
  mkdirSync(join(folder, "kyoto-wikipedia"));
  const write = (path: string, text: string) => writeFileSync(join(folder, path), gzipSync(text));
  write(
    "aozora/aozora_sample.txt.gz",
    "甲は山へ行った。\n甲は帰った。\n\n「乙だ」\n「乙か」\n\n「丙です」と言った。\n\n",
  );
  write("aozora/aozora_quotes.txt.gz", "乙だ\n乙か\n丙です\n丁よ\n");
  write("kyoto-wikipedia/kyoto_ja.txt.gz", "京都\n京都は都市。\n\n大阪\n大阪も都市。\n\n");
});

test("works with most dialogue come first, every k-th is held out, with its lines of dialogue wherever they stand", () => {
  const corpus = readCorpus(folder, { proseCharacters: 17, articleCharacters: 100, heldOutEvery: 2 });
  assert.deepEqual(corpus.prose, ["「乙だ」", "「乙か」", "京都", "京都は都市。"]);
  assert.deepEqual(corpus.heldOutProse, ["「丙です」と言った。", "大阪", "大阪も都市。"]);
  assert.deepEqual(corpus.heldOutDialogue, ["丙です"]);
  assert.deepEqual(corpus.dialogue, ["乙だ", "乙か", "丁よ"]);
});

test("the hash depends on the options", () => {
  const hash = (every: number) =>
    readCorpus(folder, { proseCharacters: 17, articleCharacters: 100, heldOutEvery: every }).hash;
  assert.equal(hash(2), hash(2));
  assert.notEqual(hash(2), hash(3));
});
