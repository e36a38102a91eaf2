/** Texts → token ids for a model; texts that are too long are dropped and counted, as the report does. */
import type { TokenIds, Tokenizer } from "../tokenizer/tokenizer";

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

/**
 * Encodes every item; keeps those whose text alone has at most maxLength tokens, and of their context the
 * newest tokens that fit.
 */
export function encodeItems<T extends Encodable>(
  items: readonly T[],
  tokenizer: Tokenizer,
  maxLength: number,
): Encoded<T> {
  const all = items.map((item) => {
    const { text, context = [] } = item;
    return {
      item,
      encoding:
        context.length === 0 ? tokenizer.encode(text) : tokenizer.encodeInContext(text, context, maxLength),
    };
  });
  const kept = all.filter(({ encoding }) => encoding.ids.length <= maxLength);
  return {
    items: kept.map(({ item }) => item),
    encodings: kept.map(({ encoding }) => encoding),
    tooLong: all.filter(({ encoding }) => encoding.ids.length > maxLength).map(({ item }) => item),
  };
}
