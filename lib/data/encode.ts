/**
 * Texts → token ids for a model; texts that are too long are dropped and counted, as the report does, or cut
 * to their beginning and their end. A text is tokenised once a process: cells that ask for lengths and all
 * trials of a worker share encodings.
 */

import type { TokenIds, Tokenizer } from "../../packages/tokenizer";
import { remembered } from "../support/remembered";

/** A text, and the texts before it, the oldest first, if it is read in their context. */
export interface Encodable {
  readonly text: string;
  readonly context?: readonly string[];
}

/** How much of a text is read. */
export interface Limit {
  /** Tokens, [CLS] and [SEP] counted. */
  readonly maxLength: number;
  /**
   * Longer texts are cut instead of dropped: so much of what is kept between [CLS] and [SEP] is their
   * beginning, the rest their end (Sun et al. 2019, 5.3.1, whose 128 and 382 tokens are a share of .25).
   */
  readonly beginningShare?: number;
}

/** The limit alone, of what has one. */
export const limitOf = ({ maxLength, beginningShare }: Limit): Limit => ({
  maxLength,
  ...(beginningShare !== undefined && { beginningShare }),
});

/** The first and the last tokens of a text that is too long, [CLS] and [SEP] among them. */
function headAndTail({ ids, segmentIds }: TokenIds, { maxLength, beginningShare = 1 }: Limit): TokenIds {
  const first = 1 + Math.round(beginningShare * (maxLength - 2)),
    last = ids.length - (maxLength - first);
  const cut = (all: readonly number[]) => [...all.slice(0, first), ...all.slice(last)];
  return { ids: cut(ids), segmentIds: cut(segmentIds) };
}

interface Encoded<T> {
  readonly items: readonly T[];
  /** Of each item that is kept. */
  readonly texts: readonly TokenIds[];
  /** How many have more than maxLength tokens, and are dropped, or cut. */
  readonly tooLong: number;
}

/** Of each tokenizer by text, context and, with a context, maxLength. */
const known = new WeakMap<Tokenizer, Map<string, TokenIds>>();

/**
 * Encodes every item; keeps those whose text alone has at most maxLength tokens, and of their context the
 * newest tokens that fit. With a beginningShare all are kept, those that are too long cut and alone.
 */
export function encodeItems<T extends Encodable>(
  items: readonly T[],
  tokenizer: Tokenizer,
  limit: Limit,
): Encoded<T> {
  const { maxLength, beginningShare } = limit;
  const own = remembered(known, tokenizer, () => new Map<string, TokenIds>());
  const alone = (text: string) => remembered(own, JSON.stringify(text), () => tokenizer.encode(text));
  const encodings = items.map(({ text, context = [] }) =>
    context.length > 0
      ? remembered(own, JSON.stringify([text, context, maxLength]), () =>
          tokenizer.encodeInContext(text, context, maxLength),
        )
      : alone(text),
  );
  const fits = encodings.map(({ ids }) => ids.length <= maxLength),
    tooLong = fits.filter((one) => !one).length;
  if (beginningShare !== undefined) {
    const cut = encodings.map((one, i) => (fits[i] ? one : headAndTail(alone(items[i].text), limit)));
    return { items, texts: cut, tooLong };
  }
  return { items: items.filter((_, i) => fits[i]), texts: encodings.filter((_, i) => fits[i]), tooLong };
}
