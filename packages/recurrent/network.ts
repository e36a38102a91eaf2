/**
 * An LSTM classifier as a row of layers: words → embeddings ⊕ fixed vectors → LSTM → pooled states → classes.
 * The fixed vectors are the layer "embeddings", so that the freeze mode "fixed" leaves them as they are and
 * "all" trains them with the rest.
 *
 * Shapes: B batch, T words, V vocabulary, D fixed vector, E trained embedding, H hidden, C classes.
 */
import type { HostArray, Weights } from "../../lib/support/host-array";
import type { Random } from "../../lib/support/random";
import {
  dense,
  firstToken,
  gather,
  type LstmWeights,
  lstm,
  meanOfTokens,
  reversed,
  type StepContext,
  type Tensor,
  tf,
} from "../tfjs-graph";
import { initialEmbedding, initialLinear, initialLstm } from "./initial";
import { FIXED, type RecurrentOptions, type RecurrentPooling } from "./options";

const TRAINED = "embeddings.trained";
const CLASSIFIER = ["classifier.weight", "classifier.bias"] as const;

/** As lib/models has its layers. */
export interface RecurrentLayer {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly output: "sequence" | "pooled";
  apply(x: Tensor | null, context: StepContext): Tensor;
}

export interface RecurrentModel {
  readonly layers: readonly RecurrentLayer[];
  readonly weights: Weights;
  readonly configuration: string;
}

interface Sizes {
  /** V, padding and the unknown word counted. */
  readonly words: number;
  readonly classes: number;
  /** [V, D], if words have vectors of elsewhere. */
  readonly vectors?: HostArray;
}

const directionsOf = ({ bidirectional }: RecurrentOptions) =>
  bidirectional ? (["forward", "backward"] as const) : (["forward"] as const);

const namesOf = (direction: string) => ["input", "hidden", "bias"].map((part) => `lstm.${direction}.${part}`);

function weightsOf({ parameters }: StepContext, direction: string): LstmWeights {
  const [input, hidden, bias] = namesOf(direction).map((name) => parameters[name]);
  return { input, hidden, bias };
}

function initialWeights(
  options: RecurrentOptions,
  { words, classes, vectors }: Sizes,
  random: Random,
): Weights {
  const { embedding, hidden, pooling } = options,
    inputs = embedding + (vectors?.shape[1] ?? 0),
    directions = directionsOf(options);
  const named = (names: readonly string[], values: readonly HostArray[]) =>
    names.map((name, i) => [name, values[i]] as const);
  return {
    ...(vectors && { [FIXED]: vectors }),
    [TRAINED]: initialEmbedding(words, embedding, random),
    ...Object.fromEntries(
      directions.flatMap((direction) => named(namesOf(direction), initialLstm(inputs, hidden, random))),
    ),
    ...Object.fromEntries(
      named(CLASSIFIER, initialLinear(pooling.length * directions.length * hidden, classes, random)),
    ),
  };
}

/** [B, T, H] → [B, H]; mask float32 [B, T]. */
const POOL: Readonly<Record<RecurrentPooling, (states: Tensor, mask: Tensor, backward: boolean) => Tensor>> =
  {
    first: (states) => firstToken(states),
    // where the direction ends: for the one that reads backward that is the first word
    last: (states, mask, backward) => (backward ? firstToken(states) : lastToken(states, mask)),
    max: (states, mask) => tf.max(tf.add(states, tf.mul(tf.expandDims(tf.sub(mask, 1), 2), 1e9)), 1),
    mean: (states, mask) => meanOfTokens(states, mask),
  };

/** The state of the last word that the mask leaves. */
function lastToken(states: Tensor, mask: Tensor): Tensor {
  const [batch, tokens] = mask.shape as [number, number];
  const next = tf.pad(tf.slice(mask, [0, 1], [batch, tokens - 1]), [
    [0, 0],
    [0, 1],
  ]);
  return tf.sum(tf.mul(states, tf.expandDims(tf.sub(mask, next), 2)), 1);
}

/** The states of both directions, [B, T, I] → [B, T, H] each. */
function statesOf(x: Tensor, mask: Tensor, options: RecurrentOptions, context: StepContext): Tensor[] {
  const inTime = tf.transpose(x, [1, 0, 2]),
    lengths = tf.cast(tf.sum(mask, 1), "int32");
  return directionsOf(options).map((direction) => {
    const weights = weightsOf(context, direction);
    const dropped = { ...weights, hidden: context.dropout(weights.hidden, options.weightDrop) };
    const states =
      direction === "forward"
        ? lstm(inTime, dropped)
        : reversed(lstm(reversed(inTime, lengths), dropped), lengths);
    return tf.transpose(states, [1, 0, 2]);
  });
}

/** The network with initial weights: inputs.ids int32 and inputs.mask float32 [B, T] → [B, C]. */
export function recurrentModel(options: RecurrentOptions, sizes: Sizes, random: Random): RecurrentModel {
  const { vectors } = sizes,
    { pooling, masked, dropout } = options;
  const fixed: RecurrentLayer = {
    name: "embeddings",
    parameters: [FIXED],
    output: "sequence",
    apply: (_, { parameters, inputs }) => gather(parameters[FIXED], inputs.ids),
  };
  const recurrent: RecurrentLayer = {
    name: "lstm",
    parameters: [TRAINED, ...directionsOf(options).flatMap(namesOf)],
    output: "pooled",
    apply(x, context) {
      const own = gather(context.parameters[TRAINED], context.inputs.ids);
      const mask = masked ? context.inputs.mask : tf.onesLike(context.inputs.mask);
      const states = statesOf(x ? tf.concat([x, own], 2) : own, mask, options, context);
      const pooled = pooling.flatMap((one) => states.map((state, i) => POOL[one](state, mask, i === 1)));
      return tf.concat(pooled, 1);
    },
  };
  const classifier: RecurrentLayer = {
    name: "head",
    parameters: CLASSIFIER,
    output: "pooled",
    apply(x, { parameters, dropout: drop }) {
      if (x === null) throw new Error("the classifier needs the layer before it");
      return dense(drop(x, dropout), parameters[CLASSIFIER[0]], parameters[CLASSIFIER[1]]);
    },
  };
  return {
    layers: [...(vectors ? [fixed] : []), recurrent, classifier],
    weights: initialWeights(options, sizes, random),
    configuration: JSON.stringify(options),
  };
}
