/** The pre-tokenizers of a tokenizer.json: each cuts an aligned text into pieces that no token crosses. */

import { literally } from "../../lib/support/pattern";
import { shown } from "../../lib/support/printable";
import { type Aligned, prepended, replaced, sliceOf } from "./aligned";
import { type Place, patternAt, WORD } from "./reader";

type PreTokenizer = (text: Aligned) => readonly Aligned[];

const BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"] as const;
type Behavior = (typeof BEHAVIORS)[number];

interface Part {
  readonly from: number;
  readonly to: number;
  readonly match: boolean;
}

/** Cuts at what a pattern matches or, inverted, at all else. */
function cut(pattern: RegExp, behavior: Behavior, invert = false): PreTokenizer {
  return (whole) => {
    const parts: Part[] = [];
    let done = 0;
    const add = (to: number, match: boolean) => {
      if (to > done) parts.push({ from: done, to, match: match !== invert });
      done = Math.max(done, to);
    };
    for (const { 0: found, index = 0 } of whole.text.matchAll(pattern)) {
      add(index, false);
      add(index + found.length, true);
    }
    if (parts.length === 0) return behavior === "Removed" && invert && whole.text !== "" ? [] : [whole];
    add(whole.text.length, false);
    const kept: Part[] = [];
    for (const part of parts) {
      const last = kept[kept.length - 1];
      const joins =
        last !== undefined &&
        ((behavior === "MergedWithPrevious" && part.match && !last.match) ||
          (behavior === "MergedWithNext" && last.match && !part.match) ||
          (behavior === "Contiguous" && part.match === last.match));
      if (behavior === "Removed" && part.match) continue;
      if (joins)
        kept[kept.length - 1] = { ...last, to: part.to, match: behavior === "Contiguous" && part.match };
      else kept.push(part);
    }
    return kept.map(({ from, to }) => sliceOf(whole, from, to));
  };
}

function metaspace(place: Place): PreTokenizer {
  place.only("type", "replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep");
  const replacement = place.get("replacement").text;
  if ([...replacement].length !== 1) place.get("replacement").damaged("one character");
  const scheme = place.get("prepend_scheme"),
    prefix = place.get("add_prefix_space");
  // files from before tokenizers 0.15 have add_prefix_space alone
  const wanted = scheme.isMissing
    ? prefix.isMissing || prefix.flag
      ? "always"
      : "never"
    : scheme.oneOf("always", "first", "never");
  const splits = place.get("split").isMissing || place.get("split").flag;
  const atReplacement = cut(new RegExp(literally(replacement), "gu"), "MergedWithNext");
  return (before) => {
    const marked = before.text.includes(" ") ? replaced(before, / /g, replacement) : before;
    const prepends = wanted === "always" || (wanted === "first" && marked.starts[0] === 0);
    const whole = prepends && !marked.text.startsWith(replacement) ? prepended(marked, replacement) : marked;
    return splits ? atReplacement(whole) : [whole];
  };
}

/** @throws with the place of what is damaged or not known */
export function preTokenizerAt(place: Place): PreTokenizer {
  if (place.isMissing) return (text) => [text];
  const type = place.get("type");
  switch (type.text) {
    case "Sequence": {
      place.only("type", "pretokenizers");
      const all = place.get("pretokenizers").list.map(preTokenizerAt);
      return (text) =>
        all.reduce<readonly Aligned[]>(
          (texts, next) => texts.flatMap((one) => (one.text === "" ? [] : next(one))),
          [text],
        );
    }
    case "Metaspace":
      return metaspace(place);
    case "Whitespace":
      place.only("type");
      return cut(new RegExp(`[${WORD}]+|[^${WORD}\\p{White_Space}]+`, "gu"), "Removed", true);
    case "WhitespaceSplit":
      place.only("type");
      return cut(/\p{White_Space}/gu, "Removed");
    case "Punctuation":
      place.only("type", "behavior");
      return cut(
        /[!-/:-@[-`{-~\p{P}]/gu,
        place.get("behavior").isMissing ? "Isolated" : place.get("behavior").oneOf(...BEHAVIORS),
      );
    case "Digits":
      place.only("type", "individual_digits");
      return cut(/\p{N}/gu, place.get("individual_digits").flag ? "Isolated" : "Contiguous");
    case "Split":
      place.only("type", "pattern", "behavior", "invert");
      return cut(
        patternAt(place.get("pattern")),
        place.get("behavior").oneOf(...BEHAVIORS),
        place.get("invert").flag,
      );
    default:
      return type.refuse(`is ${shown(type.text)}`);
  }
}
