import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Random } from "../../../lib/support/random";
import { ready, type Tensor, tf } from "../backend";
import { type LstmWeights, lstm, lstmStep } from "../lstm";
import { nativeOp } from "../native";
import { onNative } from "./native";

interface Sizes {
  readonly steps: number;
  readonly batch: number;
  readonly inputs: number;
  readonly hidden: number;
}

function drawn({ steps, batch, inputs, hidden }: Sizes) {
  const random = new Random(steps + batch + hidden);
  const tensor = (shape: number[]) =>
    tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal() / 2),
      shape,
    );
  return [
    tensor([steps, batch, inputs]),
    ...[[4 * hidden, inputs], [4 * hidden, hidden], [4 * hidden]].map(tensor),
    tensor([steps, batch, hidden]), // the gradient of the states
  ];
}

const weightsOf = ([, input, hidden, bias]: readonly Tensor[]): LstmWeights => ({ input, hidden, bias });

/** Step by step, by plain ops. */
function stepByStep(x: Tensor, weights: LstmWeights): Tensor {
  const [steps, batch, inputs] = x.shape as [number, number, number],
    start = tf.zeros([batch, weights.hidden.shape[1] as number]);
  let state = { cell: start, state: start } as ReturnType<typeof lstmStep>;
  return tf.stack(
    Array.from({ length: steps }, (_, step) => {
      const word = tf.reshape(tf.slice(x, [step, 0, 0], [1, batch, inputs]), [batch, inputs]);
      state = lstmStep(word, state, weights);
      return state.state;
    }),
  );
}

const gradients = (f: typeof lstm, [x, input, hidden, bias, dy]: readonly Tensor[]) =>
  tf
    .grads((...all) => f(all[0], weightsOf(all)))([x, input, hidden, bias], dy)
    .map((gradient) => Array.from(gradient.dataSync()));

before(ready);

for (const [what, sizes] of Object.entries<Sizes>({
  "fewer rows and columns than the op computes at once": { steps: 3, batch: 2, inputs: 3, hidden: 5 },
  "more, and a rest of both": { steps: 4, batch: 7, inputs: 6, hidden: 37 },
  "a single step": { steps: 1, batch: 4, inputs: 2, hidden: 16 },
  "as much as several threads are for": { steps: 3, batch: 32, inputs: 2, hidden: 250 },
}))
  test(`the gradients are those of plain ops, step by step: ${what}`, onNative, () => {
    const all = drawn(sizes);
    const [made, expected] = [lstm, stepByStep].map((f) => gradients(f, all));
    expected.forEach((values, part) => {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
      values.forEach((value, i) =>
        assert.ok(Math.abs(made[part][i] - value) < 1e-5 * largest, `part ${part}, number ${i}`),
      );
    });
  });

test("the gates' gradients have the same bits with one thread and with four", onNative, () => {
  const [, , weight, , dy] = drawn({ steps: 3, batch: 32, inputs: 1, hidden: 250 });
  const made = Array.from({ length: 6 }, () => dy);
  const [one, four] = [1, 4].map((threads) =>
    nativeOp("KomalabLstmGradient", [], [...made, weight, dy, tf.scalar(threads, "int32")])[0].dataSync(),
  );
  assert.deepEqual(one, four);
});

test("parts that do not fit together are refused", onNative, () => {
  const [, , weight, , dy] = drawn({ steps: 3, batch: 2, inputs: 1, hidden: 5 });
  const short = tf.zeros([2, 2, 5]),
    made = [dy, dy, dy, dy, dy, short];
  assert.throws(
    () => nativeOp("KomalabLstmGradient", [], [...made, weight, dy, tf.scalar(1, "int32")]),
    /parts of an LSTM's steps differ in size/,
  );
});
