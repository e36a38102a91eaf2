import assert from "node:assert/strict";
import { test } from "node:test";
import type { TokenIds } from "../../tokenizer";
import { answerOf, dropsOf } from "../marks";
import type { Reading } from "../reading";

/** Two classes; the second one's logit is the sum of the ids. */
const batches: TokenIds[][] = [];
const network = async (texts: readonly TokenIds[]) => {
  batches.push([...texts]);
  return texts.map(({ ids }) =>
    Float32Array.of(
      0,
      ids.reduce((sum, id) => sum + id, 0),
    ),
  );
};
const word = (from: number, to: number) => ({
  ...{ span: [0, 1] as const, unknownWord: false, unknownPiece: false, otherPieces: false },
  tokens: [from, to] as const,
});
const reading: Reading = {
  ids: { ids: [0, 2, 1, -1, 0], segmentIds: [0, 0, 0, 0, 0] },
  words: [word(1, 3), word(3, 4)],
  leftOut: [],
  tooMany: 0,
};

test("a word's number is the fall of the class's log probability when all its tokens are left out", async () => {
  const [row] = await network([reading.ids]),
    answer = answerOf(row);
  assert.equal(answer.label, 1);
  const drops = await dropsOf(network, reading, answer);
  const log = (logit: number) => -Math.log(1 + Math.exp(-logit)); // of the second class
  assert.ok(Math.abs(drops[0] - (log(2) - log(-1))) < 1e-6);
  assert.ok(Math.abs(drops[1] - (log(2) - log(3))) < 1e-6);
});

test("all words are left out in one batch", async () => {
  batches.length = 0;
  await dropsOf(network, reading, answerOf([0, 2]));
  assert.deepEqual(
    batches.map((texts) => texts.map(({ ids }) => ids)),
    [
      [
        [0, -1, 0],
        [0, 2, 1, 0],
      ],
    ],
  );
});

test("of equal logits the first class is the answer, as elsewhere in komalab", () =>
  assert.equal(answerOf([1, 1]).label, 0));
