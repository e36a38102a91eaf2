import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import type { Progress } from "../../../lib/support/progress";
import { Random } from "../../../lib/support/random";
import { cosine, Doc2vec, type Doc2vecOptions } from "../doc2vec";
import { kernelOver, MOST_TARGETS, newMemory, SIGMOID, UNROLLED } from "../kernel";
import { trainDoc2vec } from "../train";
import { aliasOf, Draws, keepChances, numberWords } from "../words";

type Rows = readonly (readonly number[])[];
interface Reference {
  readonly steps: readonly {
    readonly rate: number;
    readonly inputs: Rows;
    readonly targets: Rows;
    readonly inputsAfter: Rows;
    readonly targetsAfter: Rows;
  }[];
  readonly counts: readonly number[];
  readonly keep: Readonly<Record<string, readonly number[]>>;
  readonly noise: readonly number[];
}
// numbers of NumPy: packages/doc2vec/test/reference/make_doc2vec.py
const reference = JSON.parse(
  readFileSync(join(projectRoot, "packages/doc2vec/test/reference/doc2vec.json"), "utf8"),
) as Reference;

const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) => {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++)
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= tolerance,
      `place ${i}: ${actual[i]} is not ${expected[i]}`,
    );
};

/** One step of the kernel over rows laid one after another. */
function kernelStep(
  inputs: Rows,
  targets: Rows,
  {
    rate,
    learning,
    targetRate,
  }: { readonly rate: number; readonly learning: number; readonly targetRate: number },
) {
  const memory = newMemory(1e6),
    floats = new Float32Array(memory.buffer),
    integers = new Int32Array(memory.buffer);
  const width = UNROLLED * Math.ceil(inputs[0].length / UNROLLED),
    scratch = SIGMOID.length,
    list = scratch + 2 * width,
    targetList = list + 100;
  const rows = [...inputs, ...targets].map((row, i) => {
    const start = targetList + 2 * MOST_TARGETS + i * width;
    floats.set(row, start);
    return start;
  });
  integers.set(
    rows.slice(0, inputs.length).map((start) => 4 * start),
    list,
  );
  integers.set(
    rows.slice(inputs.length).map((start) => 4 * start),
    targetList,
  );
  kernelOver(memory)(
    4 * list,
    inputs.length,
    learning,
    4 * targetList,
    targets.length,
    4 * width,
    4 * scratch,
    rate,
    targetRate,
  );
  const after = rows.map((start) => Array.from(floats.subarray(start, start + width)));
  return { inputs: after.slice(0, inputs.length), targets: after.slice(inputs.length) };
}
const padded = (row: readonly number[]) => [
  ...row,
  ...Array<number>(UNROLLED * Math.ceil(row.length / UNROLLED) - row.length).fill(0),
];

test("a step changes inputs and targets as the formulas do", () => {
  for (const { rate, inputs, targets, inputsAfter, targetsAfter } of reference.steps) {
    const after = kernelStep(inputs, targets, { rate, learning: inputs.length, targetRate: rate });
    near(after.inputs.flat(), inputsAfter.flatMap(padded), 4e-3 * rate); // the sigmoid's table is off by .0005
    near(after.targets.flat(), targetsAfter.flatMap(padded), 4e-3 * rate);
  }
});

test("in inference only the first input changes", () => {
  const { rate, inputs, targets, inputsAfter } = reference.steps[1];
  const after = kernelStep(inputs, targets, { rate, learning: 1, targetRate: 0 });
  near(after.inputs[0], padded(inputsAfter[0]), 4e-3 * rate);
  near(
    [...after.inputs.slice(1), ...after.targets].flat(),
    [...inputs.slice(1), ...targets].flatMap(padded),
    1e-6,
  );
});

test("scores beyond the sigmoid's table count as its ends", () => {
  const after = kernelStep(
    [Array<number>(8).fill(100)],
    [Array<number>(8).fill(100), Array<number>(8).fill(-100)],
    { rate: 1, learning: 1, targetRate: 1 },
  );
  near([...after.inputs[0], ...after.targets[0]], Array<number>(16).fill(100), 0.1);
});

test("words are numbered by how often they occur, rare ones left out", () => {
  const { vocabulary, counts, ids, starts } = numberWords(
    [["の", "猫", "犬"], [], ["猫", "猫", "の", "鳥"]],
    2,
  );
  assert.deepEqual(
    [vocabulary, counts, [...ids], [...starts]],
    [
      ["猫", "の"],
      [3, 2],
      [1, 0, 0, 0, 1],
      [0, 2, 2, 5],
    ],
  );
  assert.throws(() => numberWords([["猫"]], 2), /none of 1 words occurs 2 times: lower minCount/);
});

test("frequent words are kept by word2vec's chances", () => {
  for (const [sample, keep] of Object.entries(reference.keep))
    near(keepChances(reference.counts, Number(sample)), keep, 1e-12);
  assert.ok(keepChances(reference.counts, 0).every((chance) => chance === 1));
});

test("words are drawn by the ¾ power of their counts", () => {
  const { chance, instead } = aliasOf(reference.counts.map((count) => count ** 0.75));
  const share = reference.noise.map(
    (_, i) =>
      (chance[i] +
        [...chance.keys()].reduce((sum, j) => sum + (instead[j] === i && j !== i ? 1 - chance[j] : 0), 0)) /
      chance.length,
  );
  near(share, reference.noise, 1e-12);
  const draws = new Draws(1),
    seen = reference.noise.map(() => 0);
  for (let i = 0; i < 100_000; i++) seen[draws.from({ chance, instead })] += 1e-5;
  near(seen, reference.noise, 5e-3);
});

/** Lines of two topics that share no word but の. */
const TOPICS = ["abcdefgh", "ABCDEFGH"].map((letters) => [...letters]);
const random = new Random(7);
const lineOf = (topic: number) =>
  Array.from({ length: 8 }, (_, i) => (i === 3 ? "の" : TOPICS[topic][random.integer(8)]));
const lines = Array.from({ length: 200 }, (_, i) => lineOf(i % 2));
const SMALL: Partial<Doc2vecOptions> = {
  dimensions: 20,
  minCount: 1,
  sample: 0.01,
  epochs: 30,
  rate: 0.05,
  window: 3,
};
const ways: readonly Partial<Doc2vecOptions>[] = [{ algorithm: "dm" }, { algorithm: "dbow", skipGram: true }];

for (const way of ways) {
  test(`${way.algorithm} finds a word's and a line's topic`, async () => {
    const model = await trainDoc2vec(lines, { ...SMALL, ...way });
    for (const topic of TOPICS) {
      const found = model.similarWords(topic[0], 5).map(({ index }) => model.vocabulary[index]);
      assert.deepEqual(
        found.filter((word) => !topic.includes(word)),
        [],
      );
    }
    for (const topic of [0, 1]) {
      const vector = model.infer(lineOf(topic));
      const nearest = [...lines.keys()]
        .map((index) => ({ index, similarity: cosine(vector, model.document(index)) }))
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, 20);
      assert.ok(nearest.filter(({ index }) => index % 2 === topic).length >= 18, JSON.stringify(nearest));
    }
  });
}

test("dbow without skip-gram leaves the words' vectors alone", async () => {
  const [few, many] = await Promise.all(
    [1, 5].map((epochs) => trainDoc2vec(lines, { ...SMALL, algorithm: "dbow", epochs })),
  );
  assert.deepEqual(few.weights.words, many.weights.words);
  assert.notDeepEqual(few.document(0), many.document(0));
});

test("a seed gives equal bits, another one does not", async () => {
  const [one, same, other] = await Promise.all(
    [1, 1, 2].map((seed) => trainDoc2vec(lines, { ...SMALL, seed })),
  );
  assert.deepEqual(one.weights, same.weights);
  assert.deepEqual(one.document(7), same.document(7));
  assert.notDeepEqual(one.document(7), other.document(7));
});

test("inference leaves the model as it is and gives equal words equal vectors", async () => {
  const model = await trainDoc2vec(lines, SMALL),
    before = model.weights;
  const [first, again, other] = [
    ["a", "b"],
    ["a", "unknown", "b"],
    ["A", "B"],
  ].map((words) => model.infer(words));
  assert.deepEqual(model.weights, before);
  assert.deepEqual(first, again);
  assert.ok(cosine(first, other) < 0.9);
  assert.equal(model.infer([]).length, 20);
});

test("stored weights make the same model", async () => {
  const model = await trainDoc2vec(lines, SMALL);
  const copy = Doc2vec.of(model.weights, model.options);
  assert.deepEqual(copy.weights, model.weights);
  assert.deepEqual(copy.infer(["a", "h"]), model.infer(["a", "h"]));
});

test("errors name the value and what to do", async () => {
  await assert.rejects(trainDoc2vec(lines, { minCount: 1e6 }), /none of 17 words occurs 1000000 times/);
  await assert.rejects(
    trainDoc2vec(lines, { negative: 32 }),
    /doc2vec: negative = 32 is not a whole number from 1 to 31/,
  );
  await assert.rejects(trainDoc2vec(lines, { dimensions: 1e7, minCount: 1 }), /need \d+\.\d GB, more than 4/);
  const model = await trainDoc2vec(lines, { ...SMALL, epochs: 1 });
  assert.throws(() => model.similarWords("犬", 3), /犬 is not among the model's 17 words/);
});

test("progress ends with all words of all epochs", async () => {
  const told: Progress[] = [];
  await trainDoc2vec(lines, SMALL, { onProgress: (progress) => told.push(progress) });
  const { done, total } = told[told.length - 1];
  assert.equal(done, total);
});

test("training can be stopped", async () => {
  const stop = AbortSignal.abort();
  await assert.rejects(trainDoc2vec(lines, SMALL, { signal: stop }), { name: "AbortError" });
});
