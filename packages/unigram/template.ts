/** The special tokens around one text and two (TemplateProcessing), and how much of each text has room. */
import { shown } from "../../lib/support/printable";
import type { Place } from "./reader";

/** A special token, or all tokens of the first text or of the second. */
type Item =
  | { readonly ids: readonly number[]; readonly segment: number }
  | { readonly sequence: "A" | "B"; readonly segment: number };

interface Template {
  readonly single: readonly Item[];
  readonly pair: readonly Item[];
}

const PLAIN: Template = {
  single: [{ sequence: "A", segment: 0 }],
  pair: [
    { sequence: "A", segment: 0 },
    { sequence: "B", segment: 1 },
  ],
};

function itemsAt(place: Place, special: Place): Item[] {
  return place.list.map((one): Item => {
    one.only("SpecialToken", "Sequence");
    const isToken = !one.get("SpecialToken").isMissing;
    const item = one.get(isToken ? "SpecialToken" : "Sequence");
    item.only("id", "type_id");
    const segment = item.get("type_id").number;
    if (!isToken) return { sequence: item.get("id").oneOf("A", "B"), segment };
    const token = special.get(item.get("id").text);
    return { ids: token.get("ids").list.map((id) => id.number), segment };
  });
}

/** @throws with the place of what is damaged or not known */
export function templateAt(place: Place): Template {
  if (place.isMissing) return PLAIN;
  const type = place.get("type");
  if (type.text !== "TemplateProcessing") type.refuse(`is ${shown(type.text)}`);
  place.only("type", "single", "pair", "special_tokens");
  const special = place.get("special_tokens");
  const [single, pair] = ["single", "pair"].map((key) => itemsAt(place.get(key), special));
  return { single, pair };
}

/** How many tokens a template adds. */
export const addedBy = (items: readonly Item[]): number =>
  items.reduce((sum, item) => sum + ("ids" in item ? item.ids.length : 0), 0);

/** The tokens and segments of texts in their template. */
export function filled(
  items: readonly Item[],
  texts: { readonly A: readonly number[]; readonly B: readonly number[] },
) {
  const ids: number[] = [],
    segmentIds: number[] = [];
  for (const item of items)
    for (const id of "ids" in item ? item.ids : texts[item.sequence]) {
      ids.push(id);
      segmentIds.push(item.segment);
    }
  return { ids, segmentIds };
}

/**
 * How many tokens of a text and of its pair are kept of `room`: the longer loses its end first ("longest
 * first" of `tokenizers`). Where both are cut to halves and one token is over, the text that was longer has
 * it, of two as long the second; transformers' tokenizers in Python give it to the first.
 */
export function shares(first: number, second: number, room: number): readonly [number, number] {
  if (first + second <= room) return [first, second];
  const [least, most] = first <= second ? [first, second] : [second, first];
  const rest = least > room ? least : Math.max(least, room - least);
  const half = Math.floor(room / 2);
  const [short, long] = least + Math.min(most, rest) > room ? [half, room - half] : [least, rest];
  return first <= second ? [short, long] : [long, short];
}
