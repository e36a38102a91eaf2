/** The words of a text as it was given, and the places of their tokens among the ids that are read. */
import { type Encodable, encodeItems } from "../../lib/data/encode";
import type { TokenIds, Tokenizer } from "../tokenizer";

export interface Word {
  /** The characters of the text as it was given, and their UTF-16 code units [start, end). */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Places in ids. */
  readonly places: readonly number[];
}

/** A text as the network reads it. */
export interface Line extends TokenIds {
  readonly text: string;
  /** In their order, without overlap. */
  readonly words: readonly Word[];
}

/**
 * A text with its words: MeCab's, or the pieces of a unigram tokenizer. Words that share a character (½ is
 * 1, ⁄ and 2) are one, white space is none, and of a text in context the words of the text alone are
 * listed: the context is read, but not marked.
 * @throws if the text has more than `maxLength` tokens, [CLS] and [SEP] counted
 */
export function lineOf(item: Encodable, tokenizer: Tokenizer, maxLength: number): Line {
  const [encoding] = encodeItems([item], tokenizer, { maxLength }).texts,
    { text } = item;
  const spans = tokenizer.offsets(text),
    numbers = tokenizer.wordOf(text);
  if (encoding === undefined)
    throw new Error(
      `the text "${[...text].slice(0, 20).join("")}…" has ${spans.length + 2} tokens, but ${maxLength} are read: shorten it, or raise maxLength`,
    );
  const { ids, segmentIds } = encoding,
    first = ids.length - 1 - spans.length; // before the last [SEP]
  const words: { number: number; start: number; end: number; places: number[] }[] = [];
  spans.forEach(([from, to], i) => {
    const piece = text.slice(from, to),
      start = from + piece.length - piece.trimStart().length,
      end = start + piece.trim().length;
    const last = words.at(-1);
    if (start === end) return;
    if (last === undefined || (numbers[i] !== last.number && start >= last.end))
      words.push({ number: numbers[i], start, end, places: [first + i] });
    else {
      last.number = numbers[i];
      last.end = Math.max(last.end, end);
      last.places.push(first + i);
    }
  });
  return {
    ...{ text, ids, segmentIds },
    words: words.map(({ start, end, places }) => ({ text: text.slice(start, end), start, end, places })),
  };
}

/** What is left of a text's ids without the tokens of some of its words. */
export function without({ ids, segmentIds, words }: Line, left: Iterable<number>): TokenIds {
  const gone = new Set([...left].flatMap((word) => words[word].places));
  const kept = <T>(values: readonly T[]) => values.filter((_, place) => !gone.has(place));
  return { ids: kept(ids), segmentIds: kept(segmentIds) };
}
