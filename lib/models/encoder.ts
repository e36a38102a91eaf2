/**
 * What the other rooms may ask of an encoder. Each encoder is a folder beside this file that knows its
 * network, its config.json and the names of its parameters, and has an entry in registry.ts.
 */
import type { Random } from "../support/random";
import type { Model } from "./model";
import type { Pooling } from "./poolings";

/** Parameters with their shapes, in the order of a network. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

export interface EncoderConfig {
  /** V; the embedding may have rows to spare. */
  readonly vocabularySize: number;
  /** L. */
  readonly layers: number;
  /** H. */
  readonly hiddenSize: number;
  /** The longest text in tokens, [CLS] and [SEP] counted. */
  readonly maxPositions: number;
  /** Dropout before the classifier. */
  readonly classifierDropout: number;
  /** Standard deviation of random weights. */
  readonly initializerRange: number;
  /** How its own classifier pools; cls if left out. */
  readonly pooling?: Pooling;
}

/** What parameters and files of an encoder are called in a Hugging Face folder. */
export interface EncoderNames {
  /** As people call it, for messages. */
  readonly title: string;
  /** Before the name of every parameter of the encoder. */
  readonly prefix: string;
  /** The word embeddings, [V, H]. */
  readonly wordEmbeddings: string;
  /** The embeddings of segments, [segments, H], if there are any. */
  readonly segmentEmbeddings?: string;
  /** Before the names of the pooler's parameters, which a folder may lack. */
  readonly pooler: string;
  /** The map of a linear head. */
  readonly classifier: string;
  /** The poolings of transformers' classifier, each with what config.json says of it. */
  readonly poolings: Partial<Readonly<Record<Pooling, Readonly<Record<string, unknown>>>>>;
  /** Parameters that weight decay leaves out beside biases. */
  readonly undecayed: RegExp;
  /** Maps of a layer, by the ends of their names: those that LoRA may adapt (lora.ts). */
  readonly maps: readonly string[];
  /** Those that it does adapt unless others are asked for, as in PEFT. */
  readonly adapted: readonly string[];
  /** Where a folder may hold a second copy of the word embeddings, for the masked-word head; [V, H]. */
  readonly maskedWordDecoder: string;
  /** transformers' classes, for config.json. */
  readonly architectures: { readonly encoder: string; readonly classifier: string };
  /** Today's name of a stored tensor; undefined if it is no weight. */
  parameter(stored: string): string | undefined;
}

/** An encoder of one configuration. */
export interface Encoder {
  readonly names: EncoderNames;
  readonly config: EncoderConfig;
  /** Of every parameter. */
  readonly shapes: Shapes;
  /** The network with random weights: ids and segmentIds int32, mask float32, [B, T] → [B, H]. */
  network(random: Random, pooling?: Pooling): Model;
  /**
   * The same with a head for masked words: also places [P] → logits [P, V].
   * @throws if its pre-training has none
   */
  maskedWords(random: Random): Model;
  /** config.json, as transformers reads it, with `more` fields. */
  configJson(more?: Readonly<Record<string, unknown>>): string;
}
