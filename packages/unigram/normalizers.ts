/** The normalizers of a tokenizer.json, each as a function of an aligned text. */
import { shown } from "../../lib/support/printable";
import { type Aligned, filtered, lowercased, prepended, replaced, sliceOf } from "./aligned";
import { precompiled } from "./precompiled";
import { type Place, patternAt, SPACES } from "./reader";
import { toForm } from "./unicode-form";

export type Normalizer = (before: Aligned) => Aligned;

/** What SentencePiece's "nmt" rules drop, and what they make a space of. */
const DROPPED = /[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]/;
const SPACED = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g;

const nmt: Normalizer = (before) => {
  const kept = DROPPED.test(before.text) ? filtered(before, (one) => !DROPPED.test(one)) : before;
  return { ...kept, text: kept.text.replace(SPACED, " ") };
};

function strip(left: boolean, right: boolean): Normalizer {
  return (before) => {
    const { text } = before;
    let [from, to] = [0, text.length];
    while (left && from < to && SPACES.test(text[from])) from++;
    while (right && to > from && SPACES.test(text[to - 1])) to--;
    return to - from === text.length ? before : sliceOf(before, from, to);
  };
}

/** @throws with the place of what is damaged or not known */
export function normalizerAt(place: Place): Normalizer {
  if (place.isMissing) return (before) => before;
  const type = place.get("type");
  switch (type.text) {
    case "Sequence": {
      place.only("type", "normalizers");
      const all = place.get("normalizers").list.map(normalizerAt);
      return (before) => all.reduce((text, next) => next(text), before);
    }
    case "Precompiled": {
      place.only("type", "precompiled_charsmap");
      const map = place.get("precompiled_charsmap");
      if (map.isMissing) return (before) => before;
      try {
        return precompiled(map.text);
      } catch (error) {
        throw new Error(`${map.path} ${(error as Error).message}: the file is damaged, copy it again`);
      }
    }
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD": {
      place.only("type");
      const form = type.oneOf("NFC", "NFD", "NFKC", "NFKD");
      return (before) => toForm(before, form);
    }
    case "Nmt":
      place.only("type");
      return nmt;
    case "Lowercase":
      place.only("type");
      return lowercased;
    case "StripAccents":
      place.only("type");
      return (before) =>
        /\p{M}/u.test(before.text) ? filtered(before, (one) => !/\p{M}/u.test(one)) : before;
    case "Strip":
      place.only("type", "strip_left", "strip_right");
      return strip(place.get("strip_left").flag, place.get("strip_right").flag);
    case "Replace": {
      place.only("type", "pattern", "content");
      const pattern = patternAt(place.get("pattern")),
        content = place.get("content").text;
      return (before) => replaced(before, pattern, content);
    }
    case "Prepend": {
      place.only("type", "prepend");
      const { text } = place.get("prepend");
      return (before) => prepended(before, text);
    }
    default:
      return type.refuse(`is ${shown(type.text)}`);
  }
}
