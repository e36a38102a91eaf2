import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/random";
import { bucketsFor, labelInputs, ladderLength, planBatches, tokenInputs } from "../../lib/train/batches";

const random = new Random(5);
const lengths = Array.from({ length: 103 }, () => 1 + random.integer(60));
const plan = { lengths, batchSize: 8, buckets: [16, 32, 64] };

test("every item is in exactly one batch", () => {
  const items = planBatches(plan, new Random(1)).flatMap((batch) => batch.items);
  assert.deepEqual([...items].sort((a, b) => a - b), [...lengths.keys()]);
});
test("there are as many batches as without buckets, and one at most is not full", () => {
  const sizes = planBatches(plan, new Random(1)).map((batch) => batch.items.length);
  assert.equal(sizes.length, Math.ceil(103 / 8));
  assert.equal(sizes.filter((size) => size < 8).length, 1);
});
test("every item fits into its batch, and short ones are not all padded to the longest", () => {
  const batches = planBatches(plan, new Random(1));
  for (const { items, tokens } of batches) assert.ok(items.every((item) => lengths[item] <= tokens));
  assert.deepEqual([...new Set(batches.map(({ tokens }) => tokens))].sort((a, b) => a - b), [16, 32, 64]);
});
test("the order depends on the seed alone", () => {
  assert.deepEqual(planBatches(plan, new Random(1)), planBatches(plan, new Random(1)));
  assert.notDeepEqual(planBatches(plan, new Random(1)), planBatches(plan, new Random(2)));
});
test("an item longer than every bucket is refused", () => {
  assert.throws(() => planBatches({ ...plan, buckets: [16] }), /item \d+ has \d+ tokens, the longest bucket 16/);
});

test("buckets are lengths of the ladder, the longest text fits", () => {
  assert.deepEqual(bucketsFor([3, 9, 10, 11, 12, 100], 3), [16, 128]);
  assert.deepEqual(bucketsFor([5, 6, 30, 31, 60, 64], 3), [8, 32, 64]);
  assert.deepEqual(bucketsFor([], 3), []);
});
test("where most texts are of one length, the others still share the buckets left", () => {
  assert.deepEqual(bucketsFor([...new Array<number>(20).fill(12), 20, 20, 20, 30, 30, 90], 3), [16, 24, 96]);
});
test("no batch is padded beyond the model's limit", () => assert.deepEqual(bucketsFor([3, 38, 40], 2, 40), [40]));
test("texts beyond the model's limit do not repeat its length", () => assert.deepEqual(bucketsFor([3, 50, 60, 70], 3, 40), [40]));

test("beyond the ladder lengths go on in steps of 128", () => assert.deepEqual([512, 513, 700].map((tokens) => ladderLength(tokens)), [512, 640, 768]));

test("token inputs are padded with 0 and masked there, rows without a text as a whole", () => {
  const { ids, types, mask } = tokenInputs([{ ids: [5, 6], types: [0, 1] }], 2, 3);
  assert.deepEqual([ids.shape, [...ids.data], [...types.data], [...mask.data]], [[2, 3], [5, 6, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0]]);
});
test("rows that fill up have weight 0", () => {
  assert.deepEqual([...labelInputs([1, 0], [2, 0.5], 4).weights.data], [2, 0.5, 0, 0]);
});
