/** What a recurrent classifier may be. */
import { COUNT, checkFields, FLAG, oneOf, RATIO, type Rules } from "../../lib/support/settings";

/** The name of word vectors that stand beside trained embeddings. */
export const FIXED = "embeddings.fixed";

/** What of the LSTM's states becomes a text's vector; several stand beside each other. */
export type RecurrentPooling = "first" | "last" | "max" | "mean";
export const POOLINGS = ["first", "last", "max", "mean"] as const satisfies readonly RecurrentPooling[];

export interface RecurrentOptions {
  /** Numbers of a word's trained embedding. */
  readonly embedding: number;
  /** H, in each direction. */
  readonly hidden: number;
  /** Both directions are read, each by an LSTM of its own. */
  readonly bidirectional: boolean;
  /** DropConnect: weights from state to state that a step drops (Merity et al. 2018). */
  readonly weightDrop: number;
  /** Dropout before the classifier. */
  readonly dropout: number;
  readonly pooling: readonly RecurrentPooling[];
  /** False reads padding as if it were words, and pools it. */
  readonly masked: boolean;
  /** The most frequent words of training that have an embedding; all others share one. */
  readonly vocabulary: number;
}

/** Those of the post of 2020-09 (tma15), but for its missing mask. */
export const RECURRENT_DEFAULTS: RecurrentOptions = {
  embedding: 50,
  hidden: 400,
  bidirectional: true,
  weightDrop: 0.2,
  dropout: 0,
  pooling: POOLINGS,
  masked: true,
  vocabulary: 32000,
};

const RULES: Rules<RecurrentOptions> = {
  embedding: COUNT,
  hidden: COUNT,
  bidirectional: FLAG,
  weightDrop: RATIO,
  dropout: RATIO,
  pooling: {
    words: `a list of at least one of ${POOLINGS.join(", ")}, none twice`,
    fits: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every((one) => oneOf(...POOLINGS).fits(one)),
  },
  masked: FLAG,
  vocabulary: COUNT,
};

/** The options with the defaults for what they leave out. @throws with each that is not what it may be */
export function resolveRecurrent(options: Partial<RecurrentOptions> = {}): RecurrentOptions {
  const resolved = { ...RECURRENT_DEFAULTS, ...options };
  checkFields(resolved, RULES, "recurrent: ");
  return resolved;
}
