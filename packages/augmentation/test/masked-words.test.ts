import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { loadPretrained } from "../../../lib/models/pretrained";
import { projectRoot } from "../../../lib/support/files";
import { Random } from "../../../lib/support/random";
import { openTokenizer } from "../../tokenizer";
import { maskedReplacements } from "../masked-words";
import { similarWords } from "../similar-words";

const folder = join(projectRoot, "data/model");

test("the built-in BERT replaces one word of each line, and equal generators choose the same", async () => {
  const tokenizer = await openTokenizer(folder),
    pretrained = loadPretrained(folder);
  const texts = ["私は昨日学校へ行きました。", "お前は何を言っているんだ！", "……！？"];
  const options = () => ({ pretrained, tokenizer, share: 0.1, candidates: 10, random: new Random(1) });
  const copies = await maskedReplacements(texts, options());
  const changed = (text: string, copy: string) => {
    const [before, after] = [tokenizer.words(text).join("|"), copy];
    return before.split("|").join("") !== after;
  };
  assert.deepEqual(
    texts.map((text, i) => changed(text, copies[i])),
    [true, true, false],
  );
  assert.ok(copies[0].endsWith("。") && copies[1].endsWith("!"), copies.join(" "));
  assert.deepEqual(await maskedReplacements(texts, options()), copies);
});

test("a pre-trained model without a masked-word head is refused by the tensor that it lacks", async () => {
  const tokenizer = await openTokenizer(folder),
    pretrained = loadPretrained(folder);
  const weights = Object.fromEntries(
    Object.entries(pretrained.weights).filter(([name]) => !name.startsWith("cls.")),
  );
  await assert.rejects(
    maskedReplacements(["やった。"], {
      pretrained: { ...pretrained, weights },
      tokenizer,
      share: 0.1,
      candidates: 3,
      random: new Random(1),
    }),
    /lacks cls\.predictions/,
  );
});

test("words near 嬉しい in the built-in BERT are whole words without itself", async () => {
  const { vocabulary } = await openTokenizer(folder),
    { weights, encoder } = loadPretrained(folder);
  const near = similarWords(vocabulary, weights[encoder.names.wordEmbeddings], 5)("嬉しい");
  assert.equal(near.length, 5);
  assert.ok(
    near.every((word) => vocabulary.ids.has(word) && !word.startsWith("##") && word !== "嬉しい"),
    near.join(" "),
  );
});
