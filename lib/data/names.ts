/**
 * Names that people write in files and settings: columns, labels, touches, stories, methods. They are
 * compared whatever the width of their characters and the spaces around them (ｷﾞｬｸﾞ is ギャグ) and shown as they
 * are.
 */
import { normalise } from "../../packages/tokenizer";
import { listed } from "../support/listed";

/** Equal for names that are the same. */
export const nameKey = (name: string): string => normalise(name).trim();

const SEPARATOR = /[\s,、，､]+/;

/** The parts of a list: between spaces or commas, or those of a JSON list. @throws for a broken JSON list */
function partsOf(list: string, setting: string): string[] {
  if (!/^\s*\[/.test(list)) return list.split(SEPARATOR).filter((part) => part !== "");
  try {
    const parts: unknown = JSON.parse(list);
    if (Array.isArray(parts) && parts.every((part) => ["string", "number"].includes(typeof part)))
      return parts.map(String);
  } catch {}
  throw new Error(
    `${setting}: ${list} begins as a JSON list of names does, such as ["a b", "c"], but is none`,
  );
}

/**
 * The names that a setting lists, as they stand in `known`, each once and in the setting's order.
 * @param setting its name, for messages
 * @throws with all parts that name nothing, and what there is
 */
export function namesOf<N extends string>(list: string, known: readonly N[], setting: string): N[] {
  const byKey = new Map(known.map((name) => [nameKey(name), name]));
  const parts = partsOf(list, setting);
  const unknown = parts.filter((part) => !byKey.has(nameKey(part)));
  if (unknown.length > 0) {
    const long = known.find((name) => SEPARATOR.test(name));
    const remedy =
      long === undefined ? "" : `. A name with spaces or commas goes into a JSON list: ["${long}"]`;
    throw new Error(`${setting}: there is no ${listed(unknown)}; there are ${listed(known)}${remedy}`);
  }
  return [...new Set(parts.map((part) => byKey.get(nameKey(part))!))];
}

/** The one name of `known` that a setting names, as it stands there. @throws with what there is */
export function nameOf<N extends string>(name: string, known: readonly N[], setting: string): N {
  const found = known.find((one) => nameKey(one) === nameKey(name));
  if (found === undefined)
    throw new Error(
      `${setting}${name.trim() ? `: there is no ${name}; there are` : " is empty: leave it out, or name one of"} ${listed(known)}`,
    );
  return found;
}
