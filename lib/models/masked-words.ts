/**
 * The masked-word head of pre-training: a map, an activation, a normalisation, and a decoder tied to the word
 * embeddings. Only masked places are decoded: P places of a batch, where P is fixed.
 *
 * Shapes: B batch, T tokens, H hidden, V vocabulary, P places.
 */
import { dense, gather, tf } from "../../packages/tfjs-graph";
import type { Random } from "../support/random";
import type { EncoderConfig, Shapes } from "./encoder";
import type { Activation } from "./fields";
import { ACTIVATE, linear, normalised, randomWeights } from "./layers";
import type { Layer, Model } from "./model";

interface MaskedWords {
  readonly config: EncoderConfig;
  readonly activation: Activation;
  readonly epsilon: number;
  /** The names of the word embeddings [V, H], of the map, of the normalisation, and of the bias [V]. */
  readonly words: string;
  readonly dense: string;
  readonly norm: string;
  readonly bias: string;
  /** Of the head's parameters. */
  readonly shapes: Shapes;
}

/**
 * An encoder without its pooler, [B, T, H], with the masked-word head, random weights: logits of the masked
 * places [P, V]; also reads inputs.places [P], row numbers in [B·T].
 */
export function withMaskedWords(encoder: Model, head: MaskedWords, random: Random): Model {
  const { hiddenSize, initializerRange } = head.config;
  const layer: Layer = {
    name: "masked words",
    parameters: [...Object.keys(head.shapes), head.words],
    output: "sequence",
    apply(x, context) {
      if (x === null) throw new Error("the masked-word head needs the layer before it");
      const masked = gather(tf.reshape(x, [-1, hiddenSize]), context.inputs.places);
      const turned = ACTIVATE[head.activation](linear(masked, head.dense, context));
      const known = normalised(turned, head.norm, context, head.epsilon);
      return dense(known, context.parameters[head.words], context.parameters[head.bias]);
    },
  };
  const weights = randomWeights(head.shapes, initializerRange, random);
  return { layers: [...encoder.layers, layer], weights: { ...encoder.weights, ...weights } };
}
