import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/support/random";
import { drawBatches, labelInputs, paddedLength, planBatches, tokenInputs } from "../../lib/train/batches";

const random = new Random(5);
const lengths = Array.from({ length: 103 }, () => 1 + random.integer(60));
const plan = { lengths, batchSize: 8 };

test("every item is in exactly one batch", () => {
  const items = planBatches(plan, new Random(1)).flatMap((batch) => batch.items);
  assert.deepEqual(
    [...items].sort((a, b) => a - b),
    [...lengths.keys()],
  );
});
test("there are as many batches as without a look at lengths, and one at most is not full", () => {
  const sizes = planBatches(plan, new Random(1)).map((batch) => batch.items.length);
  assert.equal(sizes.length, Math.ceil(103 / 8));
  assert.equal(sizes.filter((size) => size < 8).length, 1);
});
test("a batch is padded to its longest text", () => {
  for (const { items, tokens } of planBatches({ ...plan, lengths: lengths.map((n) => Math.min(n, 32)) }))
    assert.equal(tokens, Math.max(...items.map((item) => Math.min(lengths[item], 32))));
});
test("beyond 32 tokens a batch is padded to a 32nd of a power of two", () => {
  const padded = [33, 64, 65, 129, 300].map((tokens) => planBatches({ lengths: [tokens], batchSize: 2 })[0]);
  assert.deepEqual(
    padded.map(({ tokens }) => tokens),
    [34, 64, 68, 136, 304],
  );
});
test("batches are of neighbours in length", () => {
  const batches = planBatches({ lengths: [40, 5, 9, 6, 7, 30, 8], batchSize: 2 });
  assert.deepEqual(
    batches.map(({ items }) => items),
    [[0, 5], [2], [6, 4], [3, 1]],
  );
});
test("another batch is not full in every epoch, so that no text always weighs more", () => {
  const random = new Random(1);
  const fewer = () => planBatches(plan, random).find(({ items }) => items.length < plan.batchSize)?.tokens;
  assert.ok(new Set(Array.from({ length: 20 }, fewer)).size > 5);
});
test("texts of one length meet others in every epoch", () => {
  const random = new Random(1),
    same = { lengths: Array.from({ length: 24 }, () => 300), batchSize: 8 };
  const epoch = () => planBatches(same, random).map(({ items }) => [...items].sort((a, b) => a - b).join());
  assert.notDeepEqual(epoch().sort(), epoch().sort());
});
test("the order depends on the seed alone", () => {
  assert.deepEqual(planBatches(plan, new Random(1)), planBatches(plan, new Random(1)));
  assert.notDeepEqual(planBatches(plan, new Random(1)), planBatches(plan, new Random(2)));
});

test("drawn batches hold every item once and are full but for the last", () => {
  const batches = drawBatches(plan, new Random(1));
  assert.deepEqual(
    batches.map(({ items }) => items.length),
    [...Array.from({ length: 12 }, () => 8), 7],
  );
  assert.deepEqual(
    batches.flatMap(({ items }) => items).sort((a, b) => a - b),
    [...lengths.keys()],
  );
});
test("drawn batches hold texts of all lengths, each padded to its longest", () => {
  const spread = (items: readonly number[]) => {
    const of = items.map((item) => lengths[item]);
    return Math.max(...of) - Math.min(...of);
  };
  const least = (batches: ReturnType<typeof drawBatches>) =>
    Math.min(...batches.filter(({ items }) => items.length === 8).map(({ items }) => spread(items)));
  assert.ok(least(drawBatches(plan, new Random(1))) > 20 && least(planBatches(plan, new Random(1))) < 5);
  for (const { items, tokens } of drawBatches(plan, new Random(1))) {
    const longest = Math.max(...items.map((item) => lengths[item]));
    assert.equal(tokens, longest > 32 ? longest + (longest % 2) : longest);
  }
});
test("of drawn batches too, texts are padded to the model's limit at most, and longer ones refused", () => {
  assert.equal(drawBatches({ lengths: [37, 35], batchSize: 2, longest: 37 }, new Random(1))[0].tokens, 37);
  assert.throws(
    () => drawBatches({ lengths: [37], batchSize: 2, longest: 36 }, new Random(1)),
    /a text has 37 tokens, but the model takes 36: truncate/,
  );
});

test("where few lengths are wanted they are multiples of 4, of ever larger steps from 32 tokens on", () => {
  assert.deepEqual(
    [1, 4, 5, 32, 33, 64, 65, 128, 129, 500].map((tokens) => paddedLength(tokens)),
    [4, 4, 8, 32, 40, 64, 80, 128, 160, 512],
  );
});
test("no text is padded beyond the model's limit", () => {
  assert.equal(paddedLength(38, 39), 39);
  assert.equal(planBatches({ lengths: [37, 35], batchSize: 2, longest: 37 })[0].tokens, 37);
});
test("a text beyond the model's limit is refused", () => {
  assert.throws(() => paddedLength(41, 40), /a text has 41 tokens, but the model takes 40: truncate/);
});

test("token inputs are padded with 0 and masked there, rows without a text as a whole", () => {
  const { ids, segmentIds, mask } = tokenInputs([{ ids: [5, 6], segmentIds: [0, 1] }], 2, 3);
  assert.deepEqual(
    [ids.shape, [...ids.data], [...segmentIds.data], [...mask.data]],
    [
      [2, 3],
      [5, 6, 0, 0, 0, 0],
      [0, 1, 0, 0, 0, 0],
      [1, 1, 0, 0, 0, 0],
    ],
  );
});
test("rows that fill up have weight 0", () => {
  assert.deepEqual([...labelInputs([1, 0], [2, 0.5], 4).weights.data], [2, 0.5, 0, 0]);
});
