/**
 * Words whose embeddings in a BERT are near: neighbours by use, which may be synonyms, and may be opposites.
 */

import type { HostArray } from "../../lib/support/host-array";
import type { Vocabulary } from "../tokenizer";
import { isWholeWord, type Similar } from "./augment";

/**
 * The nearest whole words of the vocabulary by cosine, computed when a word is first asked for; none for
 * words of several pieces.
 * @param embeddings [V, H]
 */
export function similarWords(
  { ids, pieces }: Vocabulary,
  { shape: [, width], data }: HostArray,
  count: number,
): Similar {
  const whole = [...ids].filter(([piece]) => isWholeWord(piece)).map(([, id]) => id);
  const dot = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += data[a * width + i] * data[b * width + i];
    return sum;
  };
  const lengths = new Map(whole.map((id) => [id, Math.sqrt(dot(id, id))]));
  const known = new Map<string, readonly string[]>();
  return (word) => {
    const before = known.get(word);
    if (before) return before;
    const id = ids.get(word),
      length = id === undefined ? undefined : lengths.get(id);
    const near =
      length === undefined
        ? []
        : whole
            .filter((other) => other !== id)
            .map((other) => ({
              other,
              cosine: dot(id as number, other) / (length * (lengths.get(other) as number)),
            }))
            .sort((a, b) => b.cosine - a.cosine)
            .slice(0, count)
            .map(({ other }) => pieces[other]);
    known.set(word, near);
    return near;
  };
}
