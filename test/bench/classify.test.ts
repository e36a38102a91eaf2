import assert from "node:assert/strict";
import { test } from "node:test";
import { batchesByTokens } from "../../bench/classify";

const texts = [3, 9, 4, 9, 1, 40, 5].map((length) => ({
  ids: new Array<number>(length).fill(7),
  segmentIds: new Array<number>(length).fill(0),
}));
const batches = batchesByTokens(texts, 20);

test("every text is in one batch, the longest first", () => {
  assert.deepEqual(batches.flat().sort(), [...texts.keys()]);
  assert.equal(batches[0][0], 5);
});

test("no batch has more tokens than asked for, but where one text alone does", () =>
  assert.deepEqual(
    batches.map((batch) => batch.length * texts[batch[0]].ids.length),
    [40, 18, 20], // 9 and 9; 5, 4, 3 and 1, padded to 5
  ));
