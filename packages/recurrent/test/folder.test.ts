import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { Random } from "../../../lib/support/random";

process.env.KOMALAB_CACHE = mkdtempSync(join(tmpdir(), "recurrent-cache-"));
process.env.KOMALAB_RUNS = mkdtempSync(join(tmpdir(), "recurrent-runs-"));

import { runTrial } from "../../../lib/experiment/classification";
import { storeDataset } from "../../../lib/experiment/dataset";
import { doc2vecModel, openDoc2vec } from "../../../lib/experiment/doc2vec";
import { prepare } from "../../../lib/experiment/prepare";
import { planTrials } from "../../../lib/experiment/trials";
import { ready, threadCount } from "../../tfjs-graph";
import {
  openRecurrent,
  readWordVectors,
  recurrentFolder,
  recurrentHash,
  vocabularyOf,
  type WordVectors,
} from "../index";

const texts = ["猫が鳴く", "犬が走る", "猫が眠る", "犬が吠える", "猫の声", "犬の足", "猫だ", "犬だ"];
const small = { embedding: 6, hidden: 8, weightDrop: 0.1 };
const vectors = { dimensions: 2, of: (word: string) => (word === "猫" ? Float32Array.of(1, 2) : undefined) };

before(ready);

test("words are counted in the texts and stand by frequency", async () => {
  assert.deepEqual((await vocabularyOf(["猫が鳴く", "猫が眠る猫"])).slice(0, 2), ["猫", "が"]);
});

test("an unknown word and an empty text are the unknown word", async () => {
  const { folder } = await recurrentFolder(["猫"], small);
  const { encode } = await openRecurrent(folder);
  assert.deepEqual(encode("猫").ids, [2]);
  assert.deepEqual(encode("犬").ids, [1]);
  assert.deepEqual(encode("").ids, [1]);
});

test("the vocabulary may be cut", async () => {
  const { folder } = await recurrentFolder(texts, { ...small, vocabulary: 1 });
  const { network } = await openRecurrent(folder);
  assert.deepEqual(network(2, new Random(1)).weights["embeddings.trained"].shape, [3, 6]);
});

test("a known word has the vector given for it, every other word zeros", async () => {
  const { folder } = await recurrentFolder(texts, small, vectors);
  const { encode, network } = await openRecurrent(folder);
  const { shape, data } = network(2, new Random(1)).weights["embeddings.fixed"];
  const cat = encode("猫").ids[0];
  assert.equal(shape[1], 2);
  assert.deepEqual(Array.from(data.subarray(2 * cat, 2 * cat + 2)), [1, 2]);
  assert.equal(data.filter((value) => value !== 0).length, 2);
});

/** The row of a word's vector in the network that a folder gives. */
async function rowOf(word: string, given: WordVectors): Promise<number[]> {
  const { encode, network } = await openRecurrent((await recurrentFolder(texts, small, given)).folder);
  const { shape, data } = network(2, new Random(1)).weights["embeddings.fixed"];
  const [id] = encode(word).ids;
  return Array.from(data.subarray(shape[1] * id, shape[1] * (id + 1)));
}

test("vectors of word2vec's text and of its binary file are those of the network's words", async () => {
  const folder = mkdtempSync(join(tmpdir(), "recurrent-vectors-")),
    words = await vocabularyOf(texts);
  const [text, binary] = ["a.txt", "a.bin"].map((name) => join(folder, name));
  writeFileSync(text, "2 3\n猫 0.5 -1 2\n鳥 9 9 9\n");
  const numbers = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);
  writeFileSync(
    binary,
    Buffer.concat([Buffer.from("2 3\n鳥 "), numbers(9, 9, 9), Buffer.from("\n猫 "), numbers(0.5, -1, 2)]),
  );
  for (const path of [text, binary]) {
    assert.deepEqual(await rowOf("猫", readWordVectors(path, words)), [0.5, -1, 2], path);
    assert.deepEqual(await rowOf("犬", readWordVectors(path, words)), [0, 0, 0], path);
  }
});

test("vectors of a doc2vec learnt here are those of the network's words", async () => {
  const how = { dimensions: 4, skipGram: true, algorithm: "dbow", minCount: 2, epochs: 1 } as const;
  const trained = openDoc2vec((await doc2vecModel(texts, how)).folder),
    vectors = { dimensions: 4, of: (word: string) => trained.word(word) };
  const learnt = vectors.of("猫")!;
  assert.ok(learnt.some((value) => value !== 0));
  assert.deepEqual(await rowOf("猫", vectors), Array.from(learnt));
  assert.deepEqual(await rowOf("鳴く", vectors), [0, 0, 0, 0]); // too rare for it
});

test("equal texts, options and vectors are one folder, others another", async () => {
  const one = await recurrentFolder(texts, small, vectors);
  assert.deepEqual(await recurrentFolder(texts, small, vectors), one);
  assert.notEqual((await recurrentFolder(texts, small)).sha256, one.sha256);
  assert.equal(recurrentHash(one.folder), one.sha256);
});

const trialsOf = async (freeze: "all" | "fixed") =>
  planTrials({
    experiment: "recurrent",
    systems: [{ system: "BiLSTM", settings: { freeze } }],
    model: await recurrentFolder(texts, small, vectors),
    splits: [{ name: "test", train: [0, 1, 2, 3], validation: [6, 7], test: [4, 5] }],
    classes: ["犬", "猫"],
    dataset: storeDataset(
      texts.map((text, i) => ({ id: `${i}`, text, label: text.startsWith("猫") ? 1 : 0 })),
    ),
    seeds: 1,
    settings: {
      threads: threadCount,
      epochs: 30,
      batchSize: 4,
      learningRate: 0.01,
      schedule: "constant",
      warmupRatio: 0,
    },
  });

test("as a trial it is trained, tested and stored like any other, and learns", async () => {
  const [trial] = await trialsOf("fixed");
  const { result } = await runTrial(trial);
  assert.equal(result.history.at(-1)?.trainAccuracy, 1);
  assert.equal((await runTrial(trial)).reused, true);
});

test("the freeze mode fixed leaves the word vectors as they are, all trains them", async () => {
  const frozen = async (freeze: "all" | "fixed") => {
    const [trial] = await trialsOf(freeze);
    const { model, freeze: trained } = await prepare(trial);
    return Object.keys(model.weights).filter((name) => !trained(name));
  };
  assert.deepEqual(await frozen("fixed"), ["embeddings.fixed"]);
  assert.deepEqual(await frozen("all"), []);
});
