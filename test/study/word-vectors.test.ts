import assert from "node:assert/strict";
import { test } from "node:test";
import { doc2vecModel, openDoc2vec } from "../../lib/experiment/doc2vec";
import { learnWordVectors } from "../../lib/study/word-vectors";
import { runsFolder } from "../experiment/tiny-trials";

runsFolder();

const texts = ["猫が鳴く", "犬が走る", "猫が眠る", "犬が吠える"];
const how = { dimensions: 3, minCount: 2, epochs: 2 };

test("a word's vector is that of the doc2vec learnt from the texts, a rare word has none", async () => {
  const vectors = await learnWordVectors(texts, how);
  const { folder } = await doc2vecModel(texts, how);
  assert.equal(vectors.dimensions, 3);
  assert.deepEqual(vectors.of("猫"), openDoc2vec(folder).word("猫"));
  assert.equal(vectors.of("吠える"), undefined);
});
