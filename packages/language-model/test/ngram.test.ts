import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../lib/support/random";
import { NGrams } from "../ngram";

// 0 1 0 1 0 2: behind 0 came 1 twice and 2 once, behind 1 came 0 twice
const ids = [0, 1, 0, 1, 0, 2];
const probabilities = (writer: NGrams, read: readonly number[], size: number) =>
  Array.from({ length: size }, (_, id) =>
    Math.exp(writer.likelihoods([{ read, next: [...read.slice(1), id] }])[0][read.length - 1]),
  );
const near = (value: number, expected: number) =>
  assert.ok(Math.abs(value - expected) < 1e-9, `${value} is not ${expected}`);

test("probabilities are Witten and Bell's", () => {
  const [one, two] = [new NGrams(ids, 4, 1), new NGrams(ids, 4, 2)];
  // of 6 characters 3 are 0; 3 kinds; uniformly 1/4
  near(probabilities(one, [1], 4)[0], (3 + 3 / 4) / (6 + 3));
  // behind 0: 3 characters, 2 kinds, 1 twice; alone 1 has (2 + 3/4) / 9
  near(probabilities(two, [0], 4)[1], (2 + (2 * (2 + 3 / 4)) / 9) / (3 + 2));
  near(probabilities(two, [3], 4)[0], (3 + 3 / 4) / 9); // 3 never came: what single characters say
});

test("they sum to 1, behind contexts that are known, half known and unknown", () => {
  const writer = new NGrams(ids, 5, 3);
  for (const read of [
    [0, 1],
    [4, 0],
    [4, 4],
  ])
    near(
      probabilities(writer, read, 5).reduce((sum, one) => sum + one, 0),
      1,
    );
});

test("characters are drawn as often as they are likely", () => {
  const writer = new NGrams(ids, 4, 2),
    draws = 4000;
  const pieces = Array.from({ length: draws }, () => ({ read: [0, 0], next: [0, 0] }));
  const drawn = writer.read(pieces, () => false, new Random(1)).map(([, second]) => second);
  probabilities(writer, [0], 4).forEach((expected, id) => {
    const share = drawn.filter((one) => one === id).length / draws;
    assert.ok(Math.abs(share - expected) < 0.03, `${id}: ${share}, not ${expected}`);
  });
});
