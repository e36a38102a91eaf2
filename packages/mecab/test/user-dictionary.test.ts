import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { cacheFolder } from "../../../lib/support/files";
import { type DictionaryName, loadSegmenter } from "../morphemes";
import reference from "./user_words.json";

const folder = mkdtempSync(join(tmpdir(), "komalab-words-"));
after(() => rmSync(folder, { recursive: true }));

function written(name: string, ...lines: readonly string[]): string {
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}
const withWords = (name: DictionaryName, ...lines: readonly string[]) =>
  loadSegmenter(name, { userDictionary: written(name, ...lines) });

const fetched = existsSync(join(cacheFolder(), "unidic-lite-1.0.8"));

for (const [name, { csv, lines, differ }] of Object.entries(reference) as [
  DictionaryName,
  (typeof reference)["ipadic"],
][])
  test(`${name}: ${lines.length} lines, ${differ} of them changed by a user dictionary, have the words of MeCab with it`, {
    skip: name === "ipadic" || fetched ? false : "unidic-lite is not in the cache folder",
  }, async () => {
    const words = await withWords(name, ...csv);
    for (const [text, expected] of lines as [string, string[]][])
      assert.deepEqual(words(text), expected, text);
  });

test("a name needs no contexts, and other texts keep their words", async () => {
  const plain = await loadSegmenter();
  const words = await withWords("ipadic", "ベホマズン,,,2000,名詞,固有名詞,人名,一般", "");
  assert.deepEqual(words("ベホマズンさんが来た"), ["ベホマズン", "さん", "が", "来", "た"]);
  assert.deepEqual(words("今日はいい天気だ"), plain("今日はいい天気だ"));
});

test("a line that is none of MeCab's is refused with file, line, what stands there and an example", async () => {
  const refused: Readonly<Record<string, RegExp>> = {
    ベホマズン: /ipadic\.csv, line 2: there are no word and three numbers in "ベホマズン".*ベホマズン,,,5000/,
    "名,x,1,1": /line 2: there are no word and three numbers/,
    "名,1316,1,1": /line 2: the left context is "1316", not a whole number from 0 to 1315/,
    "名,1,-1,1": /line 2: the right context is "-1"/,
    "名,1,1,40000": /line 2: the cost is "40000", not a whole number from -32768 to 32767/,
    "名,1,1,": /line 2: the cost is ""/,
    ",1,1,1": /line 2: the word is empty/,
    "ｶﾞｰﾙ,1,1,1": /line 2: the word is read as ガール in every text \(NFKC\)/,
  };
  for (const [line, message] of Object.entries(refused))
    await assert.rejects(withWords("ipadic", "ピカリン,,,100", line), message);
});
