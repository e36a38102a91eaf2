import assert from "node:assert/strict";
import { test } from "node:test";
import { openEngine } from "../engine";
import { type Engine, type EngineSettings, shapesOf } from "../engine-types";
import { addDecayedWeights, scaleByParameter } from "../optimizer";
import { openUsedRows } from "../used-rows";
import { onNative } from "./native";
import { ADAMW, isDecayed, TINY, tinyBatch, tinyLogits, tinyLoss, tinyWeights } from "./tiny";

const table = "embeddings.weight";
const weights = tinyWeights(TINY);
const batch = tinyBatch({ ...TINY, vocabulary: 6 }, 3, 5, 1); // 6 of the 20 rows
const unseen = { ...batch, ids: { ...batch.ids, data: batch.ids.data.map((id) => id + 4) } }; // 4 … 9
const [clip, adam] = ADAMW;
const decay = addDecayedWeights(0.5, (name) => isDecayed(name) || name === table);
const optimizer = [clip, adam, decay];
const settings: EngineSettings = {
  weights,
  trainable: Object.keys(weights),
  loss: tinyLoss(TINY),
  outputs: (context) => tinyLogits(TINY, context),
  trainShapes: [shapesOf(batch)],
  outputShapes: [shapesOf(batch)],
  optimizer,
};
const rows = { table, ids: Array.from({ length: 10 }, (_, id) => id), multiple: 1 };

/** Five steps; the rows that never occur are 10 to 19. */
function run(engine: Engine) {
  const losses = [1, 2, 3, 4, 5].flatMap((seed) => {
    const { loss, gradientNorm } = engine.step(batch, { learningRate: 1e-2 / seed, seed });
    return [loss, gradientNorm];
  });
  const result = {
    losses,
    weights: engine.weights(),
    outputs: engine.outputs(unseen),
    state: engine.optimizerState(),
  };
  engine.dispose();
  return result;
}

const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, what: string) => {
  assert.equal(actual.length, expected.length, what);
  Array.from(actual).forEach((value, i) =>
    assert.ok(
      Math.abs(value - expected[i]) <= 2e-6 * Math.max(Math.abs(expected[i]), 1e-3),
      `${what} ${i}: ${value}, all rows ${expected[i]}`,
    ),
  );
};

test(
  "training the rows in use equals training all of them, words of the validation set and words of neither included",
  onNative,
  () => {
    const [all, some] = [run(openEngine(settings)), run(openUsedRows(settings, rows))];
    near(some.losses, all.losses, "losses and norms");
    near(some.outputs.data, all.outputs.data, "outputs");
    for (const part of [
      [0, 10],
      [10, 20],
    ]) {
      const of = (from: typeof all) => from.weights[table].data.subarray(12 * part[0], 12 * part[1]);
      near(of(some), of(all), `rows from ${part[0]}`);
      assert.ok(
        of(all).some((value, i) => value !== weights[table].data[12 * part[0] + i]),
        "they moved",
      );
    }
    assert.deepEqual(
      [all.state.firstMoments[table].shape, some.state.firstMoments[table].shape],
      [
        [20, 12],
        [10, 12],
      ],
    );
  },
);

test("rows that never occur decay by the factor of the table's rate", onNative, () => {
  const factors = scaleByParameter((name) => (name === table ? 0.3 : 1)),
    own = { ...settings, optimizer: [...optimizer, factors] };
  const [all, some] = [run(openEngine(own)), run(openUsedRows(own, rows))];
  near(some.weights[table].data, all.weights[table].data, table);
});

test("restored, it goes on to the same bits", onNative, () => {
  const engine = openUsedRows(settings, rows);
  const resumed = openUsedRows(settings, rows);
  engine.step(batch, { learningRate: 0.1, seed: 1 });
  engine.step(batch, { learningRate: 0.03, seed: 2 });
  resumed.restore(engine.weights(), engine.optimizerState());
  const [straight, again] = [run(engine), run(resumed)];
  assert.deepEqual(again, straight);
});

test("a row that was not announced is refused by number", onNative, () => {
  const engine = openUsedRows(settings, { ...rows, ids: [0, 1] });
  assert.throws(() => engine.outputs(batch), /row [2-5] of embeddings\.weight is not held/);
  engine.dispose();
});

test("all rows are held where most are used, or where Adam remembers decay", onNative, () => {
  const moments = (engine: Engine) => {
    const { shape } = engine.optimizerState().firstMoments[table];
    engine.dispose();
    return shape[0];
  };
  assert.equal(moments(openUsedRows(settings, { ...rows, multiple: 256 })), 20);
  assert.equal(moments(openUsedRows({ ...settings, optimizer: [clip, decay, adam] }, rows)), 20);
  assert.equal(moments(openUsedRows(settings, { ...rows, multiple: 3 })), 12);
});
