/** Texts → token ids for a model; texts that are too long are dropped and counted, as the report does. */
import type { Encoding, Tokenizer } from "../text/tokenizer";

export interface Encoded<T> {
  readonly items: readonly T[];
  /** One for each item that is kept. */
  readonly encodings: readonly Encoding[];
  /** Items of more than maxLength tokens, [CLS] and [SEP] counted. */
  readonly tooLong: readonly T[];
}

/** Encodes every item's text; keeps those of at most maxLength tokens. */
export function encodeItems<T extends { readonly text: string }>(items: readonly T[], tokenizer: Tokenizer, maxLength: number): Encoded<T> {
  const all = items.map((item) => ({ item, encoding: tokenizer.encode(item.text) }));
  const kept = all.filter(({ encoding }) => encoding.ids.length <= maxLength);
  return {
    items: kept.map(({ item }) => item),
    encodings: kept.map(({ encoding }) => encoding),
    tooLong: all.filter(({ encoding }) => encoding.ids.length > maxLength).map(({ item }) => item),
  };
}
