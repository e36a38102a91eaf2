/**
 * Text → ids: NFKC, words, pieces, [CLS] … [SEP], as transformers' BertJapaneseTokenizer gives them for MeCab
 * and WordPiece, characters or SentencePiece.
 */
import type { Segmenter } from "../mecab";
import { alignedNfkc } from "../unigram";
import { type AddedTokens, partsAt, specialTokens } from "./added-tokens";
import { type Cut, normalise, type Vocabulary, wordpieceCut } from "./wordpiece";

/** One text, a pair of texts, or a text after its context, with [CLS] and [SEP]; not padded. */
export interface TokenIds {
  /** Token ids, [T]. */
  readonly ids: readonly number[];
  /**
   * Segment of each token, [T]: 0 for the first text and for context, 1 for its pair and for the text after
   * context.
   */
  readonly segmentIds: readonly number[];
}

/** UTF-16 code units [start, end) of a text. */
export type Span = readonly [start: number, end: number];

export interface Tokenizer {
  /** Its pieces have the added tokens' names too, its ids have not. */
  readonly vocabulary: Vocabulary;
  /** The words of a text, before they are cut into pieces; a special or added token is one. */
  words(text: string): string[];
  /** The pieces of a text, without [CLS] and [SEP]. */
  tokens(text: string): string[];
  /**
   * For each of these pieces the UTF-16 code units [start, end) of the text, as it was given, that it stands
   * for: of an unknown one the whole, of ㌔ in キロ twice the same.
   */
  offsets(text: string): Span[];
  /** For each of these pieces the number of its word, from 0; without words each piece is one. */
  wordOf(text: string): number[];
  /**
   * The ids of a text or, with `pair`, of two. A text of more than maxLength tokens, [CLS] and [SEP] counted,
   * loses its end; of a pair the longer text loses its end first, of two as long the second. Without
   * maxLength nothing is cut.
   * @throws if maxLength has no room for a token
   */
  encode(text: string, options?: { readonly pair?: string; readonly maxLength?: number }): TokenIds;
  /**
   * The ids of a text after others, the oldest first: [CLS] a [SEP] b [SEP] text [SEP], as BERT's pair whose
   * first part is all that comes before; so segment 0 up to the last [SEP] before the text, and 1 from there
   * on. Beyond maxLength the oldest tokens are left out, a text that loses all of them with its [SEP]; the
   * last text stays whole, however long it is. Where nothing comes before it, the result is that of
   * encode(text).
   */
  encodeInContext(text: string, context: readonly string[], maxLength?: number): TokenIds;
}

/** Words whose pieces are remembered, some 50 MB; then the memory starts anew. */
const REMEMBERED = 2 ** 18;

interface TokenizerOptions {
  /** How words are cut into pieces; WordPiece if left out. */
  readonly cut?: Cut;
  /** In a text these stand for themselves and are not cut; BERT's five special tokens if left out. */
  readonly added?: AddedTokens;
  /** Whether texts are read in lower case, all but added tokens. */
  readonly lowercase?: boolean;
}

/** A tokenizer from words and a vocabulary; only word → pieces is remembered between texts. */
export function tokenizerOf(
  segment: Segmenter,
  vocabulary: Vocabulary,
  {
    cut = wordpieceCut(vocabulary),
    added = specialTokens(vocabulary),
    lowercase = false,
  }: TokenizerOptions = {},
): Tokenizer {
  const read = (part: string) => normalise(lowercase ? part.toLowerCase() : part);
  const known = new Map<string, readonly number[]>();
  const remember = (word: string): readonly number[] => {
    if (known.size === REMEMBERED) known.clear();
    const ids: number[] = [];
    cut(word, (id) => ids.push(id));
    known.set(word, ids);
    return ids;
  };
  const partsOf = partsAt(added);
  const idsOf = (text: string): number[] => {
    const ids: number[] = [];
    for (const part of partsOf(text)) {
      const token = added.get(part);
      if (token) ids.push(token.id);
      else {
        for (const word of segment(read(part)))
          for (const id of known.get(word) ?? remember(word)) ids.push(id);
      }
    }
    return ids;
  };
  const last = [...added.values()].reduce((most, { id }) => Math.max(most, id), vocabulary.pieces.length - 1);
  const pieces = Array.from({ length: last + 1 }, (_, id) => vocabulary.pieces[id] ?? "");
  for (const [name, { id }] of added) pieces[id] = name;
  const { cls, sep } = vocabulary;
  return {
    vocabulary: { ...vocabulary, pieces },
    words: (text) => partsOf(text).flatMap((part) => (added.has(part) ? [part] : segment(read(part)))),
    tokens: (text) => idsOf(text).map((id) => pieces[id]),
    offsets(text) {
      const spans: Span[] = [];
      let begin = 0; // of the part in the text: what white space a token takes along stands between parts
      for (const part of partsOf(text)) {
        begin = text.indexOf(part, begin);
        if (added.has(part)) spans.push([begin, begin + part.length]);
        else {
          const { starts, ends } = alignedNfkc(part, { lowercase }),
            normal = read(part);
          let at = 0; // between words is white space alone
          for (const word of segment(normal)) {
            at = normal.indexOf(word, at);
            cut(word, (_, from, to) => spans.push([begin + starts[at + from], begin + ends[at + to - 1]]));
            at += word.length;
          }
        }
        begin += part.length;
      }
      return spans;
    },
    wordOf: (text) => {
      const cutOf = (part: string) =>
        added.has(part) ? [1] : segment(read(part)).map((word) => (known.get(word) ?? remember(word)).length);
      return partsOf(text)
        .flatMap(cutOf)
        .flatMap((pieces, word) => new Array<number>(pieces).fill(word));
    },
    encode(text, { pair, maxLength = Infinity } = {}) {
      const first = idsOf(text);
      const second = pair === undefined ? [] : idsOf(pair);
      const room = maxLength - (pair === undefined ? 2 : 3);
      if (room < 1)
        throw new Error(
          `maxLength ${maxLength} has no room for a token: give at least ${maxLength - room + 1}`,
        );
      while (first.length + second.length > room) (first.length > second.length ? first : second).pop();
      const segmentIds = new Array<number>(first.length + 2).fill(0);
      if (pair === undefined) return { ids: [cls, ...first, sep], segmentIds };
      return {
        ids: [cls, ...first, sep, ...second, sep],
        segmentIds: [...segmentIds, ...second.map(() => 1), 1],
      };
    },
    encodeInContext: (text, context, maxLength = Infinity) =>
      inContext(idsOf(text), context.map(idsOf), { cls, sep, maxLength }),
  };
}

interface ContextOptions {
  readonly cls: number;
  readonly sep: number;
  readonly maxLength: number;
}

/** A text's ids after those of others, as Tokenizer.encodeInContext says. */
export function inContext(
  text: readonly number[],
  context: readonly (readonly number[])[],
  { cls, sep, maxLength }: ContextOptions,
): TokenIds {
  const own = [...text, sep];
  const earlier = context.flatMap((ids) => (ids.length === 0 ? [] : [...ids, sep]));
  const fitting = earlier.slice(Math.max(0, earlier.length - Math.max(0, maxLength - own.length - 1)));
  const kept = fitting[0] === sep ? fitting.slice(1) : fitting;
  const segmentIds = [cls, ...kept, ...own].map((_, place) =>
    kept.length > 0 && place > kept.length ? 1 : 0,
  );
  return { ids: [cls, ...kept, ...own], segmentIds };
}
