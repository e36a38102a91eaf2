import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync } from "node:zlib";
import reference from "../../../test/reference/mecab.json";
import { segmenterOf } from "../lattice";
import { readMecabDictionary } from "../mecab-dictionary";

const folder = mkdtempSync(join(tmpdir(), "komalab-mecab-"));
after(() => rmSync(folder, { recursive: true }));
for (const [name, content] of Object.entries(reference.files)) {
  writeFileSync(join(folder, name), gunzipSync(Buffer.from(content, "base64")));
}

const segment = segmenterOf(readMecabDictionary(folder));

test("the choice among cheapest paths and the rules for unknown words are MeCab's, on 220 lines of made-up words", () => {
  for (const [text, words] of reference.lines as [string, string[]][])
    assert.deepEqual(segment(text), words, text);
});

test("a text of 30,000 characters has the words of its sentences", () => {
  const sentence = "猫が鳴く。";
  assert.deepEqual(
    segment(`${sentence} `.repeat(5000)),
    Array.from({ length: 5000 }, () => segment(sentence)).flat(),
  );
});

test("a dictionary that is cut short is refused by name", () => {
  writeFileSync(join(folder, "sys.dic"), readFileSync(join(folder, "sys.dic")).subarray(0, 200));
  assert.throws(() => readMecabDictionary(folder), /sys\.dic is shorter than its header says/);
});

test("a file of another kind is refused by name", () => {
  writeFileSync(join(folder, "sys.dic"), Buffer.alloc(100));
  assert.throws(() => readMecabDictionary(folder), /sys\.dic is not a dictionary of MeCab/);
});
