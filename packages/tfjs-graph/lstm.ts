/**
 * An LSTM over a whole sequence (Hochreiter and Schmidhuber 1997). On native TensorFlow it is one op with a
 * gradient of its own, so that a graph does not grow with the length and can be traced for any; elsewhere it
 * is spelt out, which is the oracle of the tests.
 *
 * Shapes: T time steps, B batch, I inputs, H hidden. Gates stand in PyTorch's order: input, forget, cell,
 * output.
 */
import { isNative, type Tensor, tf } from "./backend";
import { customGradients } from "./custom-gradients";
import { threadCount } from "./environment";
import { AttributeType, boolAttribute, nativeBackend, nativeOp, onGpu, typeAttribute } from "./native";
import { dense, product, sumOfRows } from "./ops";

export interface LstmWeights {
  /** [4H, I] */
  readonly input: Tensor;
  /** [4H, H] */
  readonly hidden: Tensor;
  /** [4H], the sum of PyTorch's two */
  readonly bias: Tensor;
}

const FLOAT = typeAttribute("T", "float32");
const NO_PEEPHOLE = boolAttribute("use_peephole", false);
const INT64 = 9; // TensorFlow's number of a type that tfjs has not

/** Runs an op whose first input is the number of steps as int64, which tfjs would warn of as a tensor. */
function overTime(op: string, steps: number, inputs: readonly Tensor[], outputs: number): Tensor[] {
  const backend = nativeBackend();
  const toInt64 = [
    typeAttribute("SrcT", "int32"),
    { name: "DstT", type: AttributeType.type, value: INT64 },
    boolAttribute("Truncate", false),
  ];
  const [count, ...ids] = backend.getInputTensorIds([tf.scalar(steps, "int32"), ...inputs]);
  const [long] = backend.binding.executeOp("Cast", toInt64, [count], 1);
  const noClip = { name: "cell_clip", type: AttributeType.float, value: -1 };
  const attributes = [FLOAT, NO_PEEPHOLE, ...(op === "BlockLSTMV2" ? [noClip] : [])];
  const made = backend.binding.executeOp(op, attributes, [long.id, ...ids], outputs);
  backend.binding.deleteTensor(long.id);
  return made.map((tensor) => backend.createOutputTensor(tensor));
}

/** BlockLSTMV2's inputs and outputs. x [T, B, I], weight [I + H, 4H] */
function forward(x: Tensor, weight: Tensor, bias: Tensor) {
  const [steps, batch] = x.shape,
    width = bias.shape[0] / 4;
  const start = tf.zeros([batch, width]),
    peephole = tf.zeros([width]);
  const inputs = [x, start, start, weight, peephole, peephole, peephole, bias];
  return { inputs, outputs: overTime("BlockLSTMV2", steps, inputs, 7) };
}

const joined = (input: Tensor, hidden: Tensor) => tf.transpose(tf.concat([input, hidden], 1));

/** On a GPU, where all is TensorFlow's. */
const onDevice = customGradients(([x, weight, bias], save) => {
  const { inputs, outputs } = forward(x, weight, bias);
  save([...inputs, ...outputs]);
  const gradFunc = (dy: Tensor, saved: readonly Tensor[]) => {
    const made = overTime("BlockLSTMGradV2", x.shape[0], [...saved, tf.zerosLike(dy), dy], 8);
    return [0, 3, 7].map((input) => () => made[input]);
  };
  return { value: outputs[6], gradFunc };
});

/**
 * On the CPU the gradient of the gates is an op of our own (setup/lstm.cc), and those of the weights are one
 * product each: TensorFlow's op adds them up step by step, which takes twice as long.
 */
const onProcessor = customGradients(([x, input, hidden, bias], save) => {
  const [steps, batch, inputs] = x.shape as [number, number, number];
  const { outputs } = forward(x, joined(input, hidden), bias);
  save([x, input, hidden, ...outputs]);
  const rows = (tensor: Tensor, first = 0, count = steps) =>
    tf.reshape(tf.slice(tensor, [first, 0, 0], [count, batch, -1]), [-1, tensor.shape[2] as number]);
  const gradFunc = (dy: Tensor, [y, ofInput, ofHidden, ...made]: readonly Tensor[]) => {
    const states = made[6],
      threads = tf.scalar(threadCount, "int32");
    const [gates] = nativeOp("KomalabLstmGradient", [], [...made.slice(0, 6), ofHidden, dy, threads]); // [T, B, 4H]
    return [
      () => tf.reshape(product(rows(gates), ofInput), [steps, batch, inputs]),
      () => product(rows(gates), rows(y), { transposeA: true }),
      () => product(rows(gates, 1, steps - 1), rows(states, 0, steps - 1), { transposeA: true }),
      () => sumOfRows(rows(gates)),
    ];
  };
  return { value: outputs[6], gradFunc };
});

/** The same by plain ops: the inputs' products of all steps at once, then step by step. */
function spelt(x: Tensor, { input, hidden, bias }: LstmWeights): Tensor {
  const [, batch] = x.shape,
    [, width] = hidden.shape as [number, number];
  const gates = dense(x, input, bias);
  // tf.unstack has no gradient where there is one step (findings/tfjs-one-part.sh)
  const steps = Array.from({ length: x.shape[0] }, (_, step) =>
    tf.reshape(tf.slice(gates, [step, 0, 0], [1, batch, 4 * width]), [batch, 4 * width]),
  );
  let cell: Tensor = tf.zeros([batch, width]),
    state: Tensor = cell;
  return tf.stack(
    steps.map((fromInput) => {
      ({ cell, state } = cellOf(tf.add(fromInput, dense(state, hidden)), cell));
      return state;
    }),
  );
}

/** What follows from the gates' sums [B, 4H] and the cell before, [B, H]. */
function cellOf(sums: Tensor, before: Tensor): { readonly cell: Tensor; readonly state: Tensor } {
  const [i, f, g, o] = tf.split(sums, 4, 1);
  const cell = tf.add(tf.mul(tf.sigmoid(f), before), tf.mul(tf.sigmoid(i), tf.tanh(g)));
  return { cell, state: tf.mul(tf.sigmoid(o), tf.tanh(cell)) };
}

/**
 * The states after each step of a sequence, from zeros, as torch.nn.LSTM gives them.
 * @param x [T, B, I]
 * @returns [T, B, H]
 */
export function lstm(x: Tensor, weights: LstmWeights): Tensor {
  if (!isNative()) return spelt(x, weights);
  const { input, hidden, bias } = weights;
  return onGpu() ? onDevice(x, joined(input, hidden), bias) : onProcessor(x, input, hidden, bias);
}

/** One step. @param x [B, I]; state and cell [B, H] */
export const lstmStep = (x: Tensor, { cell, state }: LstmState, { input, hidden, bias }: LstmWeights) =>
  cellOf(tf.add(dense(x, input, bias), dense(state, hidden)), cell);

export interface LstmState {
  readonly cell: Tensor;
  readonly state: Tensor;
}

/**
 * Each sequence read from its last element to its first, what lies behind it left where it is. Its own
 * inverse.
 * @param x [T, B, I]
 * @param lengths int32 [B]
 */
export function reversed(x: Tensor, lengths: Tensor): Tensor {
  const turn = customGradients(([y, counts], save) => {
    save([counts]);
    const gradFunc = (dy: Tensor, saved: readonly Tensor[]) => [
      () => turnedAround(dy, saved[0]),
      () => tf.zerosLike(saved[0]),
    ];
    return { value: turnedAround(y, counts), gradFunc };
  });
  return turn(x, lengths);
}

function turnedAround(x: Tensor, lengths: Tensor): Tensor {
  if (isNative()) {
    const axis = (name: string, value: number) => ({ name, type: AttributeType.int, value });
    const attributes = [FLOAT, typeAttribute("Tlen", "int32"), axis("seq_dim", 0), axis("batch_dim", 1)];
    return nativeOp("ReverseSequence", attributes, [x, lengths])[0];
  }
  const [steps, batch, width] = x.shape as [number, number, number];
  const counts = lengths.dataSync();
  const rows = Int32Array.from({ length: steps * batch }, (_, at) => {
    const [step, row] = [Math.floor(at / batch), at % batch];
    return (step < counts[row] ? counts[row] - 1 - step : step) * batch + row;
  });
  return tf.reshape(tf.gather(tf.reshape(x, [-1, width]), tf.tensor1d(rows, "int32")), x.shape);
}
