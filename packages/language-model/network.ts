/**
 * An LSTM language model: character → embedding → LSTM → logits of the next character. Over characters that
 * are known it is one op for all steps; to draw its own it goes step by step.
 *
 * Shapes: T steps, B pieces of a batch, V characters, E embedding, H hidden.
 */
import type { Weights } from "../../lib/support/host-array";
import type { Random } from "../../lib/support/random";
import { initialEmbedding, initialLinear, initialLstm } from "../recurrent";
import {
  crossEntropies,
  dense,
  gather,
  type LstmState,
  type LstmWeights,
  lstm,
  lstmStep,
  type StepContext,
  type Tensor,
  tf,
} from "../tfjs-graph";

interface NetworkSizes {
  /** V */
  readonly characters: number;
  readonly embedding: number;
  readonly hidden: number;
}

export function initialWeights({ characters, embedding, hidden }: NetworkSizes, random: Random): Weights {
  const embeddings = initialEmbedding(characters, embedding, random);
  const [input, recurrent, bias] = initialLstm(embedding, hidden, random),
    [weight, shift] = initialLinear(hidden, characters, random);
  return {
    embeddings,
    ...{ "lstm.input": input, "lstm.hidden": recurrent, "lstm.bias": bias },
    ...{ "output.weight": weight, "output.bias": shift },
  };
}

type Parameters = StepContext["parameters"];

const lstmOf = (parameters: Parameters): LstmWeights => ({
  input: parameters["lstm.input"],
  hidden: parameters["lstm.hidden"],
  bias: parameters["lstm.bias"],
});
const outputOf = (states: Tensor, parameters: Parameters) =>
  dense(states, parameters["output.weight"], parameters["output.bias"]);

/** Reads int32 [T, B] → [T, B, V]. */
export const logitsOf = (read: Tensor, parameters: Parameters): Tensor =>
  outputOf(lstm(gather(parameters.embeddings, read), lstmOf(parameters)), parameters);

/** The cross entropy of each next character: inputs.read and inputs.next int32 [T, B] → [T, B], in nats. */
export function lossesOf({ parameters, inputs: { read, next } }: StepContext): Tensor {
  const logits = logitsOf(read, parameters);
  const rows = tf.reshape(logits, [-1, logits.shape[2] ?? 0]);
  return tf.reshape(crossEntropies(rows, tf.reshape(next, [-1])), read.shape);
}

/** One draw a row of logits [B, V]: where the running sum of the probabilities passes a chance [B]. */
function drawnFrom(logits: Tensor, chance: Tensor): Tensor {
  const below = tf.lessEqual(tf.cumsum(tf.softmax(logits), 1), tf.expandDims(chance, 1));
  const id = tf.sum(tf.cast(below, "float32"), 1);
  return tf.cast(tf.minimum(id, (logits.shape[1] ?? 1) - 1), "int32"); // a sum may end just below 1
}

/**
 * Step by step: inputs.gold int32 [T, B], inputs.kept 1 where it is read, inputs.chance from 0 to 1 of the
 * draws, both float32 [T, B]; the first step reads gold.
 * @returns of each step what it reads, int32 [B], and its logits, [B, V]
 */
export function unrolled({ parameters, inputs }: Pick<StepContext, "parameters" | "inputs">): readonly {
  readonly read: Tensor;
  readonly logits: Tensor;
}[] {
  const [golds, kepts, chances] = [inputs.gold, inputs.kept, inputs.chance].map((one) => tf.unstack(one));
  const weights = lstmOf(parameters),
    zeros = tf.zeros([golds[0].shape[0] ?? 0, weights.hidden.shape[1] ?? 0]);
  const steps: { read: Tensor; logits: Tensor }[] = [];
  let state: LstmState = { cell: zeros, state: zeros };
  golds.forEach((gold, t) => {
    const read =
      t === 0 ? gold : tf.where(tf.greater(kepts[t], 0.5), gold, drawnFrom(steps[t - 1].logits, chances[t]));
    state = lstmStep(gather(parameters.embeddings, read), state, weights);
    steps.push({ read, logits: outputOf(state.state, parameters) });
  });
  return steps;
}

/** What the steps read, float32 [T, B]. */
export const readsOf = (context: Pick<StepContext, "parameters" | "inputs">): Tensor =>
  tf.cast(tf.stack(unrolled(context).map(({ read }) => read)), "float32");
