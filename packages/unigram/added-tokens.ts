/**
 * The added tokens of a tokenizer.json and where they stand in a text: those with normalized false in the raw
 * text, the others, normalised themselves, in the normalised one (added_vocabulary.rs of `tokenizers`).
 */

import { anyOf } from "../../lib/support/pattern";
import { brief } from "../../lib/support/printable";
import { type Aligned, alignedTo } from "./aligned";
import type { Normalizer } from "./normalizers";
import { LONGEST, type Place, SPACES, WORD } from "./reader";

interface AddedToken {
  readonly content: string;
  readonly id: number;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

/** @throws with the place of a token whose id is not the one that `tokenizers` gives it */
export function addedTokensAt(
  place: Place,
  pieces: ReadonlyMap<string, number>,
  count: number,
): AddedToken[] {
  let next = count;
  const seen = new Set<string>();
  return (place.isMissing ? [] : place.list).map((one) => {
    one.only("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
    const content = one.get("content").text,
      id = one.get("id").number;
    if (content.length > LONGEST) one.refuse(`is a token of ${content.length} letters`);
    if (content === "" || seen.has(content)) one.damaged("a token of its own");
    seen.add(content);
    const expected = pieces.get(content) ?? next++;
    if (id !== expected)
      one.refuse(
        `has the id ${id} and not ${expected}, which Python gives "${brief(content)}" whatever the file says`,
      );
    const flag = (key: string) => one.get(key).flag;
    return {
      content,
      id,
      single_word: flag("single_word"),
      lstrip: flag("lstrip"),
      rstrip: flag("rstrip"),
      normalized: flag("normalized"),
      special: flag("special"),
    };
  });
}

/** A part [from, to) of a text; with a token it is that one. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly token?: AddedToken;
}
type Finder = (text: string) => readonly Part[] | undefined;

const ENDS_IN_WORD = new RegExp(`[${WORD}]$`, "u");
const BEGINS_WITH_WORD = new RegExp(`^[${WORD}]`, "u");

/** Finds tokens, of those that begin first the longest; undefined if there is none. */
function finderOf(tokens: ReadonlyMap<string, AddedToken>): Finder {
  if (tokens.size === 0) return () => undefined;
  const any = new RegExp(anyOf(tokens.keys()), "gu");
  return (text) => {
    const parts: Part[] = [];
    let done = 0;
    for (const { 0: found, index = 0 } of text.matchAll(any)) {
      const token = tokens.get(found)!;
      let [from, to] = [index, index + found.length];
      const inWord =
        ENDS_IN_WORD.test(text.slice(Math.max(0, from - 2), from)) ||
        BEGINS_WITH_WORD.test(text.slice(to, to + 2));
      if (token.single_word && inWord) continue;
      while (token.lstrip && from > done && SPACES.test(text[from - 1])) from--;
      while (token.rstrip && to < text.length && SPACES.test(text[to])) to++;
      if (from > done) parts.push({ from: done, to: from });
      parts.push({ from, to, token });
      done = to;
    }
    if (parts.length === 0) return undefined;
    if (done < text.length) parts.push({ from: done, to: text.length });
    return parts;
  };
}

/** What stands in a text one after another: added tokens, and normalised texts between them. */
type Piece = Aligned | { readonly token: AddedToken; readonly start: number; readonly end: number };

/** Normalises a raw text around its added tokens. */
export function partedBy(
  added: readonly AddedToken[],
  normalize: Normalizer,
): (raw: string) => readonly Piece[] {
  const inOrder = [
    ...added.filter(({ special }) => special),
    ...added.filter(({ special }) => !special),
  ].reverse();
  const raw = finderOf(
    new Map(inOrder.filter(({ normalized }) => !normalized).map((one) => [one.content, one])),
  );
  const later = new Map(
    inOrder
      .filter(({ normalized }) => normalized)
      .map((one) => [normalize(alignedTo(one.content)).text, one]),
  );
  later.delete("");
  const normal = finderOf(later);
  return (text) =>
    (raw(text) ?? [{ from: 0, to: text.length }]).flatMap(({ from, to, token }: Part): Piece[] => {
      if (token) return [{ token, start: from, end: to }];
      const whole = normalize(alignedTo(text, from, to));
      return (normal(whole.text) ?? [{ from: 0, to: whole.text.length }]).map((part: Part): Piece => {
        const [starts, ends] = [whole.starts, whole.ends].map((of) => of.slice(part.from, part.to));
        if (part.token) return { token: part.token, start: starts[0], end: ends[ends.length - 1] };
        return { text: whole.text.slice(part.from, part.to), starts, ends };
      });
    });
}
