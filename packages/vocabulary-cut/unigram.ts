/** The pieces of a unigram model's tokenizer.json. */
import type { Json } from "../hf-files";
import type { UnigramParts } from "../tokenizer";

export interface CutPieces {
  /** The old ids, in order. */
  readonly kept: readonly number[];
  /** The new id of an old one. @throws if it is gone */
  readonly idOf: (id: number) => number;
}

/** What is read here of a tokenizer.json; openTokenizer has checked it. */
interface File extends Json {
  readonly model: Json & {
    readonly vocab: readonly (readonly [piece: string, score: number])[];
    readonly unk_id?: number | null;
  };
  readonly added_tokens?: readonly (Json & { readonly id: number })[] | null;
  readonly post_processor?:
    | (Json & {
        readonly special_tokens?: Readonly<Record<string, Json & { readonly ids: readonly number[] }>>;
      })
    | null;
}

const BYTE = /^<0x[0-9A-F]{2}>$/;

/**
 * All pieces, and the ids of those that a tokenizer needs by itself: also the one with the least score, by
 * which an unknown character's is reckoned.
 */
export function unigramPieces({ file, config }: UnigramParts) {
  const { model, added_tokens: added, post_processor: template } = file as File,
    { vocab, unk_id: unknown } = model;
  const named = new Set(
    Object.values(config).map((token) =>
      typeof token === "string" ? token : (token as { readonly content?: unknown } | null)?.content,
    ),
  );
  const least = vocab.reduce((lowest, [, score], id) => (score < vocab[lowest][1] ? id : lowest), 0);
  return {
    pieces: vocab.map(([piece]) => piece),
    needed: [
      ...[least, ...(typeof unknown === "number" ? [unknown] : [])],
      ...(added ?? []).map(({ id }) => id),
      ...Object.values(template?.special_tokens ?? {}).flatMap(({ ids }) => ids),
      ...[...vocab.keys()].filter((id) => BYTE.test(vocab[id][0]) || named.has(vocab[id][0])),
    ],
  };
}

export function cutUnigram(tokenizer: UnigramParts, { kept, idOf }: CutPieces): UnigramParts {
  const { model, added_tokens: added, post_processor: template, ...rest } = tokenizer.file as File,
    { vocab, unk_id: unknown } = model;
  const special = Object.entries(template?.special_tokens ?? {}).map(
    ([name, token]) => [name, { ...token, ids: token.ids.map(idOf) }] as const,
  );
  const file: File = {
    ...rest,
    model: {
      ...model,
      vocab: kept.filter((id) => id < vocab.length).map((id) => vocab[id]),
      ...(typeof unknown === "number" && { unk_id: idOf(unknown) }),
    },
    ...(added && { added_tokens: added.map((token) => ({ ...token, id: idOf(token.id) })) }),
    ...(template && {
      post_processor: {
        ...template,
        ...(template.special_tokens && { special_tokens: Object.fromEntries(special) }),
      },
    }),
  };
  return { ...tokenizer, file };
}
