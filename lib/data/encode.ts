/**
 * Texts → token ids for a model; texts that are too long are dropped and counted, as the report does. A text
 * is tokenised once a process: cells that ask for lengths and all trials of a worker share encodings.
 */

import type { TokenIds, Tokenizer } from "../../packages/tokenizer";
import { remembered } from "../support/remembered";

/** A text, and the texts before it, the oldest first, if it is read in their context. */
export interface Encodable {
  readonly text: string;
  readonly context?: readonly string[];
}

export interface Encoded<T> {
  readonly items: readonly T[];
  /** One for each item that is kept. */
  readonly encodings: readonly TokenIds[];
  /** Items of more than maxLength tokens, [CLS] and [SEP] counted. */
  readonly tooLong: readonly T[];
}

/** Of each tokenizer by text, context and, with a context, maxLength. */
const known = new WeakMap<Tokenizer, Map<string, TokenIds>>();

/**
 * Encodes every item; keeps those whose text alone has at most maxLength tokens, and of their context the
 * newest tokens that fit.
 */
export function encodeItems<T extends Encodable>(
  items: readonly T[],
  tokenizer: Tokenizer,
  maxLength: number,
): Encoded<T> {
  const own = known.get(tokenizer) ?? new Map<string, TokenIds>();
  known.set(tokenizer, own);
  const encodings = items.map(({ text, context = [] }) => {
    const inContext = context.length > 0;
    return remembered(own, JSON.stringify(inContext ? [text, context, maxLength] : text), () =>
      inContext ? tokenizer.encodeInContext(text, context, maxLength) : tokenizer.encode(text),
    );
  });
  const fits = encodings.map(({ ids }) => ids.length <= maxLength);
  return {
    items: items.filter((_, i) => fits[i]),
    encodings: encodings.filter((_, i) => fits[i]),
    tooLong: items.filter((_, i) => !fits[i]),
  };
}
