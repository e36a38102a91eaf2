/** Activations that are computed again, and batches in parts: the same numbers, in less memory. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { before, test } from "node:test";
import { ready, tf } from "../backend";
import { openEngine } from "../engine";
import { ANY, type EngineSettings, type GraphShapes, shapesOf } from "../engine-types";
import { onNative } from "./native";
import { ADAMW, TINY, tinyBatch, tinyPartLoss, tinyWeights } from "./tiny";

const SIZES = { ...TINY, layers: 2 };
const weights = tinyWeights(SIZES);
const batches = [tinyBatch(SIZES, 4, 7, 1), tinyBatch(SIZES, 4, 12, 2)];
// the last part of two has no text at all, as at the end of an epoch
batches.push({ ...batches[1], weights: { shape: [4], data: Float32Array.of(1, 3, 0, 0) } });
const anyLength: GraphShapes = Object.fromEntries(
  Object.entries(shapesOf(batches[0])).map(([name, { shape, dtype }]) => [
    name,
    { dtype, shape: shape.length === 2 ? [shape[0], ANY] : shape },
  ]),
);

before(ready);

/** Losses, norms and logits of steps on all batches, and the tensors that each step left. */
function steps(more: Partial<EngineSettings>, rate: number) {
  const engine = openEngine({
    weights,
    trainable: Object.keys(weights),
    loss: tinyPartLoss(SIZES, rate),
    trainShapes: [anyLength],
    optimizer: ADAMW,
    ...more,
  });
  try {
    assert.equal(engine.mode, more.mode ?? "traced");
    return batches.map((batch, seed) => {
      const { loss, gradientNorm, aux } = engine.step(batch, { learningRate: 1e-2, seed });
      return { numbers: [loss, gradientNorm, ...(aux?.data ?? [])], left: tf.memory().numTensors };
    });
  } finally {
    engine.dispose();
  }
}
const numbers = (found: ReturnType<typeof steps>) => found.flatMap((step) => step.numbers);

for (const mode of ["traced", "eager"] as const) {
  test(
    `with checkpointing every bit of losses, norms and logits is the same, with dropout (${mode})`,
    onNative,
    () => {
      const plain = numbers(steps({ mode }, 0.3));
      assert.deepEqual(numbers(steps({ mode, checkpointing: true }, 0.3)), plain);
      assert.notDeepEqual(numbers(steps({ mode }, 0)), plain);
    },
  );

  for (const checkpointing of [false, true])
    test(
      `in two parts the numbers are those of the whole batch${checkpointing ? ", with checkpointing" : ""} (${mode})`,
      onNative,
      () => {
        const whole = numbers(steps({ mode }, 0)),
          found = numbers(steps({ mode, accumulate: 2, checkpointing }, 0));
        assert.equal(found.length, whole.length);
        found.forEach((value, i) =>
          assert.ok(
            Math.abs(value - whole[i]) <= 1e-6 * Math.max(1, Math.abs(whole[i])),
            `${i}: ${value}, ${whole[i]}`,
          ),
        );
      },
    );

  test(`parts and checkpointing leave no tensors behind (${mode})`, onNative, () => {
    const before = tf.memory().numTensors,
      found = steps({ mode, accumulate: 2, checkpointing: true }, 0.3);
    assert.equal(new Set(found.map(({ left }) => left)).size, 1);
    assert.equal(tf.memory().numTensors, before);
  });
}

test("checkpointing trains what is trained alone", onNative, () => {
  const trainable = ["layer.0.query.weight", "layer.1.down.bias", "classifier.weight"];
  assert.deepEqual(
    numbers(steps({ trainable, checkpointing: true }, 0.3)),
    numbers(steps({ trainable }, 0.3)),
  );
});

test("rows that cannot be cut into the parts are refused with the remedy", onNative, () =>
  assert.throws(
    () => steps({ accumulate: 3 }, 0),
    /accumulate = 3: 4 rows of ids cannot be cut into 3 equal parts; take a batch size that is a multiple of 3/,
  ),
);

test("checkpointing gives the same losses with fewer bytes, which merged nodes would hold", onNative, () => {
  const [plain, again] = ["plain", "checkpointing"].map((how) => {
    const command = ["--import", "tsx", join(__dirname, "memory-steps.ts"), how];
    const output = execFileSync(process.execPath, command, { stdio: ["ignore", "pipe", "ignore"] });
    return JSON.parse(output.toString()) as { readonly losses: readonly number[]; readonly bytes: number };
  });
  assert.deepEqual(again.losses, plain.losses);
  assert.ok(again.bytes < 0.65 * plain.bytes, `${again.bytes} bytes, without it ${plain.bytes}`);
});
