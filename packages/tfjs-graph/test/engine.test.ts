import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../backend";
import { openEngine } from "../engine";
import { type Engine, type EngineSettings, shapesOf } from "../engine-types";
import { nativeBackend } from "../native";
import { type Optimizer, scaleByAdam } from "../optimizer";
import { closeSessions } from "../sessions";
import { onNative } from "./native";
import { ADAM, ADAMW, TINY, tinyBatch, tinyLogits, tinyLoss, tinyWeights } from "./tiny";

const weights = tinyWeights(TINY);
const batches = [tinyBatch(TINY, 3, 5, 1), tinyBatch(TINY, 4, 7, 2)];
const shapes = batches.map(shapesOf);

const open = (more: Partial<EngineSettings> = {}, rate = 0.1): Engine =>
  openEngine({
    weights,
    trainable: Object.keys(weights),
    loss: tinyLoss(TINY, rate),
    outputs: (context) => tinyLogits(TINY, context),
    trainShapes: shapes,
    outputShapes: shapes,
    optimizer: ADAMW,
    ...more,
  });

/** The losses and norms of n steps that alternate between two shapes. */
const losses = (engine: Engine, n = 6, from = 0) =>
  Array.from({ length: n }, (_, i) =>
    engine.step(batches[(from + i) % 2], { learningRate: 1e-3, seed: 100 + from + i }),
  ).flatMap(({ loss, gradientNorm }) => [loss, gradientNorm]);

const using = <T>(engine: Engine, work: (engine: Engine) => T): T => {
  try {
    return work(engine);
  } finally {
    engine.dispose();
  }
};
const bindings = () =>
  nativeBackend().binding as unknown as { getNumOfTensors(): number; getNumOfSavedModels(): number };

const [clip, adam, decay] = ADAMW;
const kinds: Readonly<Record<string, Optimizer>> = {
  AdamW: ADAMW,
  "AdamW without bias correction": [clip, scaleByAdam({ ...ADAM, biasCorrection: false }), decay],
  "Adam with decay in the gradient": [clip, decay, adam],
  "Adam without clipping and decay": [adam],
};
for (const [name, optimizer] of Object.entries(kinds)) {
  test(`traced steps give the eager steps' losses and norms: ${name}`, onNative, () => {
    const [traced, eager] = (["traced", "eager"] as const).map((mode) =>
      using(open({ optimizer, mode }), (engine) => {
        assert.equal(engine.mode, mode);
        return losses(engine);
      }),
    );
    traced.forEach((value, i) =>
      assert.ok(
        Math.abs(value - eager[i]) <= 2e-6 * Math.abs(eager[i]),
        `${i}: ${value} traced, ${eager[i]} eager`,
      ),
    );
  });
}

for (const [name, more, mode] of [
  ["traced", {}, onNative],
  ["eager", { mode: "eager" }, {}],
] as const) {
  test(`the squares of the stages' norms add up to that of the global norm: ${name}`, mode, () => {
    const stageOf = (parameter: string) => parameter.split(".")[0];
    const result = using(open({ ...more, stageOf }), (engine) =>
      engine.step(batches[0], { learningRate: 1e-3, seed: 1 }),
    );
    const norms = Object.entries(result.stageNorms ?? {});
    assert.deepEqual(
      norms.map(([stage]) => stage),
      ["embeddings", "layer", "classifier"],
    );
    const sum = norms.reduce((total, [, norm]) => total + norm ** 2, 0);
    assert.ok(
      norms.every(([, norm]) => norm > 0) && Math.abs(sum / result.gradientNorm ** 2 - 1) < 1e-5,
      `${sum}, ${result.gradientNorm ** 2}`,
    );
    const without = using(open(more), (engine) => engine.step(batches[0], { learningRate: 1e-3, seed: 1 }));
    assert.deepEqual(without, { loss: result.loss, gradientNorm: result.gradientNorm });
  });
}

test("an optimiser that is not carried out is refused with what it may be", () => {
  assert.throws(
    () => open({ optimizer: [adam, clip] }),
    /an optimiser of scaleByAdam, clipByGlobalNorm: it must be clipByGlobalNorm or nothing, then scaleByAdam/,
  );
});

test("products in bfloat16 stay near float32, and are not float32", onNative, () => {
  const [exact, low] = (["float32", "bfloat16"] as const).map((precision) =>
    using(open({ precision }, 0), (engine) => losses(engine, 20)),
  );
  assert.notDeepEqual(low, exact);
  low.forEach((value, i) =>
    assert.ok(Math.abs(value / exact[i] - 1) < 0.05, `${i}: ${value}, float32 ${exact[i]}`),
  );
});

test("products in bfloat16 are refused where steps are not traced, with the reason", onNative, () => {
  assert.throws(
    () => open({ precision: "bfloat16", mode: "eager" }),
    /products in bfloat16 need traced steps \(eager steps were asked for\): use precision "float32"/,
  );
});

test("training shows in the outputs of every shape: one session holds all graphs", onNative, () => {
  using(open(), (engine) => {
    const before = batches.map((batch) => engine.outputs(batch).data);
    engine.step(batches[0], { learningRate: 1e-2, seed: 1 });
    const after = batches.map((batch) => engine.outputs(batch).data);
    after.forEach((data, i) => assert.notDeepEqual(data, before[i]));
  });
});

test("a step's loss depends on the dropout seed alone", onNative, () => {
  const first = (seed: number) =>
    using(open(), (engine) => engine.step(batches[0], { learningRate: 0, seed }).loss);
  assert.equal(first(7), first(7));
  assert.notEqual(first(7), first(8));
});

for (const mode of ["traced", "eager"] as const) {
  test(`every call of dropout in a step has a mask of its own (${mode})`, onNative, () => {
    const loss: EngineSettings["loss"] = ({ parameters, dropout }) => {
      const [one, other] = [dropout(parameters.x, 0.5), dropout(parameters.x, 0.5)];
      return { loss: tf.sum(tf.mul(one, other)), aux: tf.concat([one, other]) };
    };
    const x = { shape: [64], data: new Float32Array(64).fill(1) };
    const engine = openEngine({
      weights: { x },
      trainable: ["x"],
      loss,
      trainShapes: [{}],
      optimizer: ADAMW,
      mode,
    });
    assert.equal(engine.mode, mode);
    const data = using(engine, () => engine.step({}, { learningRate: 0, seed: 3 }).aux?.data ?? []);
    assert.equal(data.length, 128);
    assert.notDeepEqual(data.slice(0, 64), data.slice(64));
  });
}

test("outputs have no dropout", onNative, () => {
  using(open(), (engine) => assert.deepEqual(engine.outputs(batches[0]), engine.outputs(batches[0])));
});

for (const mode of ["traced", "eager"] as const) {
  test(`restored into a new engine, training goes on bit for bit (${mode})`, onNative, () => {
    const [straight, stored] = using(open({ mode }), (engine) => {
      losses(engine, 3);
      const state = { weights: engine.weights(), optimizer: engine.optimizerState() };
      return [losses(engine, 4, 3), state] as const;
    });
    const resumed = using(open({ mode }), (engine) => {
      engine.restore(stored.weights, stored.optimizer);
      return losses(engine, 4, 3);
    });
    assert.deepEqual(resumed, straight);
  });

  test(`frozen weights stay, trained ones move (${mode})`, onNative, () => {
    const trainable = ["classifier.weight", "layer.0.down.bias"];
    using(open({ mode, trainable }), (engine) => {
      losses(engine, 2);
      const after = engine.weights();
      const moved = Object.keys(weights).filter(
        (name) => !Buffer.from(after[name].data.buffer).equals(Buffer.from(weights[name].data.buffer)),
      );
      assert.deepEqual(moved.sort(), [...trainable].sort());
    });
  });

  test(`the number of tensors is constant over steps and 0 after dispose (${mode})`, onNative, () => {
    const count = () => [tf.memory().numTensors, bindings().getNumOfTensors()];
    const before = count();
    using(open({ mode }), (engine) => {
      losses(engine, 2);
      const after = count();
      losses(engine, 20, 2);
      engine.outputs(batches[0]);
      assert.deepEqual(count(), after);
    });
    assert.deepEqual(count(), before);
  });
}

test("an engine with the graph of a closed one starts afresh in its session", onNative, () => {
  const first = using(open(), (engine) => losses(engine, 3));
  const sessions = bindings().getNumOfSavedModels();
  assert.deepEqual(
    using(open(), (engine) => losses(engine, 3)),
    first,
  );
  assert.equal(bindings().getNumOfSavedModels(), sessions);
  closeSessions();
  assert.equal(bindings().getNumOfSavedModels(), 0);
});

test("an op without a shape rule is named, and its steps run eagerly", onNative, () => {
  const outputs = () => tf.cumprod(tf.ones([3]));
  using(openEngine({ weights: {}, outputs, outputShapes: [shapes[0]] }), (engine) => {
    assert.equal(engine.mode, "eager");
    assert.match(engine.reason, /no shape rule for TensorFlow's op Cumprod/);
    assert.deepEqual([...engine.outputs(batches[0]).data], [1, 1, 1]);
  });
});

test("a value read within the step, or a tensor made outside it, is refused by name", onNative, () => {
  const kept = tf.keep(tf.scalar(2));
  kept.dataSync();
  tf.add(kept, 1).dispose(); // now it is on the device
  const reasonOf = (outputs: EngineSettings["outputs"]) =>
    using(openEngine({ weights: {}, outputs, outputShapes: [shapes[0]] }), (engine) => engine.reason);
  assert.match(
    reasonOf(({ inputs }) => tf.scalar(inputs.mask.dataSync()[0])),
    /reads a tensor's values/,
  );
  assert.match(
    reasonOf(({ inputs }) => tf.mul(inputs.mask, kept)),
    /made outside it/,
  );
  kept.dispose();
});

test("a parameter that the loss does not depend on is named", onNative, () => {
  const spare = { ...weights, spare: { shape: [1], data: new Float32Array(1) } };
  assert.throws(
    () => open({ weights: spare, trainable: ["spare", "classifier.bias"] }),
    /does not depend on spare/,
  );
});

test("inputs of a shape that was not announced are refused with the known ones", onNative, () => {
  using(open(), (engine) =>
    assert.throws(
      () => engine.step(tinyBatch(TINY, 2, 5), { learningRate: 0, seed: 0 }),
      /no graph of step for .*ids int32\[2,5\].*opened for: .*\[3,5\]/,
    ),
  );
});

test("weights of other shapes are refused before anything is overwritten", onNative, () => {
  using(open(), (engine) => {
    const wrong = { ...weights, "classifier.bias": { shape: [4], data: new Float32Array(4) } };
    assert.throws(() => engine.restore(wrong), /classifier\.bias has the shape \[4\], here it is \[3\]/);
  });
});
