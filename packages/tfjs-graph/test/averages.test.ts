/** Averages of trained weights against the formula in float64, of both engines, with rows that are not held too. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ready } from "../backend";
import { openEngine } from "../engine";
import { type Engine, type EngineSettings, shapesOf } from "../engine-types";
import { addDecayedWeights } from "../optimizer";
import { openUsedRows } from "../used-rows";
import { onNative } from "./native";
import { ADAMW, isDecayed, TINY, tinyBatch, tinyLogits, tinyLoss, tinyWeights } from "./tiny";

before(ready);

const weights = tinyWeights(TINY);
const batch = tinyBatch({ ...TINY, vocabulary: 6 }, 3, 5, 1); // 6 of the 20 rows
const table = "embeddings.weight";
const [clip, adam] = ADAMW;
const settings: EngineSettings = {
  weights,
  trainable: Object.keys(weights).filter((name) => !name.startsWith("layer.0.key")),
  loss: tinyLoss(TINY),
  outputs: (context) => tinyLogits(TINY, context),
  trainShapes: [shapesOf(batch)],
  outputShapes: [shapesOf(batch)],
  optimizer: [clip, adam, addDecayedWeights(0.5, (name) => isDecayed(name) || name === table)],
  averaged: true,
};
const modes = [
  ["traced", onNative],
  ["eager", {}],
] as const;
const step = (engine: Engine, seed: number) => engine.step(batch, { learningRate: 0.03 / seed, seed });

/** Averages of five steps that keep `kept` of what they were, after a first one that is all of the weights. */
function averaged(engine: Engine, kept = 0.8) {
  const courses = Object.entries(weights).map(([name]) => [name, [] as number[]] as const);
  for (const seed of [1, 2, 3, 4, 5]) {
    step(engine, seed);
    engine.average(seed === 1 ? 1 : 1 - kept);
    const now = engine.weights();
    for (const [name, course] of courses)
      now[name].data.forEach((value, i) => {
        course[i] = seed === 1 ? value : kept * course[i] + (1 - kept) * value;
      });
  }
  return { found: engine.averages(), expected: Object.fromEntries(courses) };
}

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  assert.equal(actual.length, expected.length, what);
  Array.from(actual).forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]) < 1e-6, `${what} ${i}: ${value}, expected ${expected[i]}`),
  );
}

for (const [mode, options] of modes) {
  const open = (more: Partial<EngineSettings> = {}) => openEngine({ ...settings, mode, ...more });

  test(`averages are kept · a + (1 - kept) · w after every step (${mode})`, options, () => {
    const engine = open();
    const { found, expected } = averaged(engine);
    for (const [name, values] of Object.entries(expected)) near(found[name].data, values, name);
    assert.notDeepEqual(found["classifier.weight"], engine.weights()["classifier.weight"]);
    assert.deepEqual(found["layer.0.key.weight"], weights["layer.0.key.weight"]);
    engine.dispose();
  });

  test(`outputs are those of the averages (${mode})`, options, () => {
    const engine = open();
    const { found } = averaged(engine);
    const plain = open({ weights: found, averaged: false });
    assert.deepEqual(engine.outputs(batch), plain.outputs(batch));
    engine.dispose();
    plain.dispose();
  });

  test(`averages start as the weights, and by a share of 1 they have their bits (${mode})`, options, () => {
    const engine = open();
    step(engine, 1);
    assert.deepEqual(engine.averages(), weights);
    engine.average(0.5);
    engine.average(1);
    assert.deepEqual(engine.averages(), engine.weights());
    engine.dispose();
  });

  test(`averages change no step (${mode})`, options, () => {
    const [with_, without] = [open(), open({ averaged: false })];
    for (const seed of [1, 2, 3]) {
      assert.deepEqual(step(with_, seed), step(without, seed));
      with_.average(0.3);
    }
    assert.deepEqual(with_.weights(), without.weights());
    assert.deepEqual(without.averages(), without.weights());
    with_.dispose();
    without.dispose();
  });

  test(
    `restored, averages go on to the same bits; without a state they begin anew (${mode})`,
    options,
    () => {
      const [engine, resumed] = [open(), open()];
      averaged(engine);
      resumed.restore(engine.weights(), engine.optimizerState());
      assert.deepEqual(averaged(resumed).found, averaged(engine).found);
      resumed.restore(weights);
      assert.deepEqual(resumed.averages(), weights);
      engine.dispose();
      resumed.dispose();
    },
  );

  test(`an engine without averages refuses to move them (${mode})`, options, () => {
    const engine = open({ averaged: false });
    assert.throws(() => engine.average(0.1), /opened without averages: set averaged: true/);
    engine.dispose();
  });
}

test("averages of used rows alone are those of all rows, and go on after a restart", onNative, () => {
  const rows = { table, ids: Array.from({ length: 10 }, (_, id) => id), multiple: 1 };
  const [all, some, resumed] = [
    openEngine(settings),
    openUsedRows(settings, rows),
    openUsedRows(settings, rows),
  ];
  const [{ found: expected }, { found }] = [averaged(all), averaged(some)];
  for (const name of Object.keys(weights)) near(found[name].data, expected[name].data, name);
  assert.notDeepEqual(found[table], some.weights()[table]);
  resumed.restore(some.weights(), some.optimizerState());
  assert.deepEqual(averaged(resumed).found, averaged(some).found);
  for (const engine of [all, some, resumed]) engine.dispose();
  const without = openUsedRows({ ...settings, averaged: false }, rows);
  step(without, 1);
  assert.deepEqual(without.averages(), without.weights());
  without.dispose();
});
